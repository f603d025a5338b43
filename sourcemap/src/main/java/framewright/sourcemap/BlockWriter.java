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
    private final ByteSink keys = new ByteSink(1 << 12);
    private final ByteSink starts = new ByteSink(1 << 12);
    private final ByteSink blocks = new ByteSink(1 << 16);
    private int count;

    /** Nibbles that are not in {@link #blocks} yet, low ones first, and how many bits they are: less than 64. */
    private long pending;

    private int pendingBits;

    private int previousLine;
    private int previousColumn;
    private int previousSource;
    private int previousOriginalLine;
    private int previousOriginalColumn;
    private int previousName;

    @Override
    public void mapping(
            int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range) {
        if (count++ % TableLayout.BLOCK_MAPPINGS == 0) {
            startBlock(generatedLine, generatedColumn);
        }
        int moved = generatedColumn - previousColumn;
        int flags = (name == Mapping.NONE ? 0 : NAMED)
                | (generatedLine == previousLine ? 0 : NEW_LINE)
                | (range ? RANGE : 0)
                | (source == Mapping.NONE ? UNMAPPED : originalFlags(source, line, column, moved));
        if (flags < NEW_LINE) {
            nibbles(flags, 4);
        } else {
            nibbles(flags | MORE, 8);
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

    /** Ends the last block, and gives all of them. */
    PackedMappings finish(int sourceCount, int nameCount) {
        fill();
        starts.putInt(blocks.size());
        return new PackedMappings(keys.segment(), starts.segment(), blocks.segment(), count, sourceCount, nameCount);
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
        previousLine = line;
        previousColumn = column;
        previousSource = 0;
        previousOriginalLine = 0;
        previousOriginalColumn = 0;
        previousName = 0;
    }

    /** Puts the pending nibbles in, as far as to the end of a byte. */
    private void fill() {
        int unused = Long.BYTES - (pendingBits + Byte.SIZE - 1) / Byte.SIZE;
        blocks.putLong(pending);
        blocks.drop(unused);
        pending = 0;
        pendingBits = 0;
    }

    /** Adds nibbles, low ones first: at most eleven, as many as a number of 32 bits takes. */
    private void nibbles(long nibbles, int bits) {
        pending |= nibbles << pendingBits;
        pendingBits += bits;
        if (pendingBits >= Long.SIZE) {
            blocks.putLong(pending);
            pendingBits -= Long.SIZE;
            pending = nibbles >>> (bits - pendingBits);
        }
    }

    private void number(int value) {
        if ((value & ~0x7) == 0) {
            nibbles(value, 4);
        } else if ((value & ~0x3F) == 0) {
            nibbles((value & 0x7) | 0x8 | (value & 0x38) << 1, 8);
        } else {
            large(value);
        }
    }

    private void large(int value) {
        long spread = 0;
        int bits = 0;
        int rest = value;
        while ((rest & ~0x7) != 0) {
            spread |= ((rest & 0x7L) | 0x8) << bits;
            bits += 4;
            rest >>>= 3;
        }
        nibbles(spread | (long) rest << bits, bits + 4);
    }

    /** A difference may wrap around; adding it does so as well. */
    private void difference(int value) {
        number((value << 1) ^ (value >> 31));
    }
}
