package framewright.plan;

import framewright.api.RawFrame;
import framewright.api.RawStacktrace;
import org.jspecify.annotations.Nullable;

/**
 * From the address in a frame to the one to look up. A frame above the innermost holds the address to return to, which
 * may belong to the next line or even the next function; what is wanted lies in the call before it.
 */
final class CallerAddress {
    /** Signals that an instruction raises while it runs: SIGILL, SIGBUS as macOS counts, SIGSEGV. */
    private static final long SIGILL = 4;

    private static final long SIGBUS = 10;
    private static final long SIGSEGV = 11;

    /** Whether the address is one of a return. */
    enum Adjustment {
        YES,
        NO,
        /** Decide by the position in the stack. */
        AUTO
    }

    private CallerAddress() {}

    /** For the frames of a stack that do not say: where one does, its client knows, and means yes for the others. */
    static Adjustment ofStack(RawStacktrace stack) {
        for (RawFrame frame : stack.frames()) {
            if (frame.adjustInstructionAddr != null) {
                return Adjustment.YES;
            }
        }
        return Adjustment.AUTO;
    }

    static Adjustment ofFrame(RawFrame frame, Adjustment ofStack) {
        if (frame.adjustInstructionAddr == null) {
            return ofStack;
        }
        return frame.adjustInstructionAddr ? Adjustment.YES : Adjustment.NO;
    }

    /**
     * The absolute address to look up.
     *
     * @param address absolute
     * @param position in the stack, 0 for the innermost frame
     * @return 0, which lies in no image with an address of its own, where there is none before {@code address}
     */
    static long of(
            long address,
            CpuFamily cpu,
            Adjustment adjustment,
            int position,
            @Nullable Long signal,
            RawStacktrace stack) {
        long aligned = address - Long.remainderUnsigned(address, cpu.alignment);
        boolean previous = switch (adjustment) {
            case YES -> true;
            case NO -> false;
            case AUTO -> position != 0 || isReturnAddress(address, cpu, signal, stack);
        };
        if (!previous) {
            return aligned;
        }
        return Long.compareUnsigned(aligned, cpu.step) < 0 ? 0 : aligned - cpu.step;
    }

    /**
     * Some clients leave the crashing frame itself out, so that the innermost frame they send is a caller. That shows
     * where the crash was one of an instruction and the register that names it points elsewhere.
     */
    private static boolean isReturnAddress(long address, CpuFamily cpu, @Nullable Long signal, RawStacktrace stack) {
        if (signal == null || (signal != SIGILL && signal != SIGBUS && signal != SIGSEGV)) {
            return false;
        }
        Long pointer = cpu.instructionPointer == null ? null : stack.registers().get(cpu.instructionPointer);
        return pointer != null && pointer != address;
    }
}
