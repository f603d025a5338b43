package framewright.cache;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what has to go: the entry that takes the most room for the longest time without use, for each use that it had
 * and each millisecond that it would cost to have it again. Of many entries it looks at a random sample of each kind,
 * which comes close to the true order and needs none kept. What was weighed: decision 0010.
 *
 * <p><b>Shares.</b> A kind that takes no more than its share of the cap gives nothing to another one. It is a floor and
 * no ceiling: a kind may fill what the others leave. Not thread-safe; guarded by the lock of {@link DiskSpace}.
 */
final class Victims {
    private static final int SAMPLE = 64;

    /** What asking again costs at least, in milliseconds; below this, a measured cost is mostly chance. */
    private static final long LEAST_COST = 20;

    /** The entries of a kind, in no order. */
    private static final class OfKind {
        private final List<Entry> entries = new ArrayList<>();
        private long bytes;
    }

    private final Map<CacheKind, OfKind> kinds = new EnumMap<>(CacheKind.class);
    private final SplittableRandom random = new SplittableRandom(1);
    private int count;

    Victims() {
        for (CacheKind kind : CacheKind.values()) {
            kinds.put(kind, new OfKind());
        }
    }

    int count() {
        return count;
    }

    void add(Entry entry) {
        OfKind kind = of(entry.kind);
        entry.place = kind.entries.size();
        kind.entries.add(entry);
        kind.bytes += entry.allocated();
        count++;
    }

    void remove(Entry entry) {
        OfKind kind = of(entry.kind);
        Entry last = kind.entries.removeLast();
        if (last != entry) {
            kind.entries.set(entry.place, last);
            last.place = entry.place;
        }
        entry.place = -1;
        kind.bytes -= entry.allocated();
        count--;
    }

    /**
     * What would be free, at least, if everything went that is not in use and not kept.
     *
     * @param forKind who wants the room; null: nobody in particular
     * @param share bytes of each other kind that are kept
     * @param folders how many there are
     */
    long freeable(@Nullable CacheKind forKind, long share, int folders) {
        long free = 0;
        long kept = 0;
        for (Map.Entry<CacheKind, OfKind> each : kinds.entrySet()) {
            OfKind kind = each.getValue();
            long idle = 0;
            long leased = 0;
            for (Entry entry : kind.entries) {
                if (entry.isLeased()) {
                    leased++;
                } else {
                    idle += entry.allocated();
                }
            }
            long above = each.getKey() == forKind ? idle : Math.max(0, kind.bytes - share);
            free += Math.min(idle, above);
            // which ones would stay is not known: each may hold its folders
            kept += above < idle ? kind.entries.size() : leased;
        }
        return free + Math.max(0, folders - 2 * kept) * DiskBudget.BLOCK;
    }

    /**
     * The next to go, claimed; null where everything is in use or kept.
     *
     * @param forKind who wants the room; null: nobody in particular
     * @param share bytes of each other kind that are kept
     */
    @Nullable
    Entry take(@Nullable CacheKind forKind, long share, long nowSeconds) {
        Entry sampled = best(forKind, share, nowSeconds, SAMPLE);
        if (sampled != null && sampled.retire()) {
            return sampled;
        }
        while (true) {
            Entry best = best(forKind, share, nowSeconds, Integer.MAX_VALUE);
            // someone may have leased it since
            if (best == null || best.retire()) {
                return best;
            }
        }
    }

    private @Nullable Entry best(@Nullable CacheKind forKind, long share, long nowSeconds, int sample) {
        Entry best = null;
        for (Map.Entry<CacheKind, OfKind> each : kinds.entrySet()) {
            OfKind kind = each.getValue();
            if (each.getKey() != forKind && kind.bytes <= share) {
                continue;
            }
            int size = kind.entries.size();
            for (int i = 0; i < Math.min(size, sample); i++) {
                Entry entry = kind.entries.get(size > sample ? random.nextInt(size) : i);
                best = better(best, entry, nowSeconds);
            }
        }
        return best;
    }

    private static @Nullable Entry better(@Nullable Entry best, Entry entry, long nowSeconds) {
        if (entry.isLeased()) {
            return best;
        }
        return best == null || score(entry, nowSeconds) > score(best, nowSeconds) ? entry : best;
    }

    private static double score(Entry entry, long nowSeconds) {
        double room = (double) entry.allocated() * (Math.max(0, nowSeconds - entry.lastUsed) + 1);
        return room / ((double) entry.uses * (entry.cost + LEAST_COST));
    }

    private OfKind of(CacheKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }
}
