package framewright.sourcemap;

import java.util.Arrays;

/**
 * Where long strings of a document end, for who comes by twice: the contents of sources are most of a map, and all of it
 * is checked before any is read.
 */
final class PassedStrings {
    /** Shorter ones are gone through again as fast as they are found here. */
    private static final int LONG = 256;

    /** Opening quotes, ascending. */
    private int[] starts = new int[16];

    /** Offsets after the closing quotes, complemented where the string holds escapes. */
    private int[] ends = new int[16];

    private int size;

    /** The string found last; the next one is asked for most often. */
    private int cursor;

    /** The index of the string whose quote is at an offset; negative where it was not noted. */
    int find(int start) {
        if (size == 0 || start > starts[size - 1]) {
            return -1;
        }
        int next = cursor + 1;
        if (next < size && starts[next - 1] < start && start <= starts[next]) {
            if (starts[next] != start) {
                return -1;
            }
            cursor = next;
            return next;
        }
        int found = Arrays.binarySearch(starts, 0, size, start);
        cursor = found < 0 ? Math.max(-found - 2, 0) : found;
        return found;
    }

    int after(int index) {
        return ends[index] < 0 ? ~ends[index] : ends[index];
    }

    boolean isEscaped(int index) {
        return ends[index] < 0;
    }

    /** Notes a string, unless it is short or one behind it is noted. */
    void add(int start, int after, boolean escaped) {
        if (after - start < LONG || (size > 0 && start <= starts[size - 1])) {
            return;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        starts[size] = start;
        ends[size++] = escaped ? ~after : after;
    }
}
