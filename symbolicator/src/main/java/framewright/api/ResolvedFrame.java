package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * A frame of the answer. A frame of the request becomes one per inlined call and one for the function itself.
 *
 * @param originalIndex position of the request's frame in its stack, counted from the innermost
 * @param raw what the request said; sent back as far as {@code symbol} and {@code source} do not say better
 * @param symbol what was found; null where nothing was, or where {@code raw} was completed instead (.NET)
 * @param instructionAddr address that was looked up, unsigned
 * @param relativeTo module that it is relative to, or {@link RawFrame#ABSOLUTE}
 * @param imageAddr what to add to the symbol's address; 0 for an address that stays relative
 * @param packageName the module's file
 */
public record ResolvedFrame(
        FrameStatus status,
        int originalIndex,
        RawFrame raw,
        @Nullable SymbolFrame symbol,
        long instructionAddr,
        long relativeTo,
        long imageAddr,
        @Nullable JsonText packageName,
        @Nullable SourceLines source) {

    /** A frame that is sent back as it came, or as completed. */
    public static ResolvedFrame echo(
            FrameStatus status, int originalIndex, RawFrame raw, @Nullable JsonText packageName) {
        return new ResolvedFrame(
                status, originalIndex, raw, null, raw.instructionAddr, raw.relativeTo, 0, packageName, null);
    }

    public ResolvedFrame withSource(SourceLines lines) {
        return new ResolvedFrame(
                status, originalIndex, raw, symbol, instructionAddr, relativeTo, imageAddr, packageName, lines);
    }

    /** Full path of the source file. */
    public @Nullable String absPath() {
        return symbol != null && symbol.absPath() != null ? symbol.absPath().value() : raw.absPath;
    }

    /** One-based line, 0 or less where unknown. */
    public long line() {
        return symbol != null ? Integer.toUnsignedLong(symbol.line()) : raw.line;
    }

    /** The name for people. */
    public @Nullable String function() {
        return symbol != null && symbol.function() != null ? symbol.function().value() : raw.function;
    }
}
