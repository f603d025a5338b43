package framewright.plan;

import framewright.api.FrameOrder;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import framewright.api.SymbolicateRequest;
import java.util.Arrays;
import java.util.List;

/**
 * What has to be asked for a request. The frames of all stacks are numbered through, each stack from its innermost
 * frame; every frame belongs to at most one module. Once a module's table is open, and with it the CPU known,
 * {@link #batch} turns its frames into addresses.
 *
 * <p>Batches of different modules may be made by different threads.
 */
public final class LookupPlan {
    /** What {@link #address} gives where a frame points at nothing that could be looked up. */
    public static final long NO_ADDRESS = -1;

    private final SymbolicateRequest request;
    private final ModuleIndex index;
    /** Number of each stack's first frame, and of the one after the last. */
    private final int[] firstFrame;

    /** By stack, for its frames that do not say themselves. */
    private final CallerAddress.Adjustment[] adjustmentOf;

    private final int[] stackOf;
    private final int[] moduleOf;
    private final long[] addressOf;
    /** Numbers of the frames of each module, ascending. */
    private final int[][] framesOf;

    public LookupPlan(SymbolicateRequest request) {
        this.request = request;
        this.index = new ModuleIndex(request.modules());
        List<RawStacktrace> stacks = request.stacktraces();
        this.firstFrame = new int[stacks.size() + 1];
        this.adjustmentOf = new CallerAddress.Adjustment[stacks.size()];
        for (int stack = 0; stack < stacks.size(); stack++) {
            firstFrame[stack + 1] =
                    firstFrame[stack] + stacks.get(stack).frames().size();
            adjustmentOf[stack] = CallerAddress.ofStack(stacks.get(stack));
        }
        int frames = firstFrame[stacks.size()];
        this.stackOf = new int[frames];
        this.moduleOf = new int[frames];
        this.addressOf = new long[frames];
        Arrays.fill(addressOf, NO_ADDRESS);
        for (int stack = 0; stack < stacks.size(); stack++) {
            Arrays.fill(stackOf, firstFrame[stack], firstFrame[stack + 1], stack);
        }
        this.framesOf = assign();
    }

    private int[][] assign() {
        int[] counts = new int[index.size()];
        for (int frame = 0; frame < moduleOf.length; frame++) {
            moduleOf[frame] = find(raw(frame));
            if (moduleOf[frame] != ModuleIndex.NO_MODULE) {
                counts[moduleOf[frame]]++;
            }
        }
        int[][] lists = new int[index.size()][];
        Arrays.setAll(lists, module -> new int[counts[module]]);
        int[] filled = new int[index.size()];
        for (int frame = 0; frame < moduleOf.length; frame++) {
            int module = moduleOf[frame];
            if (module != ModuleIndex.NO_MODULE) {
                lists[module][filled[module]++] = frame;
            }
        }
        return lists;
    }

    private int find(RawFrame frame) {
        if (frame.relativeTo == RawFrame.ABSOLUTE) {
            return index.find(frame.instructionAddr);
        }
        return frame.relativeTo < index.size() ? (int) frame.relativeTo : ModuleIndex.NO_MODULE;
    }

    public ModuleIndex modules() {
        return index;
    }

    /** Whether some frame points into the module. */
    public boolean isReferenced(int module) {
        return framesOf[module].length > 0;
    }

    /** Number of a stack's innermost frame. */
    public int firstFrame(int stack) {
        return firstFrame[stack];
    }

    /** The frames of the module, ascending; not to be changed. */
    public int[] framesOf(int module) {
        return framesOf[module];
    }

    /** {@link ModuleIndex#NO_MODULE} where the frame points into none. */
    public int moduleOf(int frame) {
        return moduleOf[frame];
    }

    /** The frame as the request has it. */
    public RawFrame raw(int frame) {
        int stack = stackOf[frame];
        List<RawFrame> frames = request.stacktraces().get(stack).frames();
        int position = frame - firstFrame[stack];
        return frames.get(
                request.options().frameOrder() == FrameOrder.CALLER_FIRST ? frames.size() - 1 - position : position);
    }

    /** What {@link #batch} found to look up for the frame, relative to its module, or {@link #NO_ADDRESS}. */
    public long address(int frame) {
        return addressOf[frame];
    }

    /**
     * Decides for each frame of the module which address to look up.
     *
     * @param arch of the module's debug file
     * @return the addresses relative to the module, each once, ascending as signed numbers
     */
    public long[] batch(int module, String arch) {
        CpuFamily cpu = CpuFamily.of(arch);
        RawModule image = request.modules().get(module);
        int[] frames = framesOf[module];
        long[] addresses = new long[frames.length];
        int count = 0;
        for (int frame : frames) {
            long address = relative(frame, image, cpu);
            addressOf[frame] = address;
            if (address != NO_ADDRESS) {
                addresses[count++] = address;
            }
        }
        Arrays.sort(addresses, 0, count);
        int unique = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || addresses[i] != addresses[i - 1]) {
                addresses[unique++] = addresses[i];
            }
        }
        return Arrays.copyOf(addresses, unique);
    }

    private long relative(int frame, RawModule image, CpuFamily cpu) {
        RawFrame raw = raw(frame);
        long start = image.imageAddr();
        boolean isAbsolute = raw.relativeTo == RawFrame.ABSOLUTE;
        if (start == 0) {
            // an image without an address of its own: only relative frames mean something, and mean it exactly
            return isAbsolute ? NO_ADDRESS : raw.instructionAddr;
        }
        long absolute = isAbsolute ? raw.instructionAddr : start + raw.instructionAddr;
        if (Long.compareUnsigned(absolute, start) < 0) {
            // past the end of the address space, so that no rule for absolute addresses applies
            return raw.instructionAddr;
        }
        int stack = stackOf[frame];
        long lookedUp = CallerAddress.of(
                absolute,
                cpu,
                CallerAddress.ofFrame(raw, adjustmentOf[stack]),
                frame - firstFrame[stack],
                request.signal(),
                request.stacktraces().get(stack));
        if (Long.compareUnsigned(lookedUp, start) < 0) {
            return NO_ADDRESS;
        }
        return lookedUp - start;
    }
}
