package framewright.config;

/**
 * Something about a settings file that does not keep it from being used.
 *
 * @param line one-based
 * @param path of the key
 */
public record Note(Kind kind, int line, String path, String message) {
    public enum Kind {
        /** The key is not known here, so probably misspelt. */
        UNKNOWN_KEY,
        /** The key is known and changes nothing here. */
        NO_EFFECT
    }

    @Override
    public String toString() {
        return "line " + line + ": " + path + ": " + message;
    }
}
