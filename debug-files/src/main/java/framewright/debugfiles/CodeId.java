package framewright.debugfiles;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a code file: the GNU build id of an ELF file, the UUID of a Mach-O file, time stamp and image size of a
 * PE file.
 *
 * @param hex lower-case hexadecimal digits, at least one
 */
public record CodeId(String hex) {
    /** Build ids of 64 bytes have been seen; what is longer than this names no file anywhere. */
    private static final int MAX_DIGITS = 256;

    /**
     * Keeps the hexadecimal digits of {@code text} in lower case and drops what stands between them, such as the
     * dashes of a UUID.
     *
     * @return null where no digit or too many are left
     */
    public static @Nullable CodeId parse(String text) {
        if (!text.isEmpty() && text.length() <= MAX_DIGITS && Hex.isLowerHex(text)) {
            return new CodeId(text);
        }
        StringBuilder hex = new StringBuilder(Math.min(text.length(), MAX_DIGITS));
        for (int i = 0; i < text.length(); i++) {
            if (Hex.isHex(text.charAt(i))) {
                if (hex.length() == MAX_DIGITS) {
                    return null;
                }
                hex.append(text.charAt(i));
            }
        }
        return hex.isEmpty() ? null : new CodeId(hex.toString().toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return hex;
    }
}
