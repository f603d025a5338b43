package framewright.warming;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import org.jspecify.annotations.Nullable;

/** One file that is to be in the caches, as whoever wants it asks for it. */
public sealed interface WarmFile {
    /**
     * A module of a program. It has one of the two ids at least.
     *
     * @param type {@link ObjectType#UNKNOWN}: any
     * @param codeFile its name, which some servers are asked by; null: nobody has told
     */
    record Module(
            ObjectType type,
            @Nullable DebugId debugId,
            @Nullable CodeId codeId,
            @Nullable String codeFile,
            @Nullable String debugFile)
            implements WarmFile {}

    /** A mapping of an obfuscated JVM program. */
    record Mapping(DebugId uuid) implements WarmFile {}

    /**
     * A minified script, and with it its map.
     *
     * @param url as its bundle names it
     * @param dist empty: any
     */
    record Script(String url, String release, String dist) implements WarmFile {}
}
