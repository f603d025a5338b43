package framewright.api;

import java.io.IOException;

/**
 * What the options of requests for managed code have in common.
 *
 * @param applySourceContext whether frames get the lines around them
 * @param frameOrder of the request and its answer
 * @param flag the one option that is of the request's kind alone
 */
record CommonOptions(boolean applySourceContext, FrameOrder frameOrder, boolean flag) {
    /**
     * Reads {@code options}.
     *
     * @param ifNull where a field, or all of it, is null or not there
     * @param flagName what the kind calls its own option
     */
    static CommonOptions read(JsonIn in, CommonOptions ifNull, String flagName) throws IOException {
        if (in.isNull()) {
            return ifNull;
        }
        boolean context = ifNull.applySourceContext;
        FrameOrder order = ifNull.frameOrder;
        boolean flag = ifNull.flag;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            if (name.equals("apply_source_context")) {
                context = in.flag(ifNull.applySourceContext);
            } else if (name.equals("frame_order")) {
                order = RequestReader.frameOrder(in, ifNull.frameOrder);
            } else if (name.equals(flagName)) {
                flag = in.flag(ifNull.flag);
            } else {
                in.skip();
            }
        }
        return new CommonOptions(context, order, flag);
    }
}
