package framewright.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what has to go: the entry with the largest product of size and time since its last use. Of many entries it
 * looks at a random sample, which comes close to the true order and needs none kept. Not thread-safe; guarded by the
 * lock of {@link DiskSpace}.
 */
final class Victims {
    private static final int SAMPLE = 64;

    private final List<Entry> entries = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    int count() {
        return entries.size();
    }

    void add(Entry entry) {
        entry.place = entries.size();
        entries.add(entry);
    }

    void remove(Entry entry) {
        Entry last = entries.removeLast();
        if (last != entry) {
            entries.set(entry.place, last);
            last.place = entry.place;
        }
        entry.place = -1;
    }

    /** What would be free if everything went that is not in use, at least; {@code folders} is how many there are. */
    long freeable(int folders) {
        long bytes = 0;
        long kept = 0;
        for (Entry entry : entries) {
            if (entry.isLeased()) {
                kept++;
            } else {
                bytes += entry.allocated();
            }
        }
        return bytes + Math.max(0, folders - 2 * kept) * DiskBudget.BLOCK;
    }

    /** The next to go, claimed; null where everything is in use. */
    @Nullable
    Entry take(long nowSeconds) {
        int size = entries.size();
        if (size > SAMPLE) {
            Entry best = null;
            for (int i = 0; i < SAMPLE; i++) {
                best = better(best, entries.get(random.nextInt(size)), nowSeconds);
            }
            if (best != null && best.retire()) {
                return best;
            }
        }
        while (true) {
            Entry best = null;
            for (Entry entry : entries) {
                best = better(best, entry, nowSeconds);
            }
            // someone may have leased it since
            if (best == null || best.retire()) {
                return best;
            }
        }
    }

    private static @Nullable Entry better(@Nullable Entry best, Entry entry, long nowSeconds) {
        if (entry.isLeased()) {
            return best;
        }
        return best == null || score(entry, nowSeconds) > score(best, nowSeconds) ? entry : best;
    }

    private static double score(Entry entry, long nowSeconds) {
        return (double) entry.allocated() * (Math.max(0, nowSeconds - entry.lastUsed) + 1);
    }
}
