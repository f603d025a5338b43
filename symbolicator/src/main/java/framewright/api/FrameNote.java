package framewright.api;

/**
 * How a frame was found, and what would have found it more surely.
 *
 * @param code stable name in snake case
 * @param message a sentence
 */
public record FrameNote(String code, String message) {}
