package framewright.sourcemap;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Puts mappings whose columns are out of order within their lines into order, in memory: a column of numbers each, 20
 * bytes a mapping. The lines themselves have to come in order.
 */
final class MappingSorter implements MappingSink {
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
    MappingSorter(int capacity) {
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

    /** Hands all of them on, by line and column; those of one position stay in the order in which they came. */
    void forEachInOrder(MappingSink sink) {
        lineStarts[lineCount] = size;
        for (int l = 0; l < lineCount; l++) {
            sort(lineStarts[l], lineStarts[l + 1]);
            for (int i = lineStarts[l]; i < lineStarts[l + 1]; i++) {
                sink.mapping(
                        lineNumbers[l], generatedColumns[i], sources[i], lines[i], columns[i], names[i], ranges.get(i));
            }
        }
    }

    /** The index breaks ties. */
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
