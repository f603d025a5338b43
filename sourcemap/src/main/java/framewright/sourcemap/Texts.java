package framewright.sourcemap;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A list of JSON strings and nulls that stay in their document until one is asked for. */
final class Texts {
    private static final int ABSENT = -1;

    private final byte[] document;
    private int[] starts = new int[16];
    /** Ends of the strings, complemented where the string holds escapes. */
    private int[] ends = new int[16];

    private int size;

    Texts(byte[] document) {
        this.document = document;
    }

    int size() {
        return size;
    }

    void add(Slice slice) {
        add(slice.start(), slice.escaped() ? ~slice.end() : slice.end());
    }

    void addAbsent() {
        add(ABSENT, 0);
    }

    /** Cuts the list, or fills it up with absent texts. */
    void resize(int wanted) {
        while (size < wanted) {
            addAbsent();
        }
        size = wanted;
    }

    boolean isPresent(int index) {
        return starts[Objects.checkIndex(index, size)] != ABSENT;
    }

    /** The text at an index; null where it is absent. */
    @Nullable
    String get(int index) {
        return isPresent(index) ? JsonText.string(document, starts[index], end(index), ends[index] < 0) : null;
    }

    /** Adds the UTF-8 of a text that is present to a sink. */
    void write(int index, ByteSink out) {
        if (ends[index] < 0) {
            JsonText.unescape(document, starts[index], end(index), out);
        } else {
            out.put(document, starts[index], ends[index] - starts[index]);
        }
    }

    /** How many bytes {@link #write} adds at most. */
    int maxBytes(int index) {
        return isPresent(index) ? end(index) - starts[index] : 0;
    }

    private int end(int index) {
        return ends[index] < 0 ? ~ends[index] : ends[index];
    }

    private void add(int start, int end) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        starts[size] = start;
        ends[size++] = end;
    }
}
