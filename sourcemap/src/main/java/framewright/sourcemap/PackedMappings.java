package framewright.sourcemap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Mappings in the blocks of {@link TableLayout}, in memory or mapped from disk. What is damaged shows when it is read,
 * as a {@link DamagedTableException}.
 *
 * @param keys the section {@link TableLayout#BLOCK_KEYS}, of the length that the count asks for, as the next one
 * @param starts the section {@link TableLayout#BLOCK_STARTS}
 * @param blocks the section {@link TableLayout#BLOCKS}
 * @param count how many mappings there are
 * @param sourceCount how many sources they may be of
 * @param nameCount how many names they may have
 */
record PackedMappings(
        MemorySegment keys, MemorySegment starts, MemorySegment blocks, int count, int sourceCount, int nameCount) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** As {@link SourceLookup#lookup} defines it. */
    @Nullable
    Mapping lookup(int line, int column) {
        if (line < 0 || column < 0) {
            return null;
        }
        long position = MappingsDecoder.position(line, column);
        int block = blockFrom(position);
        boolean exact = block < blockCount() && key(block) == position;
        if (!exact && block == 0) {
            return null;
        }
        Mapping mapping = null;
        if (block > 0) {
            mapping = checked(new BlockReader(this, block - 1).seek(position));
            // Where the earlier block already holds the position, its mapping is the first of them.
            exact &= mapping.generatedLine() != line || mapping.generatedColumn() != column;
        }
        if (exact) {
            mapping = checked(new BlockReader(this, block).seek(position));
        }
        return mapping == null ? null : mapping.at(line, column);
    }

    int blockCount() {
        return Math.ceilDiv(count, TableLayout.BLOCK_MAPPINGS);
    }

    /** Line and column of the first mapping of a block. */
    long key(int block) {
        return keys.get(LONG, (long) block * Long.BYTES);
    }

    /** Where a block starts, or where the last one ends. */
    long start(int block) {
        return Integer.toUnsignedLong(starts.get(INT, (long) block * Integer.BYTES));
    }

    /** The first block whose first mapping is not before a position. */
    private int blockFrom(long position) {
        int low = 0;
        int high = blockCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (key(middle) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Mapping checked(Mapping mapping) {
        TableFile.check(
                mapping.source() >= Mapping.NONE
                        && mapping.source() < sourceCount
                        && mapping.name() >= Mapping.NONE
                        && mapping.name() < nameCount,
                "mapping to what is not there");
        return mapping;
    }
}
