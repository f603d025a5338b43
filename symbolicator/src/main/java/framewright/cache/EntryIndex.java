package framewright.cache;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The entries by their ids, and what became of others. Look-ups take no lock. */
final class EntryIndex {
    private static final class OfKind {
        private final ConcurrentMap<Digest, Entry> entries = new ConcurrentHashMap<>();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong evictions = new AtomicLong();
        private final AtomicLong expirations = new AtomicLong();
    }

    private final Map<CacheKind, OfKind> kinds = new EnumMap<>(CacheKind.class);

    EntryIndex() {
        for (CacheKind kind : CacheKind.values()) {
            kinds.put(kind, new OfKind());
        }
    }

    private OfKind of(CacheKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    @Nullable
    Entry get(CacheKind kind, Digest digest) {
        return of(kind).entries.get(digest);
    }

    Collection<Entry> all(CacheKind kind) {
        return of(kind).entries.values();
    }

    void add(Entry entry) {
        OfKind kind = of(entry.kind);
        kind.entries.put(entry.digest, entry);
        kind.bytes.addAndGet(entry.allocated());
    }

    void remove(Entry entry) {
        OfKind kind = of(entry.kind);
        if (kind.entries.remove(entry.digest, entry)) {
            kind.bytes.addAndGet(-entry.allocated());
        }
    }

    void countEviction(CacheKind kind) {
        of(kind).evictions.incrementAndGet();
    }

    void countExpiration(CacheKind kind) {
        of(kind).expirations.incrementAndGet();
    }

    CacheStats stats(CacheKind kind, long failures, long hits, long misses) {
        OfKind of = of(kind);
        return new CacheStats(
                of.bytes.get(), of.entries.size(), failures, hits, misses, of.evictions.get(), of.expirations.get());
    }
}
