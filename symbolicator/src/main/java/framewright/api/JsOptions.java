package framewright.api;

/**
 * What a client wants besides resolved frames.
 *
 * @param applySourceContext the source lines around each frame
 * @param frameOrder of the request and the answer
 * @param explain what was tried for each frame; clients of the peer get it only by asking
 */
public record JsOptions(boolean applySourceContext, FrameOrder frameOrder, boolean explain) {
    public static final JsOptions DEFAULT = new JsOptions(true, FrameOrder.CALLER_FIRST, false);
}
