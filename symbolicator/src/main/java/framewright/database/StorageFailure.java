package framewright.database;

/** The database or the place of the blobs does not do what it is there for: full, gone, or it refuses us. */
public final class StorageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageFailure(String message, Throwable cause) {
        super(message, cause);
    }

    public StorageFailure(String message) {
        super(message);
    }
}
