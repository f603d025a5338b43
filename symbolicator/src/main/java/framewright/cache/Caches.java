package framewright.cache;

import framewright.api.CacheQuery;
import framewright.api.CacheReport;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.Readiness.Check;
import framewright.config.CacheSettings;
import framewright.telemetry.Effort;
import framewright.telemetry.Seldom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The disk cache as the rest of the service sees it: look up, or load once for all who ask.
 *
 * <p>The answer to a look-up is a file that stays until its lease is closed, or a failure that was remembered.
 */
public final class Caches implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Caches.class.getName());
    private static final Duration UPKEEP = Duration.ofHours(1);

    /** How often a new entry may be evicted before a waiter gets to it; only a cap of a few files does that. */
    private static final int ATTEMPTS = 3;

    /** With less, the next download of a usual size fails. */
    private static final long MIN_FREE = 64L << 20;

    /** What it takes to know how far the other nodes' revocations were followed: a folder with two small files. */
    private static final long SHARED_STATE = 3 * DiskBudget.BLOCK;

    /** How a load ended; {@code entry} is leased by the flight. */
    private record Landing(@Nullable Entry entry, @Nullable Failure failure) {}

    private static final Landing NOTHING = new Landing(null, null);

    private final CacheDirectory directory;
    private final InstantSource clock;
    private final DiskCache disk;
    private final SharedTier shared;
    private final Flights<CacheId, Landing> flights = new Flights<>(Caches::landed);
    /** Look-ups of the shared tier that make nothing, so that they need not wait for who does. */
    private final Flights<CacheId, Landing> lookUps = new Flights<>(Caches::landed);

    private final Map<CacheKind, LongAdder> hits = new EnumMap<>(CacheKind.class);
    private final Map<CacheKind, LongAdder> misses = new EnumMap<>(CacheKind.class);
    private final List<Runnable> purged = new CopyOnWriteArrayList<>();
    private final Seldom failingDisk = new Seldom();

    private final Thread upkeep;

    /**
     * Takes the cache directory over and reads what it holds.
     *
     * @throws UncheckedIOException the directory cannot be used, or another process holds it
     */
    public Caches(CacheSettings settings, InstantSource clock) {
        this(settings, clock, SharedTier.NONE);
    }

    /**
     * The same, with what other nodes have.
     *
     * @param shared closed by the caller
     */
    public Caches(CacheSettings settings, InstantSource clock, SharedTier shared) {
        this(settings, clock, shared, Volume::of);
    }

    /** Finds the volume of a folder. */
    @FunctionalInterface
    interface Volumes {
        Volume of(Path folder) throws IOException;
    }

    Caches(CacheSettings settings, InstantSource clock, SharedTier shared, Volumes volumes) {
        this.clock = clock;
        this.shared = shared;
        for (CacheKind kind : CacheKind.values()) {
            hits.put(kind, new LongAdder());
            misses.put(kind, new LongAdder());
        }
        try {
            this.directory = CacheDirectory.open(settings.dir());
            this.disk = takeOver(directory, settings, clock, volumes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the cache directory: " + e.getMessage(), e);
        }
        if (!(shared instanceof NoSharedTier)) {
            disk.space().use(SHARED_STATE);
            disk.space().limit(disk.space().cap());
            shared.follow(directory.path().resolve("shared"), this::purgeHere);
        }
        this.upkeep = Thread.ofVirtual().name("cache-upkeep").start(this::keepUp);
    }

    private static DiskCache takeOver(
            CacheDirectory directory, CacheSettings settings, InstantSource clock, Volumes volumes) throws IOException {
        try {
            return new DiskCache(directory, settings, clock, volumes.of(directory.path()));
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
        // what a file is, is seen in passing
        boolean conversion = kind.isDerived() && kind != CacheKind.OBJECT_META;
        return getOrLoad(kind, key, retention, conversion ? Effort.Step.CONVERT : null, loader);
    }

    /**
     * The same for what is slow in another way.
     *
     * @param step what loading takes; null: little
     */
    public Outcome<CachedFile> getOrLoad(
            CacheKind kind, CacheKey key, Retention retention, Effort.@Nullable Step step, Loader loader)
            throws InterruptedException {
        CacheId id = new CacheId(kind, key.digest());
        Outcome<CachedFile> known = peek(id, key);
        if (known != null) {
            return known;
        }
        of(misses, kind).increment();
        if (step != null && !Effort.mayBegin(step)) {
            return Outcome.failed(Outcome.POSTPONED);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Outcome<CachedFile> outcome = flights.join(
                    id, () -> load(id, key, retention, loader), landing -> take(key, landing), Caches::giveBack);
            if (outcome != null) {
                if (outcome instanceof Found<CachedFile>(CachedFile file) && !kind.isDerived()) {
                    Effort.fetched(file.bytes());
                }
                return outcome;
            }
        }
        return Outcome.failed(new Unreachable("the cache is too small to keep the file until it is used"));
    }

    /** The same with the bytes that were written; an entry that the disk or somebody has changed is made anew. */
    public Outcome<CachedFile> getIntact(CacheKind kind, CacheKey key, Retention retention, Loader loader)
            throws InterruptedException {
        Outcome<CachedFile> entry = getOrLoad(kind, key, retention, loader);
        if (!(entry instanceof Found<CachedFile>(CachedFile file)) || file.isIntact()) {
            return entry;
        }
        file.close();
        discard(kind, key);
        return getOrLoad(kind, key, retention, loader);
    }

    /** A file within the cap that is used once. */
    public TemporaryFile temporary() {
        return new TemporaryFile(disk);
    }

    /** What is known now, without loading anything; null: nothing. */
    public @Nullable Outcome<CachedFile> peek(CacheKind kind, CacheKey key) {
        return peek(new CacheId(kind, key.digest()), key);
    }

    /** What is known here or has been made by another node; null: nothing. Makes nothing and waits for nobody else. */
    public @Nullable Outcome<CachedFile> lookUp(CacheKind kind, CacheKey key) throws InterruptedException {
        CacheId id = new CacheId(kind, key.digest());
        Outcome<CachedFile> known = peek(id, key);
        if (known != null || shared instanceof NoSharedTier || !kind.isShared()) {
            return known;
        }
        return lookUps.join(id, () -> fetch(id, key), landing -> take(key, landing), Caches::giveBack);
    }

    private @Nullable Outcome<CachedFile> peek(CacheId id, CacheKey key) {
        Entry entry = disk.find(id);
        if (entry != null) {
            of(hits, id.kind()).increment();
            return Outcome.found(new CachedFile(key, disk, entry));
        }
        NegativeEntry failure = disk.failures().find(id);
        if (failure != null) {
            of(hits, id.kind()).increment();
            return Outcome.failed(failure.failure());
        }
        return null;
    }

    /** Until when what is known now stands, use and room aside; null where nothing is known. */
    public @Nullable Instant knownUntil(CacheKind kind, CacheKey key) {
        CacheId id = new CacheId(kind, key.digest());
        Entry entry = disk.find(id);
        if (entry != null) {
            entry.release();
            return Instant.MAX;
        }
        NegativeEntry failure = disk.failures().find(id);
        return failure == null ? null : disk.failures().until(failure);
    }

    /** Takes the entry away, because it is damaged: the next look-up makes it anew. */
    public void discard(CacheKind kind, CacheKey key) {
        Entry entry = disk.find(new CacheId(kind, key.digest()));
        if (entry != null) {
            LOG.log(Level.WARNING, "a damaged file of {0} is made anew", kind.folder());
            entry.discarded = true;
            disk.release(entry);
            shared.discard(new SharedKey(kind, key));
        }
    }

    /** Runs {@code forget} after entries or failures were taken away from outside: what was made of them is stale. */
    public void onPurge(Runnable forget) {
        purged.add(forget);
    }

    /** Whether the folder can be written to, and whether its disk has room for a while. */
    public List<Check> check() {
        return List.of(checkFolder(), checkDisk());
    }

    private Check checkFolder() {
        try {
            disk.tryToWrite();
            return new Check("cache_folder", true, "can be written to");
        } catch (IOException e) {
            return new Check("cache_folder", false, "cannot be written to: " + e.getMessage());
        }
    }

    private Check checkDisk() {
        try {
            long free = disk.freeBytes();
            return new Check("disk_space", free >= MIN_FREE, free + " bytes free");
        } catch (IOException e) {
            return new Check("disk_space", false, "the disk cannot be asked: " + e.getMessage());
        }
    }

    /** Looks into the cache and cleans it, for people; what is purged goes on all nodes. */
    public CacheReport report(CacheQuery.Command command, CacheQuery query) throws InterruptedException {
        // first the others: else what they have shared would come back
        boolean everywhere = command == CacheQuery.Command.PURGE && shared.revoke(query);
        CacheReport report = here(command, query);
        return report instanceof CacheReport.Purged done ? done.withNodes(everywhere) : report;
    }

    /** Of this node alone. */
    private CacheReport here(CacheQuery.Command command, CacheQuery query) {
        return new CacheAdmin(disk, () -> purged.forEach(Runnable::run)).run(command, query);
    }

    private void purgeHere(CacheQuery query) {
        here(CacheQuery.Command.PURGE, query);
    }

    /**
     * A memory of open things over this cache's files.
     *
     * @param maxBytes what they may weigh together, in the measure of {@link OpenCache.Opened}
     */
    public <V extends AutoCloseable> OpenCache<V> openCache(long maxBytes) {
        OpenCache<V> cache = new OpenCache<>(maxBytes);
        disk.space().onPressure(cache::closeIdle);
        onPurge(cache::closeIdle);
        return cache;
    }

    /** How each kind fares. */
    public Map<CacheKind, CacheStats> stats() {
        Map<CacheKind, CacheStats> stats = new EnumMap<>(CacheKind.class);
        for (CacheKind kind : CacheKind.values()) {
            stats.put(
                    kind,
                    disk.stats(kind, of(hits, kind).sum(), of(misses, kind).sum()));
        }
        return stats;
    }

    /** The hard cap, in bytes. */
    public long capBytes() {
        return disk.space().cap();
    }

    /** Allocated by entries and folders, and promised to writers, in bytes. */
    public long usedBytes() {
        return disk.space().used();
    }

    /** Entries that went because something else had filled the disk. */
    public long squeezedOut() {
        return disk.space().squeezedOut();
    }

    /** Removes what is too old and writes down when entries were last used; also done hourly. */
    public void maintain() {
        disk.maintain();
    }

    // ---- loading

    private Landing load(CacheId id, CacheKey key, Retention retention, Loader loader) throws InterruptedException {
        // an earlier flight may have landed between the caller's look-up and the start of this one
        Entry known = disk.find(id);
        if (known != null) {
            return new Landing(known, null);
        }
        NegativeEntry failure = disk.failures().find(id);
        if (failure != null) {
            return new Landing(null, failure.failure());
        }
        SharedTier tier = id.kind().isShared() ? shared : SharedTier.NONE;
        return staged(id, key, staging -> {
            long started = clock.millis();
            try (SharedTier.Turn turn = tier.turn(new SharedKey(id.kind(), key), staging)) {
                Outcome<Loaded> outcome = turn.isFetched() ? Loaded.ok() : loader.load(staging);
                Landing landing = land(id, key, retention, staging, outcome, Math.max(0, clock.millis() - started));
                if (!turn.isFetched() && landing.entry != null) {
                    turn.publish(() -> open(id, key));
                }
                return landing;
            }
        });
    }

    private @Nullable CachedFile open(CacheId id, CacheKey key) {
        Entry entry = disk.find(id);
        return entry == null ? null : new CachedFile(key, disk, entry);
    }

    /** What another node has made, as an entry of this one; nothing where there is none. */
    private Landing fetch(CacheId id, CacheKey key) throws InterruptedException {
        return staged(id, key, staging -> {
            long started = clock.millis();
            if (!shared.fetch(new SharedKey(id.kind(), key), staging)) {
                return NOTHING;
            }
            // a failure that is not remembered anyway has no need of a lifetime
            long cost = Math.max(0, clock.millis() - started);
            return land(id, key, Retention.PRIVATE, staging, Loaded.ok(), cost);
        });
    }

    @FunctionalInterface
    private interface Landed {
        Landing land(Staging staging) throws IOException, InterruptedException;
    }

    /** Where somebody else has filled the volume, the work is done again in the room that entries have given up. */
    private Landing staged(CacheId id, CacheKey key, Landed work) throws InterruptedException {
        for (boolean first = true; true; first = false) {
            Staging staging = new Staging(disk, id.kind(), key);
            long wanted = 0;
            try {
                try {
                    return work.land(staging);
                } finally {
                    wanted = staging.reserved();
                    staging.discard();
                }
            } catch (IOException | UncheckedIOException e) {
                if (!first || !Volume.isFull(e) || !disk.space().giveWay(id.kind(), wanted)) {
                    tellOfDisk(e);
                    return new Landing(null, new Unreachable("the local disk failed"));
                }
            }
        }
    }

    private void tellOfDisk(Exception failure) {
        if (failingDisk.isDue(clock.millis())) {
            LOG.log(Level.WARNING, "cannot write to the cache directory, requests fail: {0}", failure.toString());
        }
    }

    private Landing land(
            CacheId id, CacheKey key, Retention retention, Staging staging, Outcome<Loaded> outcome, long cost)
            throws IOException {
        return switch (outcome) {
            case Found<Loaded> _ -> {
                // before the entry is there and leased, which a failing disk would leave so
                disk.keys().note(id, key.text());
                Entry entry = staging.commit(id, cost);
                yield new Landing(entry, entry == null ? staging.noRoomFailure() : null);
            }
            case Failed<Loaded>(Failure failure) -> {
                if (staging.isRemembered()) {
                    disk.keys().note(id, key.text());
                    disk.failures().put(new NegativeEntry(id, failure, clock.instant(), retention));
                }
                yield new Landing(null, failure);
            }
        };
    }

    /** Null: there is nothing, or it was evicted again before this waiter came. */
    private @Nullable Outcome<CachedFile> take(CacheKey key, Landing landing) {
        if (landing.failure != null) {
            return Outcome.failed(landing.failure);
        }
        Entry entry = landing.entry;
        return entry != null && entry.lease() ? Outcome.found(new CachedFile(key, disk, entry)) : null;
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
        lookUps.close();
        disk.close();
        directory.close();
    }
}
