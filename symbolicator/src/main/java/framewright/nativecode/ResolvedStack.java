package framewright.nativecode;

import framewright.api.FrameOrder;
import framewright.api.ResolvedFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stack of the answer while it is being made: its frames, innermost first, and the module of each. */
final class ResolvedStack {
    private final List<ResolvedFrame> frames;
    private int[] modules;

    /** @param expected how many frames there will be, roughly */
    ResolvedStack(int expected) {
        this.frames = new ArrayList<>(expected);
        this.modules = new int[expected + 1];
    }

    void add(ResolvedFrame frame, int module) {
        if (frames.size() == modules.length) {
            modules = Arrays.copyOf(modules, 2 * modules.length);
        }
        modules[frames.size()] = module;
        frames.add(frame);
    }

    /** Innermost first; its elements may be replaced. */
    List<ResolvedFrame> frames() {
        return frames;
    }

    /** Of the frame at a position, {@link framewright.plan.ModuleIndex#NO_MODULE} for none. */
    int module(int position) {
        return modules[position];
    }

    @Nullable
    String outermostFunction() {
        return frames.isEmpty() ? null : frames.getLast().function();
    }

    /** The frames as the client orders them. */
    List<ResolvedFrame> inOrder(FrameOrder order) {
        return order == FrameOrder.CALLER_FIRST ? frames.reversed() : frames;
    }
}
