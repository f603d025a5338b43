package framewright.debugfiles;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Microsoft's schemes: symstore, its two-level form, and the simple symbol query protocol (SSQP). */
final class SymstoreLayout {
    /** Portable PDBs hold a time stamp where others hold their age; stores put this in its place. */
    private static final String DOTNET_AGE = "ffffffff";

    private static final String SOURCES = ".src.zip";

    private SymstoreLayout() {}

    static @Nullable String path(FileType type, ObjectId id) {
        return switch (type) {
            case PE -> pe(id);
            case PDB, PORTABLEPDB -> pdb(id);
            case SOURCEBUNDLE -> id.type() == ObjectType.PE ? NativeLayout.withoutExtension(pdb(id), SOURCES) : null;
            default -> unixPath(type, id, false);
        };
    }

    /** The same below the first two characters of the name, or the first alone where the second ends a word. */
    static @Nullable String index2Path(FileType type, ObjectId id) {
        String path = path(type, id);
        if (path == null) {
            return null;
        }
        int second = path.offsetByCodePoints(0, 1);
        char c = path.charAt(second);
        int end = c == '/' || c == '.' ? second : path.offsetByCodePoints(second, 1);
        return path.substring(0, end) + "/" + path;
    }

    /** All in lower case, but for the age of a PDB. */
    static @Nullable String ssqpPath(FileType type, ObjectId id) {
        return switch (type) {
            case PE -> lower(pe(id));
            case PDB, PORTABLEPDB -> ssqpPdb(id);
            case SOURCEBUNDLE ->
                id.type() == ObjectType.PE ? NativeLayout.withoutExtension(ssqpPdb(id), SOURCES) : null;
            default -> unixPath(type, id, true);
        };
    }

    /** {@code <name>/<time stamp in upper case><image size in lower case>/<name>}. */
    static @Nullable String pe(ObjectId id) {
        String name = id.codeName();
        CodeId codeId = id.codeId();
        if (name == null || codeId == null) {
            return null;
        }
        String hex = codeId.hex();
        int stamp = Math.min(8, hex.length());
        return name + "/" + Casing.upper(hex.substring(0, stamp)) + hex.substring(stamp) + "/" + name;
    }

    /** {@code <name>/<UUID in upper case><age in lower case>/<name>}. */
    static @Nullable String pdb(ObjectId id) {
        String name = id.debugName();
        DebugId debugId = id.debugId();
        if (name == null || debugId == null) {
            return null;
        }
        return name + "/" + Casing.upper(debugId.simple()) + age(id, debugId) + "/" + name;
    }

    private static @Nullable String ssqpPdb(ObjectId id) {
        String name = id.debugName();
        DebugId debugId = id.debugId();
        if (name == null || debugId == null) {
            return null;
        }
        String lowerName = Casing.lower(name);
        return lowerName + "/" + debugId.simple() + Casing.upper(age(id, debugId)) + "/" + lowerName;
    }

    private static String age(ObjectId id, DebugId debugId) {
        return id.type() == ObjectType.PE_DOTNET ? DOTNET_AGE : debugId.age();
    }

    private static @Nullable String unixPath(FileType type, ObjectId id, boolean lower) {
        return switch (type) {
            case ELF_CODE -> named(id, "elf-buildid-", codeHex(id), lower);
            case ELF_DEBUG -> unnamed("_.debug", "elf-buildid-sym-", codeHex(id));
            case MACH_CODE -> named(id, "mach-uuid-", machHex(id), lower);
            case MACH_DEBUG -> unnamed("_.dwarf", "mach-uuid-sym-", machHex(id));
            default -> null;
        };
    }

    private static @Nullable String named(ObjectId id, String prefix, @Nullable String hex, boolean lower) {
        String name = lower ? lower(id.codeName()) : id.codeName();
        return name == null ? null : unnamed(name, prefix, hex);
    }

    private static @Nullable String unnamed(String name, String prefix, @Nullable String hex) {
        return hex == null ? null : name + "/" + prefix + hex + "/" + name;
    }

    private static @Nullable String codeHex(ObjectId id) {
        CodeId codeId = id.codeId();
        return codeId == null ? null : codeId.hex();
    }

    private static @Nullable String machHex(ObjectId id) {
        UUID uuid = id.machUuid();
        return uuid == null ? null : uuid.toString().replace("-", "");
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : Casing.lower(text);
    }
}
