package framewright.api;

/** Half a surrogate pair cannot be sent back as UTF-8, so a text that holds one is no text to begin with. */
final class Surrogates {
    private Surrogates() {}

    static boolean paired(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
