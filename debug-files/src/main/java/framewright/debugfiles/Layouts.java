package framewright.debugfiles;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a store keeps a file. Paths are relative, separated by {@code /}, not escaped, and never lead out of the
 * store: ids are hexadecimal and names are single, checked path parts.
 */
public final class Layouts {
    private Layouts() {}

    /**
     * Every path at which a store of this layout may keep the file, best first; empty where the module does not say
     * enough, or where the layout has no place for such files.
     *
     * <p>PE and PDB files may be compressed by {@code makecab}, which marks them by replacing the last character of
     * the name by {@code _}; that name is tried after the plain one.
     */
    public static List<String> paths(Layout layout, FileType type, ObjectId id) {
        boolean mayBeCompressed = type == FileType.PE || type == FileType.PDB;
        List<String> paths = new ArrayList<>(2);
        for (String plain : plainPaths(layout.kind(), type, id)) {
            String path = cased(plain, layout.casing());
            paths.add(path);
            if (mayBeCompressed) {
                paths.add(path.substring(0, path.offsetByCodePoints(path.length(), -1)) + "_");
            }
        }
        return List.copyOf(paths);
    }

    /**
     * The folders in which a store may keep what belongs to a script of JavaScript: that of the unified layout, and one
     * that is named by the id as tools for JavaScript write it.
     */
    public static List<String> scriptFolders(DebugId id) {
        String digits = id.simple();
        return List.of(digits.substring(0, 2) + "/" + digits.substring(2), id.toString());
    }

    private static List<String> plainPaths(Layout.Kind kind, FileType type, ObjectId id) {
        return switch (kind) {
            case NATIVE -> NativeLayout.paths(type, id);
            case SYMSTORE -> ofNullable(SymstoreLayout.path(type, id));
            case SYMSTORE_INDEX2 -> ofNullable(SymstoreLayout.index2Path(type, id));
            case SSQP -> ofNullable(SymstoreLayout.ssqpPath(type, id));
            case DEBUGINFOD -> ofNullable(debuginfodPath(type, id));
            case UNIFIED -> ofNullable(UnifiedLayout.path(type, id));
            case SLASHSYMBOLS -> slashSymbolsPaths(id);
        };
    }

    private static @Nullable String debuginfodPath(FileType type, ObjectId id) {
        CodeId codeId = id.codeId();
        if (codeId == null) {
            return null;
        }
        return switch (type) {
            case ELF_CODE -> codeId.hex() + "/executable";
            case ELF_DEBUG -> codeId.hex() + "/debuginfo";
            default -> null;
        };
    }

    /** Of unknown casing, hence both. */
    private static List<String> slashSymbolsPaths(ObjectId id) {
        String name = id.codeName();
        CodeId codeId = id.codeId();
        if (name == null || codeId == null) {
            return List.of();
        }
        String upper = name + "/" + Casing.upper(codeId.hex()) + "/symbols";
        String lower = name + "/" + codeId.hex() + "/symbols";
        return upper.equals(lower) ? List.of(upper) : List.of(upper, lower);
    }

    private static String cased(String path, Layout.Casing casing) {
        return switch (casing) {
            case DEFAULT -> path;
            case LOWERCASE -> Casing.lower(path);
            case UPPERCASE -> Casing.upper(path);
        };
    }

    static List<String> ofNullable(@Nullable String path) {
        return path == null ? List.of() : List.of(path);
    }
}
