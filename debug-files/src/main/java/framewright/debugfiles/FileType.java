package framewright.debugfiles;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A kind of file that a symbol store keeps for a module; sources are filtered by it. */
public enum FileType {
    PE,
    PDB,
    PORTABLEPDB,
    MACH_DEBUG,
    MACH_CODE,
    ELF_DEBUG,
    ELF_CODE,
    WASM_DEBUG,
    WASM_CODE,
    BREAKPAD,
    SOURCEBUNDLE,
    /** The plist in a dSYM that says under which id its symbol map is kept. */
    UUIDMAP,
    BCSYMBOLMAP,
    IL2CPP,
    /** A mapping of obfuscated JVM names, by ProGuard or R8. */
    PROGUARD,
    /** What the Dart compiler called things when it was told to obfuscate: a list of names and their replacements. */
    DARTSYMBOLMAP;

    private static final Map<String, FileType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FileType::wireName, Function.identity()));

    private static final List<FileType> ELF_TYPES = List.of(ELF_CODE, BREAKPAD, MACH_DEBUG, PDB, ELF_DEBUG);
    private static final List<FileType> MACHO_TYPES = List.of(MACH_CODE, BREAKPAD, MACH_DEBUG, PDB, ELF_DEBUG);
    private static final List<FileType> PE_TYPES = List.of(PE, BREAKPAD, MACH_DEBUG, PDB, ELF_DEBUG);
    private static final List<FileType> DOTNET_TYPES = List.of(PORTABLEPDB, PDB);
    private static final List<FileType> WASM_TYPES = List.of(WASM_CODE, WASM_DEBUG);
    private static final List<FileType> JVM_TYPES = List.of(PROGUARD);
    private static final List<FileType> JVM_SOURCE_TYPES = List.of(SOURCEBUNDLE);
    private static final List<FileType> OF_MODULES = Arrays.stream(values())
            .filter(type -> type != IL2CPP && type != DARTSYMBOLMAP)
            .toList();
    private static final List<FileType> SOURCE_TYPES = List.of(SOURCEBUNDLE, PORTABLEPDB, ELF_DEBUG, WASM_DEBUG);

    /** Kinds of files that may resolve the frames of such a module, or walk its stacks, in the order of preference. */
    public static List<FileType> ofModule(ObjectType type) {
        return switch (type) {
            case ELF -> ELF_TYPES;
            case MACHO -> MACHO_TYPES;
            case PE -> PE_TYPES;
            case PE_DOTNET -> DOTNET_TYPES;
            case WASM -> WASM_TYPES;
            case JVM -> JVM_TYPES;
            case UNKNOWN -> OF_MODULES;
        };
    }

    /** Kinds of files that may hold the source code of such a module, in the order of preference. */
    public static List<FileType> ofSources(ObjectType type) {
        return type == ObjectType.JVM ? JVM_SOURCE_TYPES : SOURCE_TYPES;
    }

    /** The type by its name in configuration files and requests; null for any other name. */
    public static @Nullable FileType of(String name) {
        return BY_NAME.get(name);
    }

    /** The name in configuration files and requests: {@code pe}, {@code mach_debug}, ... */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
