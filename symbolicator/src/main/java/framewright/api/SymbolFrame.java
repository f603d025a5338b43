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
 * @param generated the code that a compiler made of this line and that was compiled; null where the line itself was
 */
public record SymbolFrame(
        @Nullable JsonText language,
        @Nullable JsonText symbol,
        long symbolAddr,
        @Nullable JsonText function,
        @Nullable JsonText filename,
        @Nullable JsonText absPath,
        int line,
        @Nullable JsonText variables,
        @Nullable Generated generated) {
    public static final long NO_ADDRESS = -1;

    /**
     * A place in C++ that Unity's il2cpp has made of C#.
     *
     * @param line one-based, unsigned
     */
    public record Generated(JsonText absPath, int line) {}
}
