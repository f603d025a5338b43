package framewright.debugfiles;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a path in a store says of the module whose file lies there, the way back from {@link Layouts#paths}. Told are files that
 * resolve frames by themselves, where the path has the whole id: not portable PDBs, of whose id a symstore has a part, and
 * which look like build ids in the unified layout, nor programs of Windows, whose id is not that of their debug file.
 */
public final class PathIds {
    /** Of a UUID. */
    private static final int UUID_DIGITS = 32;

    /** Of a UUID with an age; with one more digit it is a build id of SHA-1. */
    private static final int LONGEST_WITH_AGE = 39;

    private static final String DOTNET_AGE = "ffffffff";

    private PathIds() {}

    /**
     * @param path relative, separated by {@code /}, in any case
     * @return of the type {@link ObjectType#UNKNOWN} where the path leaves it open; null: no path of this layout
     */
    public static @Nullable ObjectId of(Layout.Kind kind, String path) {
        String[] parts = path.split("/", -1);
        return switch (kind) {
            case NATIVE -> ofNative(path, parts);
            case SYMSTORE, SSQP -> ofSymstore(path);
            case SYMSTORE_INDEX2 -> ofSymstore(path.substring(path.indexOf('/') + 1));
            case DEBUGINFOD ->
                parts.length == 2 && isResolving(parts[1]) ? byCode(ObjectType.ELF, parts[0], null) : null;
            case UNIFIED ->
                parts.length == 3 && parts[0].length() == 2 ? ofUnified(parts[0] + parts[1], parts[2]) : null;
            case SLASHSYMBOLS ->
                parts.length == 3 && parts[2].equalsIgnoreCase("symbols")
                        ? byCode(ObjectType.UNKNOWN, parts[1], parts[0])
                        : null;
        };
    }

    private static boolean isResolving(String file) {
        return switch (file.toLowerCase(Locale.ROOT)) {
            case "executable", "executabl_", "debuginfo", "debuginf_" -> true;
            default -> false;
        };
    }

    private static @Nullable ObjectId ofUnified(String key, String file) {
        if (file.equalsIgnoreCase("proguard")) {
            return key.length() == UUID_DIGITS ? byDebugId(ObjectType.JVM, key, null) : null;
        }
        if (!isResolving(file) && !file.equalsIgnoreCase("breakpad")) {
            return null;
        }
        return key.length() > UUID_DIGITS && key.length() <= LONGEST_WITH_AGE
                ? byDebugId(ObjectType.PE, key, null)
                : byBuildId(key);
    }

    private static @Nullable ObjectId ofNative(String path, String[] parts) {
        return switch (parts.length) {
            case 2 -> parts[0].length() == 2 ? byBuildId(parts[0] + without(".debug", parts[1])) : null;
            case 3 -> {
                ObjectId breakpad = ofBreakpad(parts);
                yield breakpad == null ? ofSymstore(path) : breakpad;
            }
            case 6 -> {
                String digits = without(".app", String.join("", parts));
                boolean isSplit = path.matches("(?:[^/]{4}/){5}[^/]*");
                yield isSplit && digits.length() == UUID_DIGITS ? byDebugId(ObjectType.MACHO, digits, null) : null;
            }
            default -> null;
        };
    }

    private static @Nullable ObjectId ofBreakpad(String[] parts) {
        String file = without(".pdb", parts[0]) + ".sym";
        return parts[2].equalsIgnoreCase(file) && parts[1].length() > UUID_DIGITS
                ? byDebugId(ObjectType.UNKNOWN, parts[1], parts[0])
                : null;
    }

    private static @Nullable ObjectId ofSymstore(String path) {
        SymstorePath parsed = SymstorePath.parse(unpacked(path));
        if (parsed == null || parsed.type() == FileType.PE) {
            return null;
        }
        DebugId debugId = parsed.id().debugId();
        return debugId != null && debugId.age().equalsIgnoreCase(DOTNET_AGE) ? null : parsed.id();
    }

    /** With the last character that {@code makecab} has taken, which the folder's name still has. */
    private static String unpacked(String path) {
        int end = path.indexOf('/');
        return path.endsWith("_") && end > 0 ? path.substring(0, path.length() - 1) + path.charAt(end - 1) : path;
    }

    private static String without(String ending, String text) {
        int end = text.length() - ending.length();
        return end >= 0 && text.regionMatches(true, end, ending, 0, ending.length()) ? text.substring(0, end) : text;
    }

    /** Only ELF files have build ids that are no UUIDs. */
    private static @Nullable ObjectId byBuildId(String digits) {
        return byCode(digits.length() == UUID_DIGITS ? ObjectType.UNKNOWN : ObjectType.ELF, digits, null);
    }

    private static @Nullable ObjectId byCode(ObjectType type, String digits, @Nullable String name) {
        CodeId codeId = Hex.isHex(digits) ? CodeId.parse(digits) : null;
        return codeId == null ? null : new ObjectId(type, codeId, name, null, null, null);
    }

    private static @Nullable ObjectId byDebugId(ObjectType type, String digits, @Nullable String name) {
        DebugId debugId = Hex.isHex(digits) ? DebugId.parse(digits) : null;
        return debugId == null ? null : new ObjectId(type, null, null, debugId, name, null);
    }
}
