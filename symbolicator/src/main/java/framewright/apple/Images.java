package framewright.apple;

import framewright.api.RawModule;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What reports say of images and of the CPU. */
final class Images {
    private Images() {}

    /**
     * An image as a module, which Apple's are found by their UUID alone.
     *
     * @param uuid with or without dashes; one that cannot be read is none
     * @param size null or 0: not told
     */
    static RawModule module(String uuid, String path, long address, @Nullable Long size) {
        DebugId id = DebugId.parse(uuid.strip());
        CodeId code = id == null ? null : CodeId.parse(id.simple());
        String file = path.isEmpty() ? null : path;
        return new RawModule(
                ObjectType.MACHO, code, file, id, file, null, address, size == null || size == 0 ? null : size);
    }

    /** The architecture that a {@code Code Type} names: {@code X86-64 (Native)}; null where it names none. */
    static @Nullable String archOfCodeType(String codeType) {
        String word =
                codeType.strip().split("[ (]", 2)[0].toLowerCase(Locale.ROOT).replace('-', '_');
        return switch (word) {
            case "arm_64", "arm64" -> "arm64";
            case "x86_64", "x86", "arm", "ppc", "ppc64" -> word;
            case "i386" -> "x86";
            default -> isArch(word) ? word : null;
        };
    }

    /** Whether a word names an architecture of Apple's: {@code arm64e}, {@code x86_64h}. */
    static boolean isArch(String word) {
        return switch (word) {
            case "i386", "x86", "x86_64", "x86_64h", "arm64", "arm64e", "arm64v8", "arm64_32", "ppc", "ppc64" -> true;
            default -> word.startsWith("armv") && word.length() <= 7;
        };
    }
}
