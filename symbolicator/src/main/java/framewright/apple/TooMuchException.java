package framewright.apple;

/** A report holds more of something than any process has; ends the reading of it. */
final class TooMuchException extends RuntimeException {
    TooMuchException(String problem) {
        super(problem);
    }
}
