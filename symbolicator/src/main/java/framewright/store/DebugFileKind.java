package framewright.store;

import framewright.debugfiles.ObjectType;
import java.util.Locale;

/** What a debug file can be. Symbolicator knows them all; one kind more in a list, and it would take nothing of the list. */
public enum DebugFileKind {
    ELF(ObjectType.ELF, false),
    MACHO(ObjectType.MACHO, false),
    PE(ObjectType.PE, false),
    PDB(ObjectType.PE, false),
    PORTABLEPDB(ObjectType.PE_DOTNET, false),
    WASM(ObjectType.WASM, false),
    BREAKPAD(ObjectType.ELF, false),
    SOURCEBUNDLE(ObjectType.UNKNOWN, true),
    UUIDMAP(ObjectType.UNKNOWN, true),
    BCSYMBOLMAP(ObjectType.UNKNOWN, true),
    IL2CPP(ObjectType.UNKNOWN, true),
    PROGUARD(ObjectType.UNKNOWN, true),
    DARTSYMBOLMAP(ObjectType.UNKNOWN, true);

    private final ObjectType type;
    private final boolean nameless;

    DebugFileKind(ObjectType type, boolean nameless) {
        this.type = type;
        this.nameless = nameless;
    }

    /** @param name as {@link #wireName} gives it */
    public static DebugFileKind of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** As lists of Sentry's call it, and the tables. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of the modules that it is asked for; {@link ObjectType#UNKNOWN}: it is not asked for addresses. */
    public ObjectType type() {
        return type;
    }

    /** Whether files of it are called after their ids, or alike in all builds, so that names do not tell programs apart. */
    public boolean isNameless() {
        return nameless;
    }
}
