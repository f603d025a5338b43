package framewright.nativecode;

import framewright.api.FrameStatus;
import framewright.api.FrameTrust;
import framewright.api.JsonText;
import framewright.api.RawFrame;
import framewright.api.RawStacktrace;
import framewright.api.ResolvedFrame;
import framewright.api.SymbolFrame;
import framewright.api.SymbolicateRequest;
import framewright.plan.LookupPlan;
import framewright.plan.ModuleIndex;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames of the answer: one per function at an address, the innermost first, or the request's frame with the
 * reason why nothing was found.
 */
final class FrameAssembler {
    /** Where a program starts. Nothing calls it, so that what a stack walker finds beyond it is garbage. */
    private static final String START = "_start";

    private final SymbolicateRequest request;
    private final LookupPlan plan;
    private final FoundModules found;
    /** By module; null where it has no file name, or is not referenced. */
    private final @Nullable JsonText[] packages;

    private final boolean[] used;

    FrameAssembler(SymbolicateRequest request, LookupPlan plan, FoundModules found) {
        this.request = request;
        this.plan = plan;
        this.found = found;
        this.packages = new JsonText[found.size()];
        this.used = new boolean[found.size()];
        for (int module = 0; module < packages.length; module++) {
            if (plan.isReferenced(module)) {
                packages[module] =
                        JsonText.ofNullable(request.modules().get(module).codeFile());
            }
        }
    }

    /** Whether some frame of the answer points into the module. */
    boolean isUsed(int module) {
        return used[module];
    }

    ResolvedStack assemble(int stack) {
        RawStacktrace raw = request.stacktraces().get(stack);
        int count = raw.frames().size();
        ResolvedStack frames = new ResolvedStack(2 * count);
        for (int position = 0; position < count; position++) {
            add(frames, plan.firstFrame(stack) + position, position, position == count - 1);
        }
        return frames;
    }

    private void add(ResolvedStack frames, int frame, int position, boolean isOutermost) {
        int module = plan.moduleOf(frame);
        RawFrame raw = plan.raw(frame);
        if (module == ModuleIndex.NO_MODULE) {
            fail(frames, frame, position, FrameStatus.UNKNOWN_IMAGE, isOutermost);
            return;
        }
        switch (found.answer(module)) {
            case ModuleAnswer.Unavailable(FrameStatus status) -> fail(frames, frame, position, status, isOutermost);
            case ModuleAnswer.Places places -> {
                RawFrame completed = places.of(frame);
                if (completed == null) {
                    fail(frames, frame, position, FrameStatus.MISSING_SYMBOL, isOutermost);
                } else {
                    frames.add(
                            ResolvedFrame.echo(FrameStatus.SYMBOLICATED, position, completed, packages[module]),
                            module);
                    used[module] = true;
                }
            }
            case ModuleAnswer.Symbols symbols -> {
                long address = plan.address(frame);
                SymbolFrame[] group = symbols.at(address);
                if (address == LookupPlan.NO_ADDRESS || group.length == 0) {
                    fail(frames, frame, position, FrameStatus.MISSING_SYMBOL, isOutermost);
                } else {
                    resolve(frames, raw, position, module, address, group);
                }
            }
        }
    }

    private void resolve(
            ResolvedStack frames, RawFrame raw, int position, int module, long address, SymbolFrame[] group) {
        long imageAddr = request.modules().get(module).imageAddr();
        // an image at 0 has no absolute addresses to offer
        long relativeTo = imageAddr == 0 ? module : RawFrame.ABSOLUTE;
        for (SymbolFrame symbol : group) {
            frames.add(
                    new ResolvedFrame(
                            FrameStatus.SYMBOLICATED,
                            position,
                            raw,
                            symbol,
                            imageAddr + address,
                            relativeTo,
                            imageAddr,
                            packages[module],
                            null),
                    module);
        }
        used[module] = true;
    }

    private void fail(ResolvedStack frames, int frame, int position, FrameStatus status, boolean isOutermost) {
        RawFrame raw = plan.raw(frame);
        boolean pointsNowhere = status == FrameStatus.UNKNOWN_IMAGE || status == FrameStatus.MISSING_SYMBOL;
        if (raw.trust == FrameTrust.SCAN && pointsNowhere) {
            // the walker guessed an address from the stack's memory, and it is none
            return;
        }
        if (status == FrameStatus.UNKNOWN_IMAGE && isOutermost && START.equals(frames.outermostFunction())) {
            return;
        }
        int module = plan.moduleOf(frame);
        boolean hasModule = module != ModuleIndex.NO_MODULE;
        frames.add(ResolvedFrame.echo(status, position, raw, hasModule ? packages[module] : null), module);
        if (hasModule) {
            used[module] = true;
        }
    }
}
