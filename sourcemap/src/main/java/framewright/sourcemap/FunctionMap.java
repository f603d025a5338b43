package framewright.sourcemap;

import java.util.Arrays;
import java.util.List;

/**
 * The functions of one source, flattened: from each row's original position to the next row's the innermost function
 * is the row's. Both Metro's function maps and trees of original scopes come down to this.
 */
final class FunctionMap {
    /** Name of a row where no function is, or none that the map knows. */
    static final int UNKNOWN = -1;

    /** Name of a row in a function without a name. */
    static final int ANONYMOUS = -2;

    private final long[] positions;
    private final int[] nameIndexes;
    private final List<String> names;

    private FunctionMap(long[] positions, int[] nameIndexes, List<String> names) {
        this.positions = positions;
        this.nameIndexes = nameIndexes;
        this.names = names;
    }

    int size() {
        return positions.length;
    }

    int line(int row) {
        return (int) (positions[row] >>> 32);
    }

    int column(int row) {
        return (int) positions[row];
    }

    /** Index into {@link #names}, {@link #UNKNOWN} or {@link #ANONYMOUS}. */
    int name(int row) {
        return nameIndexes[row];
    }

    List<String> names() {
        return names;
    }

    /** The function around a position; of several rows at one position the last counts. */
    FunctionName at(int line, int column) {
        long position = MappingsDecoder.position(line, column);
        int low = 0;
        int high = positions.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int name = low == 0 ? UNKNOWN : nameIndexes[low - 1];
        return switch (name) {
            case UNKNOWN -> new FunctionName.Unknown();
            case ANONYMOUS -> new FunctionName.Anonymous();
            default -> new FunctionName.Named(names.get(name));
        };
    }

    /** Collects rows in any order. */
    static final class Builder {
        private final List<String> names;
        private long[] positions = new long[16];
        private int[] nameIndexes = new int[16];
        private int size;

        Builder(List<String> names) {
            this.names = List.copyOf(names);
        }

        /** Line and column from 0; the name as {@link FunctionMap#name} gives it, and in range. */
        void row(int line, int column, int name) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, size * 2);
                nameIndexes = Arrays.copyOf(nameIndexes, size * 2);
            }
            positions[size] = MappingsDecoder.position(line, column);
            nameIndexes[size++] = name;
        }

        FunctionMap build() {
            long[] sorted = Arrays.copyOf(positions, size);
            int[] sortedNames = Arrays.copyOf(nameIndexes, size);
            for (int i = 1; i < size; i++) {
                if (sorted[i] < sorted[i - 1]) {
                    sort(sorted, sortedNames);
                    break;
                }
            }
            return new FunctionMap(sorted, sortedNames, names);
        }

        private void sort(long[] sorted, int[] sortedNames) {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Long.compare(positions[a], positions[b]));
            for (int i = 0; i < size; i++) {
                sorted[i] = positions[order[i]];
                sortedNames[i] = nameIndexes[order[i]];
            }
        }
    }
}
