package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * One function at an address: the real one, or one that was inlined there. The same in every answer, hence made once
 * per address and kept.
 *
 * @param symbol the name as stored
 * @param symbolAddr start of the function relative to the image, unsigned; {@link #NO_ADDRESS} for an inlined one
 * @param function the name for people
 * @param filename last part of {@code absPath}
 * @param line one-based, unsigned, 0 where unknown
 * @param variables a JSON object of names to types
 */
public record SymbolFrame(
        @Nullable JsonText language,
        @Nullable JsonText symbol,
        long symbolAddr,
        @Nullable JsonText function,
        @Nullable JsonText filename,
        @Nullable JsonText absPath,
        int line,
        @Nullable JsonText variables) {
    public static final long NO_ADDRESS = -1;
}
