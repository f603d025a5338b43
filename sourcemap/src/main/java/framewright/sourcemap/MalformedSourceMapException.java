package framewright.sourcemap;

/** Ends the reading of a map; turned into a value at the module's doors and never seen outside. */
final class MalformedSourceMapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Violation violation;

    MalformedSourceMapException(Violation.Kind kind, String field, int offset) {
        this(new Violation(kind, field, offset));
    }

    MalformedSourceMapException(Violation violation) {
        // No stack trace: the place that matters is in the document, and hostile maps come by the thousand.
        super(violation.toString(), null, false, false);
        this.violation = violation;
    }

    Violation violation() {
        return violation;
    }
}
