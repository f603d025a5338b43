package framewright.cache;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.config.CacheSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The disk cache as the rest of the service sees it: look up, or load once for all who ask.
 *
 * <p>The answer to a look-up is a file that stays until its lease is closed, or a failure that was remembered.
 */
public final class Caches implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Caches.class.getName());
    private static final Duration UPKEEP = Duration.ofHours(1);

    /** How often a new entry may be evicted before a waiter gets to it; only a cap of a few files does that. */
    private static final int ATTEMPTS = 3;

    /** What is loaded at a time is told apart by this. */
    private record Id(CacheKind kind, Digest digest) {}

    /** How a load ended; {@code entry} is leased by the flight. */
    private record Landing(@Nullable Entry entry, @Nullable Failure failure) {}

    private final CacheDirectory directory;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final DiskCache disk;
    private final Flights<Id, Landing> flights = new Flights<>(Caches::landed);
    private final Map<CacheKind, LongAdder> hits = new EnumMap<>(CacheKind.class);
    private final Map<CacheKind, LongAdder> misses = new EnumMap<>(CacheKind.class);
    private final Thread upkeep;

    /**
     * Takes the cache directory over and reads what it holds.
     *
     * @throws UncheckedIOException the directory cannot be used, or another process holds it
     */
    public Caches(CacheSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        for (CacheKind kind : CacheKind.values()) {
            hits.put(kind, new LongAdder());
            misses.put(kind, new LongAdder());
        }
        try {
            this.directory = CacheDirectory.open(settings.dir());
            this.disk = takeOver(directory, settings, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the cache directory: " + e.getMessage(), e);
        }
        this.upkeep = Thread.ofVirtual().name("cache-upkeep").start(this::keepUp);
    }

    private static DiskCache takeOver(CacheDirectory directory, CacheSettings settings, InstantSource clock)
            throws IOException {
        try {
            return new DiskCache(directory, settings, clock);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /**
     * The entry of the key: the one that is there, a failure that is remembered, or what {@code loader} makes of it.
     *
     * @param retention whose failure it would be
     */
    public Outcome<CachedFile> getOrLoad(CacheKind kind, CacheKey key, Retention retention, Loader loader)
            throws InterruptedException {
        Outcome<CachedFile> known = peek(kind, key);
        if (known != null) {
            return known;
        }
        of(misses, kind).increment();
        Id id = new Id(kind, key.digest());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Outcome<CachedFile> outcome = flights.join(
                    id, () -> load(id, retention, loader), landing -> take(key, landing), Caches::giveBack);
            if (outcome != null) {
                return outcome;
            }
        }
        return Outcome.failed(new Unreachable("the cache is too small to keep the file until it is used"));
    }

    /** What is known now, without loading anything; null: nothing. */
    public @Nullable Outcome<CachedFile> peek(CacheKind kind, CacheKey key) {
        Entry entry = disk.find(kind, key.digest());
        if (entry == null) {
            return null;
        }
        of(hits, kind).increment();
        return outcome(key, entry);
    }

    /** Until when what is known now stands, use and room aside; null where nothing is known. */
    public @Nullable Instant knownUntil(CacheKind kind, CacheKey key) {
        Entry entry = disk.find(kind, key.digest());
        if (entry == null) {
            return null;
        }
        entry.release();
        return disk.until(entry);
    }

    /**
     * A memory of open things over this cache's files.
     *
     * @param maxBytes what they may weigh together, in the measure of {@link OpenCache.Opened}
     */
    public <V extends AutoCloseable> OpenCache<V> openCache(long maxBytes) {
        OpenCache<V> cache = new OpenCache<>(maxBytes);
        disk.onPressure(cache::closeIdle);
        return cache;
    }

    /** How each kind fares. */
    public Map<CacheKind, CacheStats> stats() {
        Map<CacheKind, CacheStats> stats = new EnumMap<>(CacheKind.class);
        for (CacheKind kind : CacheKind.values()) {
            stats.put(kind, disk.stats(kind, of(hits, kind).sum(), of(misses, kind).sum()));
        }
        return stats;
    }

    /** The hard cap, in bytes. */
    public long capBytes() {
        return disk.cap();
    }

    /** Allocated by entries and folders, and promised to writers, in bytes. */
    public long usedBytes() {
        return disk.used();
    }

    /** Removes what is too old and writes down when entries were last used; also done hourly. */
    public void maintain() {
        disk.maintain();
    }

    // ---- loading

    private Landing load(Id id, Retention retention, Loader loader) throws InterruptedException {
        // an earlier flight may have landed between the caller's look-up and the start of this one
        Entry known = disk.find(id.kind, id.digest);
        if (known != null) {
            return new Landing(known, null);
        }
        Staging staging = new Staging(disk);
        try {
            try {
                return land(id, retention, staging, loader.load(staging));
            } finally {
                staging.discard();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot write to the cache directory", e);
            return new Landing(null, new Unreachable("the local disk failed"));
        }
    }

    private Landing land(Id id, Retention retention, Staging staging, Outcome<Loaded> outcome) throws IOException {
        return switch (outcome) {
            case Found<Loaded> _ -> {
                Entry entry = staging.commit(id.kind, id.digest);
                yield new Landing(entry, entry == null ? staging.noRoomFailure() : null);
            }
            case Failed<Loaded>(Failure failure) -> {
                Entry entry = staging.isRemembered() ? remember(id, failure, retention) : null;
                yield new Landing(entry, failure);
            }
        };
    }

    private @Nullable Entry remember(Id id, Failure failure, Retention retention) throws IOException {
        Duration lifetime = NegativeEntry.lifetime(failure, retention, id.kind.lifetimes(settings));
        if (lifetime != null && lifetime.isZero()) {
            return null;
        }
        return disk.remember(id.kind, id.digest, new NegativeEntry(failure, clock.instant(), retention));
    }

    /** Null: it was evicted again before this waiter came. */
    private @Nullable Outcome<CachedFile> take(CacheKey key, Landing landing) {
        if (landing.failure != null) {
            return Outcome.failed(landing.failure);
        }
        Entry entry = Objects.requireNonNull(landing.entry);
        return entry.lease() ? outcome(key, entry) : null;
    }

    private static void giveBack(@Nullable Outcome<CachedFile> outcome) {
        if (outcome instanceof Found<CachedFile>(CachedFile file)) {
            file.close();
        }
    }

    private static void landed(Landing landing) {
        if (landing.entry != null) {
            landing.entry.release();
        }
    }

    /** Takes the lease over. */
    private Outcome<CachedFile> outcome(CacheKey key, Entry leased) {
        NegativeEntry failure = leased.failure;
        if (failure == null) {
            return Outcome.found(new CachedFile(key, disk, leased));
        }
        leased.release();
        return Outcome.failed(failure.failure());
    }

    private void keepUp() {
        try {
            while (true) {
                Thread.sleep(UPKEEP);
                maintain();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private static LongAdder of(Map<CacheKind, LongAdder> counts, CacheKind kind) {
        return Objects.requireNonNull(counts.get(kind));
    }

    /** Ends loads under way, writes down when entries were last used, and lets the directory go. */
    @Override
    public void close() {
        upkeep.interrupt();
        flights.close();
        disk.close();
        directory.close();
    }
}
