package framewright.api;

/**
 * What a client wants besides resolved frames.
 *
 * @param difCandidates every object file that was considered
 * @param applySourceContext the source lines around each frame
 * @param frameOrder of the request and the answer
 * @param extractVariables names and types of variables
 */
public record SymbolicateOptions(
        boolean difCandidates, boolean applySourceContext, FrameOrder frameOrder, boolean extractVariables) {
    public static final SymbolicateOptions DEFAULT =
            new SymbolicateOptions(false, true, FrameOrder.CALLEE_FIRST, false);
}
