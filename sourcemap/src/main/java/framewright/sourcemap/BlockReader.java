package framewright.sourcemap;

import static framewright.sourcemap.TableLayout.BLOCK_MAPPINGS;
import static framewright.sourcemap.TableLayout.COLUMN;
import static framewright.sourcemap.TableLayout.LINE;
import static framewright.sourcemap.TableLayout.MORE;
import static framewright.sourcemap.TableLayout.NAMED;
import static framewright.sourcemap.TableLayout.NEW_LINE;
import static framewright.sourcemap.TableLayout.RANGE;
import static framewright.sourcemap.TableLayout.SOURCE;
import static framewright.sourcemap.TableLayout.UNMAPPED;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Reads the mappings of one block in order, as far as a position; see {@link TableLayout}. */
final class BlockReader {
    private final MemorySegment blocks;
    /** Where the block ends and the next nibble is, in nibbles. */
    private final long end;

    private long at;
    private int left;
    private int generatedLine;
    private int generatedColumn;
    private int source;
    private int line;
    private int column;
    private int name;
    private int flags = UNMAPPED;

    BlockReader(PackedMappings mappings, int block) {
        blocks = mappings.blocks();
        long endByte = mappings.start(block + 1);
        TableFile.check(endByte <= blocks.byteSize(), "block outside of the section");
        at = mappings.start(block) * 2;
        end = endByte * 2;
        left = Math.min(BLOCK_MAPPINGS, mappings.count() - block * BLOCK_MAPPINGS);
        long key = mappings.key(block);
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
            int nextFlags = nibble();
            if ((nextFlags & MORE) != 0) {
                nextFlags |= nibble() << 4;
            }
            int nextLine = generatedLine;
            int nextColumn = generatedColumn;
            if ((nextFlags & NEW_LINE) != 0) {
                nextLine += number();
                nextColumn = number();
            } else {
                nextColumn += number();
            }
            long key = MappingsDecoder.position(nextLine, nextColumn);
            if (key > position) {
                break;
            }
            before = key < position;
            flags = nextFlags;
            fields(nextColumn - generatedColumn);
            generatedLine = nextLine;
            generatedColumn = nextColumn;
            left--;
        }
        return mapping();
    }

    private void fields(int moved) {
        if ((flags & UNMAPPED) == 0) {
            if ((flags & SOURCE) != 0) {
                source += difference();
            }
            if ((flags & LINE) != 0) {
                line += difference();
            }
            column += (flags & COLUMN) != 0 ? difference() : moved;
        }
        if ((flags & NAMED) != 0) {
            name += difference();
        }
    }

    private Mapping mapping() {
        boolean mapped = (flags & UNMAPPED) == 0;
        return new Mapping(
                generatedLine,
                generatedColumn,
                mapped ? source : Mapping.NONE,
                mapped ? line : 0,
                mapped ? column : 0,
                (flags & NAMED) != 0 ? name : Mapping.NONE,
                (flags & RANGE) != 0);
    }

    private int nibble() {
        TableFile.check(at < end, "block ends early");
        int pair = blocks.get(JAVA_BYTE, at >>> 1);
        return (at++ & 1) == 0 ? pair & 0xF : (pair >> 4) & 0xF;
    }

    private int number() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 3) {
            int nibble = nibble();
            value |= (nibble & 0x7) << shift;
            if ((nibble & 0x8) == 0) {
                return value;
            }
        }
        throw new DamagedTableException("number of more than 32 bits");
    }

    private int difference() {
        int value = number();
        return (value >>> 1) ^ -(value & 1);
    }
}
