package framewright.sourcemap;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of a map in memory, a column of numbers each, ordered by generated position; about 20 bytes a mapping.
 * Only lines that have mappings take room: a section may start at line two thousand million.
 */
public final class MappingTable {
    private final int[] lineNumbers;
    private final int[] lineStarts;
    private final int[] generatedColumns;
    private final int[] sources;
    private final int[] lines;
    private final int[] columns;
    private final int[] names;
    private final BitSet ranges;

    private MappingTable(Builder builder) {
        lineNumbers = Arrays.copyOf(builder.lineNumbers, builder.lineCount);
        lineStarts = Arrays.copyOf(builder.lineStarts, builder.lineCount + 1);
        lineStarts[builder.lineCount] = builder.size;
        generatedColumns = builder.generatedColumns;
        sources = builder.sources;
        lines = builder.lines;
        columns = builder.columns;
        names = builder.names;
        ranges = builder.ranges;
    }

    /** How many mappings there are. */
    public int size() {
        return lineStarts[lineNumbers.length];
    }

    /**
     * The mapping that applies at a generated position: the greatest one not after it on the same line, or a range
     * mapping that reaches it from there or from an earlier line. Of several at exactly the position the first wins,
     * of several before it the last, as in the libraries that servers use.
     *
     * @return null where nothing applies; an unmapped one where the map says that the code has no original
     */
    public @Nullable Mapping lookup(int line, int column) {
        int row = line < 0 || column < 0 ? -1 : rowAt(line, column);
        return row < 0 ? null : row(row).at(line, column);
    }

    void forEach(MappingSink sink) {
        for (int l = 0; l < lineNumbers.length; l++) {
            for (int i = lineStarts[l]; i < lineStarts[l + 1]; i++) {
                sink.mapping(
                        lineNumbers[l], generatedColumns[i], sources[i], lines[i], columns[i], names[i], ranges.get(i));
            }
        }
    }

    private int rowAt(int line, int column) {
        int found = Arrays.binarySearch(lineNumbers, line);
        if (found < 0) {
            return lineStarts[-found - 1] - 1;
        }
        int start = lineStarts[found];
        int low = start;
        int high = lineStarts[found + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (generatedColumns[middle] < column) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < lineStarts[found + 1] && generatedColumns[low] == column ? low : low - 1;
    }

    private Mapping row(int row) {
        int found = Arrays.binarySearch(lineStarts, row);
        int line = found < 0 ? -found - 2 : found;
        return new Mapping(
                lineNumbers[line],
                generatedColumns[row],
                sources[row],
                lines[row],
                columns[row],
                names[row],
                ranges.get(row));
    }

    /** Collects mappings whose lines come in order; within a line they may not, and are sorted. */
    static final class Builder implements MappingSink {
        private int[] lineNumbers = new int[16];
        private int[] lineStarts = new int[17];
        private int lineCount;
        private final int[] generatedColumns;
        private final int[] sources;
        private final int[] lines;
        private final int[] columns;
        private final int[] names;
        private final BitSet ranges = new BitSet();
        private int size;

        /** With room for so many mappings and no more. */
        Builder(int capacity) {
            generatedColumns = new int[capacity];
            sources = new int[capacity];
            lines = new int[capacity];
            columns = new int[capacity];
            names = new int[capacity];
        }

        @Override
        public void mapping(
                int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range) {
            if (lineCount == 0 || lineNumbers[lineCount - 1] != generatedLine) {
                if (lineCount == lineNumbers.length) {
                    lineNumbers = Arrays.copyOf(lineNumbers, lineCount * 2);
                    lineStarts = Arrays.copyOf(lineStarts, lineCount * 2 + 1);
                }
                lineNumbers[lineCount] = generatedLine;
                lineStarts[lineCount++] = size;
            }
            generatedColumns[size] = generatedColumn;
            sources[size] = source;
            lines[size] = line;
            columns[size] = column;
            names[size] = name;
            if (range) {
                ranges.set(size);
            }
            size++;
        }

        MappingTable build() {
            for (int l = 0; l < lineCount; l++) {
                int end = l + 1 < lineCount ? lineStarts[l + 1] : size;
                if (!isSorted(lineStarts[l], end)) {
                    sort(lineStarts[l], end);
                }
            }
            return new MappingTable(this);
        }

        private boolean isSorted(int start, int end) {
            for (int i = start + 1; i < end; i++) {
                if (generatedColumns[i] < generatedColumns[i - 1]) {
                    return false;
                }
            }
            return true;
        }

        /** By column, mappings of one column in the order written: the index breaks ties. */
        private void sort(int start, int end) {
            long[] order = new long[end - start];
            for (int i = start; i < end; i++) {
                order[i - start] = (long) generatedColumns[i] << 32 | i;
            }
            Arrays.sort(order);
            for (int[] values : new int[][] {generatedColumns, sources, lines, columns, names}) {
                int[] before = Arrays.copyOfRange(values, start, end);
                for (int i = 0; i < order.length; i++) {
                    values[start + i] = before[(int) order[i] - start];
                }
            }
            BitSet before = ranges.get(start, end);
            for (int i = 0; i < order.length; i++) {
                ranges.set(start + i, before.get((int) order[i] - start));
            }
        }
    }
}
