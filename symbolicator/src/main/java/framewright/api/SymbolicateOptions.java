package framewright.api;

/**
 * What a client wants besides resolved frames.
 *
 * @param difCandidates every object file that was considered
 * @param applySourceContext the source lines around each frame
 * @param frameOrder of the request and the answer
 * @param extractVariables names and types of variables
 * @param causes why each module and candidate is as it is; the peer's clients compare answers to the letter, so that
 *     who wants to know asks
 */
public record SymbolicateOptions(
        boolean difCandidates,
        boolean applySourceContext,
        FrameOrder frameOrder,
        boolean extractVariables,
        boolean causes) {
    public static final SymbolicateOptions DEFAULT =
            new SymbolicateOptions(false, true, FrameOrder.CALLEE_FIRST, false, false);
}
