package framewright.api;

/** The body is JSON, but not of the agreed form; answered with 422. */
public final class InvalidRequestException extends RuntimeException {
    private final String path;

    /**
     * @param path where, as {@code $.stacktraces[0].frames[3].instruction_addr}
     * @param problem what is wrong and what was expected, without the client's values
     */
    InvalidRequestException(String path, String problem) {
        super(path + ": " + problem);
        this.path = path;
    }

    public String path() {
        return path;
    }
}
