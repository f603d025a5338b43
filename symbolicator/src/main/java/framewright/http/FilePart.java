package framewright.http;

/**
 * Bytes of a file.
 *
 * @param file closed by whoever gets it
 * @param offset of the first
 * @param bytes how many
 */
public record FilePart(HeldFile file, long offset, long bytes) {}
