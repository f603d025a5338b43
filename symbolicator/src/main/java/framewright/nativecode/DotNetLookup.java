package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.RawFrame;
import framewright.cache.OpenCache.Lease;
import framewright.nativebridge.FrameTable;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativeResult;
import framewright.objects.FoundObject;
import framewright.plan.LookupPlan;
import org.jspecify.annotations.Nullable;

/**
 * .NET frames: a method's row and an offset within its intermediate code lead to a place in the source. Names come from
 * the runtime, which knows them; there is no inlining to undo.
 */
final class DotNetLookup {
    private static final long U32 = 0xFFFF_FFFFL;

    private final DerivedFiles derived;

    DotNetLookup(DerivedFiles derived) {
        this.derived = derived;
    }

    Outcome<ModuleAnswer> look(LookupPlan plan, int module, FoundObject object) throws InterruptedException {
        return switch (derived.portablePdb(object)) {
            case Failed<Lease<OpenPortablePdb>>(Failure failure) -> Outcome.failed(failure);
            case Found<Lease<OpenPortablePdb>>(Lease<OpenPortablePdb> lease) -> {
                try (lease) {
                    yield ask(lease.value(), plan, plan.framesOf(module));
                }
            }
        };
    }

    private static Outcome<ModuleAnswer> ask(OpenPortablePdb pdb, LookupPlan plan, int[] frames) {
        long[] pairs = new long[2 * frames.length];
        for (int i = 0; i < frames.length; i++) {
            RawFrame raw = plan.raw(frames[i]);
            // both are 32 bits wide in a portable PDB; row 0 is never a method
            pairs[2 * i] = isUsable(raw) ? raw.functionId & U32 : 0;
            pairs[2 * i + 1] = raw.instructionAddr & U32;
        }
        return switch (pdb.table().lookup(pairs)) {
            case NativeResult.Failed<FrameTable>(NativeFailure failure) -> Outcome.failed(Failures.of(failure));
            case NativeResult.Ok<FrameTable>(FrameTable rows) -> {
                @Nullable RawFrame[] completed = new RawFrame[frames.length];
                for (int i = 0; i < frames.length; i++) {
                    RawFrame raw = plan.raw(frames[i]);
                    if (isUsable(raw) && rows.start(i) < rows.start(i + 1)) {
                        completed[i] = completed(raw, rows, rows.start(i));
                    }
                }
                yield Outcome.found(new ModuleAnswer.Places(frames, completed));
            }
        };
    }

    /** An offset means something only within a method, and relative to it. */
    private static boolean isUsable(RawFrame raw) {
        return raw.hasFunctionId && raw.relativeTo != RawFrame.ABSOLUTE;
    }

    private static RawFrame completed(RawFrame raw, FrameTable rows, int row) {
        RawFrame frame = raw.copy();
        String path = rows.path(row);
        if (path != null) {
            frame.absPath = path;
            frame.filename = TableFrames.fileName(path);
        }
        if (rows.language(row) != null) {
            frame.language = rows.language(row);
        }
        frame.line = Integer.toUnsignedLong(rows.line(row));
        return frame;
    }
}
