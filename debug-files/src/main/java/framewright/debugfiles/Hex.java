package framewright.debugfiles;

import java.util.HexFormat;

/** ASCII hexadecimal digits; other scripts have digits too, which {@link Character#digit} would take. */
final class Hex {
    private Hex() {}

    static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isLowerHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isHex(c) || (c >= 'A' && c <= 'F')) {
                return false;
            }
        }
        return true;
    }
}
