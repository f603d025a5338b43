package framewright.debugfiles;

import org.jspecify.annotations.Nullable;

/** {@code <first two digits of the id>/<the rest>/<kind of file>}: one scheme for all formats. */
final class UnifiedLayout {
    private UnifiedLayout() {}

    static @Nullable String path(FileType type, ObjectId id) {
        String suffix = suffix(type);
        String key = suffix == null ? null : key(type, id);
        return key == null ? null : NativeLayout.split(key, "/" + suffix);
    }

    private static @Nullable String suffix(FileType type) {
        return switch (type) {
            case PE, MACH_CODE, ELF_CODE, WASM_CODE -> "executable";
            case PDB, PORTABLEPDB, MACH_DEBUG, ELF_DEBUG, WASM_DEBUG -> "debuginfo";
            case BREAKPAD -> "breakpad";
            case SOURCEBUNDLE -> "sourcebundle";
            case UUIDMAP -> "uuidmap";
            case BCSYMBOLMAP -> "bcsymbolmap";
            case IL2CPP -> "il2cpp";
            case PROGUARD -> "proguard";
            case DARTSYMBOLMAP -> "dartsymbolmap";
        };
    }

    private static @Nullable String key(FileType type, ObjectId id) {
        return switch (type) {
            case ELF_CODE, ELF_DEBUG -> codeHex(id);
            case MACH_CODE, MACH_DEBUG, WASM_CODE, WASM_DEBUG, UUIDMAP, BCSYMBOLMAP -> codeHexOrUuid(id);
            case PE, PDB, PORTABLEPDB -> breakpad(id);
            case BREAKPAD, SOURCEBUNDLE, IL2CPP, DARTSYMBOLMAP -> keyOfModule(id);
            case PROGUARD -> id.type() == ObjectType.JVM ? uuidOrCodeHex(id) : null;
        };
    }

    /** Files of several platforms go with the module that they belong to. */
    private static @Nullable String keyOfModule(ObjectId id) {
        return switch (id.type()) {
            case ELF -> codeHex(id);
            case MACHO, WASM -> codeHexOrUuid(id);
            case PE, PE_DOTNET -> breakpad(id);
            case JVM -> uuidOrCodeHex(id);
            case UNKNOWN -> null;
        };
    }

    private static @Nullable String codeHex(ObjectId id) {
        CodeId codeId = id.codeId();
        return codeId == null ? null : codeId.hex();
    }

    private static @Nullable String codeHexOrUuid(ObjectId id) {
        String hex = codeHex(id);
        DebugId debugId = id.debugId();
        return hex != null || debugId == null ? hex : debugId.simple();
    }

    /** The uuid of a mapping; else the id that R8 wrote into it. */
    private static @Nullable String uuidOrCodeHex(ObjectId id) {
        DebugId debugId = id.debugId();
        return debugId == null ? codeHex(id) : debugId.simple();
    }

    private static @Nullable String breakpad(ObjectId id) {
        DebugId debugId = id.debugId();
        return debugId == null ? null : Casing.lower(debugId.breakpad());
    }
}
