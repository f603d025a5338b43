package framewright.debugfiles;

/** ASCII casing: that of other letters differs between the systems that made the names. */
final class Casing {
    private Casing() {}

    static String lower(String text) {
        return shift(text, 'A', 'Z', 'a' - 'A');
    }

    static String upper(String text) {
        return shift(text, 'a', 'z', 'A' - 'a');
    }

    private static String shift(String text, char first, char last, int by) {
        StringBuilder shifted = new StringBuilder(text);
        for (int i = 0; i < shifted.length(); i++) {
            char c = shifted.charAt(i);
            if (c >= first && c <= last) {
                shifted.setCharAt(i, (char) (c + by));
            }
        }
        return shifted.toString();
    }
}
