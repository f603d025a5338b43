package framewright.nativebridge;

/** A bug on either side of the boundary: a panic, a stale handle, a wrong argument, a library of another version. */
public final class NativeException extends RuntimeException {
    private final NativeStatus status;

    NativeException(NativeStatus status, String message) {
        super(message);
        this.status = status;
    }

    public NativeStatus status() {
        return status;
    }
}
