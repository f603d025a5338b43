package framewright.client;

/**
 * A file that is not sent or not taken.
 *
 * @param name where people find it
 * @param reason a sentence, with what to do about it
 */
public record LeftOut(String name, String reason) {}
