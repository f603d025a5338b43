package framewright.sourcemap;

/**
 * A JSON string inside its document, without the quotes.
 *
 * @param start offset of its first byte
 * @param end offset after its last byte
 * @param escaped whether it holds escapes, so that its bytes are not yet its text
 */
record Slice(int start, int end, boolean escaped) {}
