package framewright.uploads;

/** A file cannot be put together just now. */
final class LostPartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostPartException(String message) {
        super(message);
    }
}
