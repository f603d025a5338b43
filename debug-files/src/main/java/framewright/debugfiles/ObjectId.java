package framewright.debugfiles;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a module says of itself; whatever is absent narrows where its files can be looked for.
 *
 * @param codeFile path of the code file as the crashed system knew it
 * @param debugFile path of the debug file as the linker wrote it
 * @param debugChecksum checksum of the debug file, such as {@code SHA256:c0ffee}; sent along, never interpreted
 */
public record ObjectId(
        ObjectType type,
        @Nullable CodeId codeId,
        @Nullable String codeFile,
        @Nullable DebugId debugId,
        @Nullable String debugFile,
        @Nullable String debugChecksum) {

    /** Longest file name, in bytes of UTF-8, exclusive: what file systems take. */
    private static final int NAME_LIMIT = 256;

    /** Last part of the code file's path; null where there is none that could name a file. */
    @Nullable
    String codeName() {
        return name(codeFile);
    }

    /** Last part of the debug file's path; null where there is none that could name a file. */
    @Nullable
    String debugName() {
        return name(debugFile);
    }

    /** The UUID of a Mach-O module: its code id where that is one, else that of its debug id. */
    @Nullable
    UUID machUuid() {
        UUID uuid = codeId == null ? null : DebugId.uuid(codeId.hex());
        return uuid != null || debugId == null ? uuid : debugId.uuid();
    }

    /**
     * A crash may come from any system, hence both separators. The name becomes part of paths and URLs, hence no
     * control characters and no names that lead out of a folder.
     */
    private static @Nullable String name(@Nullable String path) {
        if (path == null) {
            return null;
        }
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..") || !fits(name)) {
            return null;
        }
        return name.codePoints().anyMatch(ObjectId::isUnusable) ? null : name;
    }

    private static boolean fits(String name) {
        // a char takes at least one byte, so that a huge name is not encoded only to be refused
        return name.length() < NAME_LIMIT && name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < NAME_LIMIT;
    }

    private static boolean isUnusable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }
}
