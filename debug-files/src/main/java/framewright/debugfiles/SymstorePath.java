package framewright.debugfiles;

import org.jspecify.annotations.Nullable;

/**
 * What a debugger asks a symbol server for: {@code name/signature/name}, the way back from
 * {@link Layout.Kind#SYMSTORE}.
 *
 * @param type the one kind of file that the path can mean
 */
public record SymstorePath(FileType type, ObjectId id) {
    /** @return null for any other form; the two names are compared without case */
    public static @Nullable SymstorePath parse(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 3 || parts[0].isEmpty() || !Casing.lower(parts[0]).equals(Casing.lower(parts[2]))) {
            return null;
        }
        String name = Casing.lower(parts[0]);
        String signature = Casing.lower(parts[1]);
        if (name.endsWith(".debug") && signature.startsWith("elf-buildid-sym-")) {
            return byCode(FileType.ELF_DEBUG, ObjectType.ELF, parts[0], signature.substring(16));
        }
        if (signature.startsWith("elf-buildid-")) {
            return byCode(FileType.ELF_CODE, ObjectType.ELF, parts[0], signature.substring(12));
        }
        if (name.endsWith(".dwarf") && signature.startsWith("mach-uuid-sym-")) {
            return byCode(FileType.MACH_DEBUG, ObjectType.MACHO, parts[0], signature.substring(14));
        }
        if (signature.startsWith("mach-uuid-")) {
            return byCode(FileType.MACH_CODE, ObjectType.MACHO, parts[0], signature.substring(10));
        }
        if (name.endsWith(".pdb")) {
            DebugId debugId = DebugId.parse(signature);
            return debugId == null
                    ? null
                    : new SymstorePath(FileType.PDB, new ObjectId(ObjectType.PE, null, null, debugId, parts[0], null));
        }
        return byCode(FileType.PE, ObjectType.PE, parts[0], signature);
    }

    private static @Nullable SymstorePath byCode(FileType type, ObjectType module, String name, String hex) {
        CodeId codeId = Hex.isHex(hex) ? CodeId.parse(hex) : null;
        return codeId == null ? null : new SymstorePath(type, new ObjectId(module, codeId, name, null, null, null));
    }
}
