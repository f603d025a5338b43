package framewright.debugfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Each platform's own convention: gdb's build-id folders, lldb's UUID folders, symstore for PDBs, Breakpad's. */
final class NativeLayout {
    private static final String SOURCES = ".src.zip";

    private NativeLayout() {}

    static List<String> paths(FileType type, ObjectId id) {
        return switch (type) {
            case ELF_CODE, WASM_CODE -> Layouts.ofNullable(gdb(id, ""));
            case ELF_DEBUG, WASM_DEBUG -> Layouts.ofNullable(gdb(id, ".debug"));
            case MACH_CODE -> Layouts.ofNullable(lldb(id, ".app"));
            case MACH_DEBUG -> Layouts.ofNullable(lldb(id, ""));
            case PE -> Layouts.ofNullable(SymstoreLayout.pe(id));
            case PDB, PORTABLEPDB -> Layouts.ofNullable(SymstoreLayout.pdb(id));
            case BREAKPAD -> Layouts.ofNullable(breakpad(id, ".sym"));
            case SOURCEBUNDLE -> sourceBundle(id);
            case UUIDMAP, BCSYMBOLMAP, IL2CPP, PROGUARD, DARTSYMBOLMAP -> List.of();
        };
    }

    /** Beside the debug file, and beside the Breakpad file for those who keep only these. */
    private static List<String> sourceBundle(ObjectId id) {
        String primary = switch (id.type()) {
            case ELF, WASM -> gdb(id, SOURCES);
            case MACHO -> lldb(id, SOURCES);
            case PE, PE_DOTNET -> withoutExtension(SymstoreLayout.pdb(id), SOURCES);
            case JVM, UNKNOWN -> null;
        };
        String secondary = breakpad(id, SOURCES);
        List<String> paths = new ArrayList<>(2);
        if (primary != null) {
            paths.add(primary);
        }
        if (secondary != null && !secondary.equals(primary)) {
            paths.add(secondary);
        }
        return paths;
    }

    /** {@code <first byte of the build id>/<the rest>}. */
    private static @Nullable String gdb(ObjectId id, String suffix) {
        CodeId codeId = id.codeId();
        return codeId == null ? null : split(codeId.hex(), suffix);
    }

    /** The id in two parts, after its first two digits; null where there is nothing to split. */
    static @Nullable String split(String id, String suffix) {
        return id.length() <= 2 ? null : id.substring(0, 2) + "/" + id.substring(2) + suffix;
    }

    /** {@code XXXX/XXXX/XXXX/XXXX/XXXX/XXXXXXXXXXXX}. */
    private static @Nullable String lldb(ObjectId id, String suffix) {
        UUID uuid = id.machUuid();
        if (uuid == null) {
            return null;
        }
        String digits = Casing.upper(uuid.toString().replace("-", ""));
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < 20; i += 4) {
            path.append(digits, i, i + 4).append('/');
        }
        return path.append(digits, 20, 32).append(suffix).toString();
    }

    /** {@code <name>/<id>/<name without .pdb><suffix>}; WebAssembly has no Breakpad files. */
    private static @Nullable String breakpad(ObjectId id, String suffix) {
        String name = id.debugName();
        DebugId debugId = id.debugId();
        if (name == null || debugId == null || id.type() == ObjectType.WASM) {
            return null;
        }
        return name + "/" + debugId.breakpad() + "/" + withoutPdb(name) + suffix;
    }

    private static String withoutPdb(String name) {
        return Casing.lower(name).endsWith(".pdb") ? name.substring(0, name.length() - 4) : name;
    }

    /** Replaces the extension of the path's last part; appends where it has none. */
    static @Nullable String withoutExtension(@Nullable String path, String suffix) {
        if (path == null) {
            return null;
        }
        int dot = path.lastIndexOf('.');
        return (dot > path.lastIndexOf('/') ? path.substring(0, dot) : path) + suffix;
    }
}
