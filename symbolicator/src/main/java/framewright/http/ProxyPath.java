package framewright.http;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code /proxy/name/signature/name} asks for, as debuggers ask a symbol server. */
record ProxyPath(FileType type, ObjectId object) {
    private static final String ELF_DEBUG = "elf-buildid-sym-";
    private static final String ELF_CODE = "elf-buildid-";
    private static final String MACH_DEBUG = "mach-uuid-sym-";
    private static final String MACH_CODE = "mach-uuid-";

    /**
     * @param rawPath behind {@code /proxy/}, with percent escapes
     * @return null where the path asks for nothing that could exist
     */
    static @Nullable ProxyPath parse(String rawPath) {
        String path = decode(rawPath);
        String[] parts = path == null ? new String[0] : path.split("/", -1);
        if (parts.length != 3 || parts[0].isEmpty() || !parts[0].equalsIgnoreCase(parts[2])) {
            return null;
        }
        return parse(parts[0], parts[1]);
    }

    private static @Nullable ProxyPath parse(String name, String anySignature) {
        String lower = name.toLowerCase(Locale.ROOT);
        String signature = anySignature.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".debug") && signature.startsWith(ELF_DEBUG)) {
            return byCode(FileType.ELF_DEBUG, ObjectType.ELF, name, signature.substring(ELF_DEBUG.length()));
        }
        if (signature.startsWith(ELF_CODE) && !signature.startsWith(ELF_DEBUG)) {
            return byCode(FileType.ELF_CODE, ObjectType.ELF, name, signature.substring(ELF_CODE.length()));
        }
        if (lower.endsWith(".dwarf") && signature.startsWith(MACH_DEBUG)) {
            return byCode(FileType.MACH_DEBUG, ObjectType.MACHO, name, signature.substring(MACH_DEBUG.length()));
        }
        if (signature.startsWith(MACH_CODE) && !signature.startsWith(MACH_DEBUG)) {
            return byCode(FileType.MACH_CODE, ObjectType.MACHO, name, signature.substring(MACH_CODE.length()));
        }
        if (lower.endsWith(".pdb")) {
            DebugId id = DebugId.parse(signature);
            return id == null
                    ? null
                    : new ProxyPath(FileType.PDB, new ObjectId(ObjectType.PE, null, null, id, name, null));
        }
        return byCode(FileType.PE, ObjectType.PE, name, signature);
    }

    private static @Nullable ProxyPath byCode(FileType type, ObjectType objectType, String name, String id) {
        CodeId code = CodeId.parse(id);
        return code == null ? null : new ProxyPath(type, new ObjectId(objectType, code, name, null, null, null));
    }

    /** Null where an escape is broken. A plus sign is a plus sign in a path. */
    private static @Nullable String decode(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
