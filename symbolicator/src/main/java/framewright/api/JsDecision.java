package framewright.api;

import java.util.List;

/**
 * Why a frame is as it is.
 *
 * @param steps what was tried, in order
 * @param verdict what explains the frame
 */
public record JsDecision(List<Finding> steps, Finding verdict) {
    public JsDecision {
        steps = List.copyOf(steps);
    }
}
