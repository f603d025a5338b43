package framewright.debugfiles;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a debugger asks a symbol server for: {@code name/signature/name}, the way back from
 * {@link Layout.Kind#SYMSTORE}.
 *
 * @param type the one kind of file that the path can mean
 */
public record SymstorePath(FileType type, ObjectId id) {
    private static final String ELF_DEBUG = "elf-buildid-sym-";
    private static final String ELF_CODE = "elf-buildid-";
    private static final String MACH_DEBUG = "mach-uuid-sym-";
    private static final String MACH_CODE = "mach-uuid-";

    /** @return null for any other form; the two names are compared without case */
    public static @Nullable SymstorePath parse(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 3 || parts[0].isEmpty() || !parts[0].equalsIgnoreCase(parts[2])) {
            return null;
        }
        return parse(parts[0], parts[1].toLowerCase(Locale.ROOT));
    }

    /** A signature that names its kind decides; any other is the name's to explain. */
    private static @Nullable SymstorePath parse(String name, String signature) {
        if (signature.startsWith(ELF_DEBUG)) {
            return byCode(FileType.ELF_DEBUG, ObjectType.ELF, name, signature.substring(ELF_DEBUG.length()));
        }
        if (signature.startsWith(ELF_CODE)) {
            return byCode(FileType.ELF_CODE, ObjectType.ELF, name, signature.substring(ELF_CODE.length()));
        }
        if (signature.startsWith(MACH_DEBUG)) {
            return byCode(FileType.MACH_DEBUG, ObjectType.MACHO, name, signature.substring(MACH_DEBUG.length()));
        }
        if (signature.startsWith(MACH_CODE)) {
            return byCode(FileType.MACH_CODE, ObjectType.MACHO, name, signature.substring(MACH_CODE.length()));
        }
        if (name.toLowerCase(Locale.ROOT).endsWith(".pdb")) {
            DebugId debugId = DebugId.parse(signature);
            return debugId == null
                    ? null
                    : new SymstorePath(FileType.PDB, new ObjectId(ObjectType.PE, null, null, debugId, name, null));
        }
        return byCode(FileType.PE, ObjectType.PE, name, signature);
    }

    /** Only of digits: a signature of another scheme has some too. */
    private static @Nullable SymstorePath byCode(FileType type, ObjectType module, String name, String text) {
        CodeId codeId = text.chars().allMatch(c -> Hex.isHex((char) c)) ? CodeId.parse(text) : null;
        return codeId == null ? null : new SymstorePath(type, new ObjectId(module, codeId, name, null, null, null));
    }
}
