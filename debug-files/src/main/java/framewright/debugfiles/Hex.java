package framewright.debugfiles;

/** ASCII hexadecimal digits; other scripts have digits too, which {@link Character#digit} would take. */
final class Hex {
    private Hex() {}

    static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
