package framewright.sourcemap;

import static framewright.sourcemap.TableLayout.BLOCK_MAPPINGS;
import static framewright.sourcemap.TableLayout.HAS_LINE;
import static framewright.sourcemap.TableLayout.HAS_NEW_LINE;
import static framewright.sourcemap.TableLayout.HAS_SOURCE;
import static framewright.sourcemap.TableLayout.IS_MAPPED;
import static framewright.sourcemap.TableLayout.IS_NAMED;
import static framewright.sourcemap.TableLayout.IS_RANGE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Reads the mappings of one block in order, as far as a position; see {@link TableLayout}. */
final class BlockReader {
    private final MemorySegment blocks;
    private final long end;
    private long at;
    private int left;
    private int generatedLine;
    private int generatedColumn;
    private int source;
    private int line;
    private int column;
    private int name;
    private int flags;

    BlockReader(TableFile file, int block) {
        blocks = file.section(TableLayout.BLOCKS);
        at = Integer.toUnsignedLong(file.integer(TableLayout.BLOCK_STARTS, (long) block * Integer.BYTES));
        end = Integer.toUnsignedLong(file.integer(TableLayout.BLOCK_STARTS, (block + 1L) * Integer.BYTES));
        TableFile.check(end <= blocks.byteSize(), "block outside of the section");
        left = Math.min(BLOCK_MAPPINGS, file.mappings() - block * BLOCK_MAPPINGS);
        long key = file.longInteger(TableLayout.BLOCK_KEYS, (long) block * Long.BYTES);
        generatedLine = (int) (key >>> 32);
        generatedColumn = (int) key;
    }

    /**
     * Moves to the mapping that applies at a position, as {@link SourceLookup#lookup} defines it, among those of the
     * block; the first one must not be after the position.
     */
    Mapping seek(long position) {
        boolean before = true;
        while (left > 0 && before) {
            long mark = at;
            int nextFlags = next() & 0xFF;
            int nextLine = generatedLine;
            int nextColumn = generatedColumn;
            if ((nextFlags & HAS_NEW_LINE) != 0) {
                nextLine += varint();
                nextColumn = varint();
            } else {
                nextColumn += varint();
            }
            long key = MappingsDecoder.position(nextLine, nextColumn);
            if (key > position) {
                at = mark;
                break;
            }
            before = key < position;
            flags = nextFlags;
            generatedLine = nextLine;
            generatedColumn = nextColumn;
            fields();
            left--;
        }
        return mapping();
    }

    private void fields() {
        if ((flags & IS_MAPPED) != 0) {
            if ((flags & HAS_SOURCE) != 0) {
                source += zigzag();
            }
            if ((flags & HAS_LINE) != 0) {
                line += zigzag();
            }
            column += zigzag();
        }
        if ((flags & IS_NAMED) != 0) {
            name += zigzag();
        }
    }

    private Mapping mapping() {
        boolean mapped = (flags & IS_MAPPED) != 0;
        return new Mapping(
                generatedLine,
                generatedColumn,
                mapped ? source : Mapping.NONE,
                mapped ? line : 0,
                mapped ? column : 0,
                (flags & IS_NAMED) != 0 ? name : Mapping.NONE,
                (flags & IS_RANGE) != 0);
    }

    private byte next() {
        TableFile.check(at < end, "block ends early");
        return blocks.get(JAVA_BYTE, at++);
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte b = next();
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new DamagedTableException("varint of more than five bytes");
    }

    private int zigzag() {
        int value = varint();
        return (value >>> 1) ^ -(value & 1);
    }
}
