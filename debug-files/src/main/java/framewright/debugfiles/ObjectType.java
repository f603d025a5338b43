package framewright.debugfiles;

/** What kind of module a crash talks of. */
public enum ObjectType {
    ELF,
    MACHO,
    PE,
    /** A .NET assembly, whose debug file is a portable PDB. */
    PE_DOTNET,
    WASM,
    /** A JVM program, whose names a ProGuard or R8 mapping restores. Requests for native code do not name it. */
    JVM,
    UNKNOWN;

    /** The type by its name in requests ({@code elf}, {@code pe_dotnet}, ...); any other name is {@link #UNKNOWN}. */
    public static ObjectType of(String name) {
        return switch (name) {
            case "elf" -> ELF;
            case "macho" -> MACHO;
            case "pe" -> PE;
            case "pe_dotnet" -> PE_DOTNET;
            case "wasm" -> WASM;
            default -> UNKNOWN;
        };
    }

    /** The name in requests and answers. */
    public String wireName() {
        return switch (this) {
            case ELF -> "elf";
            case MACHO -> "macho";
            case PE -> "pe";
            case PE_DOTNET -> "pe_dotnet";
            case WASM -> "wasm";
            case JVM -> "jvm";
            case UNKNOWN -> "unknown";
        };
    }
}
