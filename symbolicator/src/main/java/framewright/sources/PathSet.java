package framewright.sources;

import framewright.debugfiles.SymstoreIndex;
import java.util.Arrays;

/** The paths that an index lists, as 64 bit hashes: a store may have millions, and a false hit costs one request. */
final class PathSet {
    /** Stops the growth for a store that lists without end. */
    private static final int MAX_PATHS = 1 << 24;

    private static final PathSet NONE = new PathSet(new long[0], 0, false);

    private final long[] sorted;
    private final int transactions;
    private final boolean complete;

    private PathSet(long[] sorted, int transactions, boolean complete) {
        this.sorted = sorted;
        this.transactions = transactions;
        this.complete = complete;
    }

    /** Of an index that could not be read. */
    static PathSet none() {
        return NONE;
    }

    boolean isComplete() {
        return complete;
    }

    /** What it takes of memory. */
    long bytes() {
        return 8L * sorted.length;
    }

    /** How many transactions were read. */
    int transactions() {
        return transactions;
    }

    boolean contains(String path) {
        return Arrays.binarySearch(sorted, hash(path)) >= 0;
    }

    /** FNV-1a. */
    private static long hash(String path) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100_0000_01B3L;
        }
        return hash;
    }

    /** Collects more paths. */
    static final class Builder {
        private long[] hashes;
        private int count;
        private int transactions;

        Builder(PathSet start) {
            this.hashes = Arrays.copyOf(start.sorted, Math.max(1024, start.sorted.length));
            this.count = start.sorted.length;
            this.transactions = start.transactions;
        }

        /** False where there are too many. */
        boolean add(String transaction) {
            transactions++;
            for (String path : SymstoreIndex.read(transaction)) {
                if (count == MAX_PATHS) {
                    return false;
                }
                if (count == hashes.length) {
                    hashes = Arrays.copyOf(hashes, count * 2);
                }
                hashes[count++] = hash(path);
            }
            return true;
        }

        PathSet build() {
            long[] sorted = Arrays.copyOf(hashes, count);
            Arrays.sort(sorted);
            return new PathSet(sorted, transactions, true);
        }
    }
}
