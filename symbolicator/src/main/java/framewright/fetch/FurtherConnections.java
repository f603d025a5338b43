package framewright.fetch;

import java.util.HashMap;
import java.util.Map;

/** Connections for segments of large files, beside each download's own: so many in all, and of one host. */
final class FurtherConnections {
    private static final int ALL = 12;
    private static final int PER_HOST = 6;
    private static final long SEGMENT = 8 << 20;

    private final long segment;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    FurtherConnections() {
        this(SEGMENT);
    }

    /** @param segment bytes that are asked for at a time */
    FurtherConnections(long segment) {
        this.segment = segment;
    }

    long segment() {
        return segment;
    }

    /** Whether so many bytes are worth another connection. */
    boolean areWorth(long bytes) {
        return bytes >= 2 * segment;
    }

    /** Whether the host may be connected to once more; then {@link #giveBack} follows. */
    synchronized boolean take(String host) {
        int here = taken.getOrDefault(host, 0);
        if (all == ALL || here == PER_HOST) {
            return false;
        }
        all++;
        taken.put(host, here + 1);
        return true;
    }

    synchronized void giveBack(String host) {
        all--;
        taken.computeIfPresent(host, (_, count) -> count == 1 ? null : count - 1);
    }
}
