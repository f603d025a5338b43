package framewright.plan;

import framewright.api.RawModule;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the module that an address falls in. Modules are ordered by where they are loaded; one that does not say its
 * size reaches to the next, the last one without end.
 */
public final class ModuleIndex {
    public static final int NO_MODULE = -1;

    /** Ordered by address, unsigned; of equal addresses in the order of the request. */
    private final long[] starts;

    private final long[] sizes;
    private final int[] modules;
    /** In the order of the request. */
    private final @Nullable Long[] reportedSizes;

    public ModuleIndex(List<RawModule> request) {
        int count = request.size();
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (a, b) -> Long.compareUnsigned(
                        request.get(a).imageAddr(), request.get(b).imageAddr()));
        this.starts = new long[count];
        this.sizes = new long[count];
        this.modules = new int[count];
        this.reportedSizes = new Long[count];
        for (int i = 0; i < count; i++) {
            modules[i] = order[i];
            starts[i] = request.get(order[i]).imageAddr();
        }
        for (int i = 0; i < count; i++) {
            Long size = request.get(modules[i]).imageSize();
            if ((size == null || size == 0) && i + 1 < count) {
                size = starts[i + 1] - starts[i];
            }
            sizes[i] = size == null ? 0 : size;
            reportedSizes[modules[i]] = size;
        }
    }

    /** How many modules there are. */
    public int size() {
        return modules.length;
    }

    /** What to report as the size of a module: its own, else the distance to the next, else null. */
    public @Nullable Long imageSize(int module) {
        return reportedSizes[module];
    }

    /**
     * The module of the greatest start not above {@code address}, as its position in the request. The address right
     * after a module's end still counts as within: it is where a call at the very end returns to.
     *
     * @param address absolute, unsigned
     * @return {@link #NO_MODULE} where there is none
     */
    public int find(long address) {
        int last = lastNotAbove(address);
        if (last < 0) {
            return NO_MODULE;
        }
        long end = starts[last] + sizes[last];
        boolean overflows = Long.compareUnsigned(end, starts[last]) < 0;
        if (overflows || (sizes[last] != 0 && Long.compareUnsigned(end, address) < 0)) {
            return NO_MODULE;
        }
        return modules[last];
    }

    private int lastNotAbove(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(starts[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
