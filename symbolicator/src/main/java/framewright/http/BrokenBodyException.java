package framewright.http;

/** The body breaks off, or its framing or compression is broken; nothing after it can be trusted. */
final class BrokenBodyException extends RuntimeException {
    BrokenBodyException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
