package framewright.api;

/** HTTP statuses within the sentences of failures: {@code 503 Service Unavailable}. */
final class HttpStatus {
    private HttpStatus() {}

    /** The status that the text begins with; 0 where it begins with none. */
    static int in(String text) {
        boolean begins = text.length() > 3
                && text.charAt(3) == ' '
                && text.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9');
        return begins ? Integer.parseInt(text, 0, 3, 10) : 0;
    }
}
