package framewright.sourcemap;

import static framewright.sourcemap.TableLayout.COLUMN;
import static framewright.sourcemap.TableLayout.LINE;
import static framewright.sourcemap.TableLayout.MORE;
import static framewright.sourcemap.TableLayout.NAMED;
import static framewright.sourcemap.TableLayout.NEW_LINE;
import static framewright.sourcemap.TableLayout.RANGE;
import static framewright.sourcemap.TableLayout.SOURCE;
import static framewright.sourcemap.TableLayout.UNMAPPED;

/**
 * Packs mappings into blocks as {@link TableLayout} describes. They have to come in order of generated position; what
 * others leave behind is worth nothing, but harmless to throw away.
 */
final class BlockWriter implements MappingSink {
    final ByteSink keys = new ByteSink(1 << 12);
    final ByteSink starts = new ByteSink(1 << 12);
    final ByteSink blocks = new ByteSink(1 << 16);
    private int mappingCount;
    private int blockCount;
    /** The low half of the byte to come; -1 between bytes. */
    private int half = -1;

    private int previousLine;
    private int previousColumn;
    private int previousSource;
    private int previousOriginalLine;
    private int previousOriginalColumn;
    private int previousName;

    int mappingCount() {
        return mappingCount;
    }

    int blockCount() {
        return blockCount;
    }

    @Override
    public void mapping(
            int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range) {
        if (mappingCount++ % TableLayout.BLOCK_MAPPINGS == 0) {
            startBlock(generatedLine, generatedColumn);
        }
        int moved = generatedColumn - previousColumn;
        int flags = (name == Mapping.NONE ? 0 : NAMED)
                | (generatedLine == previousLine ? 0 : NEW_LINE)
                | (range ? RANGE : 0)
                | (source == Mapping.NONE ? UNMAPPED : originalFlags(source, line, column, moved));
        nibble((flags & 0x7) | (flags >>> 4 == 0 ? 0 : MORE));
        if (flags >>> 4 != 0) {
            nibble(flags >>> 4);
        }
        if ((flags & NEW_LINE) == 0) {
            number(moved);
        } else {
            number(generatedLine - previousLine);
            number(generatedColumn);
        }
        previousLine = generatedLine;
        previousColumn = generatedColumn;
        if ((flags & UNMAPPED) == 0) {
            original(flags, source, line, column);
        }
        if ((flags & NAMED) != 0) {
            difference(name - previousName);
            previousName = name;
        }
    }

    /** Ends the last block, and the list of their starts. */
    void finish() {
        fill();
        starts.putInt(blocks.size());
    }

    private int originalFlags(int source, int line, int column, int moved) {
        return (source == previousSource ? 0 : SOURCE)
                | (line == previousOriginalLine ? 0 : LINE)
                | (column - previousOriginalColumn == moved ? 0 : COLUMN);
    }

    private void original(int flags, int source, int line, int column) {
        if ((flags & SOURCE) != 0) {
            difference(source - previousSource);
            previousSource = source;
        }
        if ((flags & LINE) != 0) {
            difference(line - previousOriginalLine);
            previousOriginalLine = line;
        }
        if ((flags & COLUMN) != 0) {
            difference(column - previousOriginalColumn);
        }
        previousOriginalColumn = column;
    }

    private void startBlock(int line, int column) {
        fill();
        keys.putLong(MappingsDecoder.position(line, column));
        starts.putInt(blocks.size());
        blockCount++;
        previousLine = line;
        previousColumn = column;
        previousSource = 0;
        previousOriginalLine = 0;
        previousOriginalColumn = 0;
        previousName = 0;
    }

    private void fill() {
        if (half >= 0) {
            nibble(0);
        }
    }

    private void nibble(int value) {
        if (half < 0) {
            half = value;
        } else {
            blocks.put(half | value << 4);
            half = -1;
        }
    }

    private void number(int value) {
        int rest = value;
        while ((rest & ~0x7) != 0) {
            nibble((rest & 0x7) | 0x8);
            rest >>>= 3;
        }
        nibble(rest);
    }

    /** A difference may wrap around; adding it does so as well. */
    private void difference(int value) {
        number((value << 1) ^ (value >> 31));
    }
}
