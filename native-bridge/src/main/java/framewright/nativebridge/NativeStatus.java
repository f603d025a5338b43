package framewright.nativebridge;

/** How a native call ended; mirrors the table in {@code rust/core/src/error.rs}, in the order of its numbers. */
public enum NativeStatus {
    OK,
    /** The file breaks the rules of its format. */
    MALFORMED,
    /** The file is sound, but of a kind that this operation cannot use. */
    UNSUPPORTED,
    /** What was asked for is not in the file. */
    NOT_FOUND,
    /** A stated bound (bytes, depth, count) was reached. */
    LIMIT,
    /** The local file system failed. */
    IO,
    /** The handle was closed before; a bug of the caller. */
    STALE_HANDLE,
    /** The native code panicked; a bug of ours, counted. */
    PANIC,
    /** An argument was not of the agreed form; a bug of the caller. */
    INVALID_ARGUMENT;

    private static final NativeStatus[] VALUES = values();

    static NativeStatus of(long number) {
        if (number < 0 || number >= VALUES.length) {
            throw new NativeException(PANIC, "native status " + number + " is unknown");
        }
        return VALUES[(int) number];
    }

    /** Whether only a bug can bring this about. */
    boolean isBug() {
        return this == STALE_HANDLE || this == PANIC || this == INVALID_ARGUMENT;
    }
}
