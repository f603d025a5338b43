package framewright.sourcemap;

/**
 * A file is not a table that this version reads, or no longer one. Its owner deletes it and writes it again; the
 * message says what is wrong.
 */
public final class DamagedTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedTableException(String message) {
        super(message);
    }
}
