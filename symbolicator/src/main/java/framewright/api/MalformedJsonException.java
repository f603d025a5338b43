package framewright.api;

/** The body is no JSON; answered with 400. */
public final class MalformedJsonException extends RuntimeException {
    private final int line;
    private final int column;

    /**
     * @param line one-based line of the first byte that does not fit, 0 where unknown
     * @param column one-based column there, 0 where unknown
     */
    MalformedJsonException(String problem, int line, int column) {
        super(line > 0 ? problem + " at line " + line + " column " + column : problem);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
