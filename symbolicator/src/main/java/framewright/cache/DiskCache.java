package framewright.cache;

import framewright.config.CacheSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries on disk, what memory knows of them, and the cap over all of them.
 *
 * <p><b>Lock.</b> One lock guards the arithmetic, the list of victims and the making, renaming and removing of folders
 * and names, all of which take microseconds. Reading, writing, syncing and unlinking happen outside. Look-ups take no
 * lock: an entry is leased by one atomic step, which fails once it was claimed for removal.
 *
 * <p><b>Order.</b> A victim is claimed, leaves the index and the victims, is renamed into {@code tmp}, and counts
 * against the cap until it is unlinked. A new entry is synced, then renamed to its place, then enters the index. So
 * at any moment, a kill included, what is below the version folders is whole, and the cap holds.
 */
final class DiskCache implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DiskCache.class.getName());

    /** Each entry takes some 200 bytes of memory. */
    private static final int MAX_FILES = 1_000_000;

    /** A new entry may need two folders. */
    private static final long FOLDERS = 2 * DiskBudget.BLOCK;

    /** What {@code tmp} may grow to: its own folder never shrinks. */
    private static final long TMP_FOLDER = 16 * DiskBudget.BLOCK;

    private static final int LOG_SHARE = 64;
    private static final long MIN_LOG = 128 << 10;

    /** Some 300,000 failures, which take four times as much of memory. */
    private static final long MAX_LOG = 32 << 20;

    /** From here on it is looked at first whether making room can succeed. */
    private static final int LARGE_SHARE = 16;

    private static final Duration FLUSH_INTERVAL = Duration.ofHours(1);

    /** What may be lost of the order of use when the process ends. */
    private static final Duration LAST_FLUSH = Duration.ofMinutes(1);

    private final CacheFolder folder;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final NegativeCache failures;

    private final Map<CacheKind, ConcurrentHashMap<Digest, Entry>> index = new EnumMap<>(CacheKind.class);
    private final Map<CacheKind, AtomicLong> bytes = new EnumMap<>(CacheKind.class);
    private final Map<CacheKind, AtomicLong> evictions = new EnumMap<>(CacheKind.class);
    private final Map<CacheKind, AtomicLong> expirations = new EnumMap<>(CacheKind.class);
    private final List<Runnable> reclaimers = new CopyOnWriteArrayList<>();
    private final AtomicLong names = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition unlinked = lock.newCondition();
    private final DiskBudget budget = new DiskBudget();
    private final Victims victims = new Victims();
    private final FolderCounts folders = new FolderCounts();
    private int unlinking;

    /**
     * Takes over what the directory holds: removes leftovers, other versions and what is too old, and makes room until
     * the cap holds.
     */
    DiskCache(CacheDirectory directory, CacheSettings settings, InstantSource clock) throws IOException {
        this.folder = new CacheFolder(directory.path());
        this.settings = settings;
        this.clock = clock;
        for (CacheKind kind : CacheKind.values()) {
            index.put(kind, new ConcurrentHashMap<>());
            bytes.put(kind, new AtomicLong());
            evictions.put(kind, new AtomicLong());
            expirations.put(kind, new AtomicLong());
        }
        folder.prepare();
        budget.use(CacheFolder.fixedFolders() * DiskBudget.BLOCK + TMP_FOLDER);
        int obsolete = folder.removeOtherVersions();
        if (obsolete > 0) {
            LOG.log(Level.INFO, "removed {0} cached files of other versions", obsolete);
        }
        folder.scan(entry -> locked(() -> admit(entry)));
        maintainFiles();
        long cap = settings.maxBytes() > 0 ? settings.maxBytes() : directory.defaultCap(budget.used());
        budget.limit(cap);
        long logBytes = logBytes(cap);
        budget.use(logBytes);
        this.failures = new NegativeCache(folder.failures(), logBytes, settings, clock);
        evict(makeRoom(0));
    }

    /** Room for the log of failures, counted as used from the start. */
    static long logBytes(long cap) {
        return Math.clamp(cap / LOG_SHARE, MIN_LOG, MAX_LOG) / DiskBudget.BLOCK * DiskBudget.BLOCK;
    }

    /** What is remembered of things that could not be had. */
    NegativeCache failures() {
        return failures;
    }

    long cap() {
        return budget.cap();
    }

    /** Allocated by entries and folders, and promised to writers. */
    long used() {
        return locked(() -> budget.used() + budget.reserved());
    }

    CacheStats stats(CacheKind kind, long hits, long misses) {
        return new CacheStats(
                of(bytes, kind).get(),
                entries(kind).size(),
                failures.count(kind),
                hits,
                misses,
                of(evictions, kind).get(),
                of(expirations, kind).get());
    }

    /** Runs {@code reclaimer} when everything that could go is in use; it lets go of what it only keeps ready. */
    void onPressure(Runnable reclaimer) {
        reclaimers.add(reclaimer);
    }

    // ---- looking up

    /** The entry, leased, where it is there and not too old; its last use is now. */
    @Nullable Entry find(CacheId id) {
        Entry entry = entries(id.kind()).get(id.digest());
        if (entry == null || !entry.lease()) {
            return null;
        }
        Instant now = clock.instant();
        // what is in use is not unused, however long ago it was last looked up
        if (!isFresh(entry, now) && !entry.isShared()) {
            entry.release();
            return null;
        }
        use(entry, now);
        return entry;
    }

    /** Ends a lease that was held while the entry was used. */
    void release(Entry entry) {
        use(entry, clock.instant());
        entry.release();
    }

    private static void use(Entry entry, Instant now) {
        long seconds = now.getEpochSecond();
        if (entry.lastUsed != seconds) {
            entry.lastUsed = seconds;
        }
    }

    private boolean isFresh(Entry entry, Instant now) {
        Duration unused = entry.kind.lifetimes(settings).maxUnusedFor();
        return unused == null || now.isBefore(Instant.ofEpochSecond(entry.lastUsed).plus(unused));
    }

    Path path(Entry entry) {
        return folder.path(entry);
    }

    // ---- room

    /** A name below {@code tmp} that nothing else has. */
    Path temporary(String suffix) {
        return folder.tmp().resolve(names.incrementAndGet() + suffix);
    }

    /** Promises {@code more} bytes and the folders of one entry; false where they cannot be had. */
    boolean reserveEntry(long more) {
        return reserve(Math.addExact(more, FOLDERS));
    }

    /**
     * Promises {@code more} bytes, a multiple of a block, to a writer. Makes room where there is none, unless not even
     * everything that is not in use would do.
     */
    boolean reserve(long more) {
        if (more > budget.cap()) {
            return false;
        }
        boolean reclaimed = false;
        while (true) {
            List<Entry> going;
            lock.lock();
            try {
                if (budget.excess(more) <= 0 && victims.count() < MAX_FILES) {
                    budget.reserve(more);
                    return true;
                }
                going = canFree(more) ? makeRoom(more) : List.of();
                if (going.isEmpty() && unlinking > 0) {
                    unlinked.awaitUninterruptibly();
                    continue;
                }
            } finally {
                lock.unlock();
            }
            if (going.isEmpty()) {
                if (reclaimed) {
                    return false;
                }
                reclaimed = true;
                reclaimers.forEach(Runnable::run);
            }
            evict(going);
        }
    }

    void unreserve(long bytes) {
        locked(() -> budget.unreserve(bytes));
    }

    void unreserveEntry(long bytes) {
        unreserve(bytes + FOLDERS);
    }

    /** Counts only when the request is large enough to be worth it. */
    private boolean canFree(long more) {
        return more < budget.cap() / LARGE_SHARE || budget.excess(more) <= victims.freeable(folders.count());
    }

    /** Claims victims until {@code more} bytes would fit, and moves them aside; the lock is held. */
    private List<Entry> makeRoom(long more) {
        List<Entry> going = new ArrayList<>();
        long freed = 0;
        long now = clock.instant().getEpochSecond();
        while (budget.excess(more) > freed || victims.count() >= MAX_FILES) {
            Entry victim = victims.take(now);
            if (victim == null) {
                break;
            }
            of(evictions, victim.kind).incrementAndGet();
            detach(victim);
            going.add(victim);
            freed += victim.allocated();
        }
        unlinking += going.size();
        return going;
    }

    /** Takes a claimed entry out of everything but the budget; the lock is held. */
    private void detach(Entry entry) {
        entries(entry.kind).remove(entry.digest, entry);
        victims.remove(entry);
        of(bytes, entry.kind).addAndGet(-entry.allocated());
        try {
            try {
                Files.move(folder.path(entry), trash(entry), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // someone cleaned up by hand
            }
            int emptied = folders.leave(entry);
            if (emptied > 0) {
                CacheFolder.deleteIfEmpty(folder.subfolder(entry));
            }
            if (emptied > 1) {
                CacheFolder.deleteIfEmpty(folder.folder(entry.kind, entry.digest.folder()));
            }
            budget.free(emptied * DiskBudget.BLOCK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path trash(Entry entry) {
        return folder.tmp().resolve("x" + entry.kind.folder() + entry.digest);
    }

    /** Unlinks what was moved aside. */
    private void evict(List<Entry> going) {
        for (Entry entry : going) {
            try {
                Files.deleteIfExists(trash(entry));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                locked(() -> {
                    budget.free(entry.allocated());
                    unlinking--;
                    unlinked.signalAll();
                });
            }
        }
    }

    // ---- writing

    /**
     * Makes a synced file the entry of its key, in place of one that is too old.
     *
     * @param reserved what was promised for the entry, folders not counted; used up
     * @return the entry, leased; the one that was there, where that has come into use again
     */
    Entry commit(CacheId id, Path written, long size, long reserved) throws IOException {
        return put(new Entry(id.kind(), id.digest(), size, clock.instant().getEpochSecond()), written, reserved);
    }

    private Entry put(Entry entry, Path written, long reserved) throws IOException {
        List<Entry> replaced = new ArrayList<>();
        lock.lock();
        try {
            Entry present = entries(entry.kind).get(entry.digest);
            if (present != null && !present.retire()) {
                if (present.lease()) {
                    Files.deleteIfExists(written);
                    budget.unreserve(reserved + FOLDERS);
                    return present;
                }
            } else if (present != null) {
                of(expirations, present.kind).incrementAndGet();
                detach(present);
                unlinking++;
                replaced.add(present);
            }
            place(entry, written);
            budget.unreserve(reserved + FOLDERS);
            enlist(entry);
        } finally {
            lock.unlock();
        }
        evict(replaced);
        return entry;
    }

    /** Moves the file to its place; the lock is held. */
    private void place(Entry entry, Path written) throws IOException {
        int created = folders.enter(entry);
        boolean placed = false;
        try {
            if (created > 0) {
                Files.createDirectories(folder.subfolder(entry));
            }
            Files.move(written, folder.path(entry), StandardCopyOption.ATOMIC_MOVE);
            placed = true;
        } finally {
            if (!placed) {
                folders.leave(entry);
            }
        }
        budget.use(entry.allocated() + created * DiskBudget.BLOCK);
    }

    private void enlist(Entry entry) {
        entry.lease();
        entries(entry.kind).put(entry.digest, entry);
        victims.add(entry);
        of(bytes, entry.kind).addAndGet(entry.allocated());
    }

    /** Takes an entry in that lies in its place already. */
    private void admit(Entry entry) {
        int created = folders.enter(entry);
        budget.use(entry.allocated() + created * DiskBudget.BLOCK);
        enlist(entry);
        entry.release();
    }

    /** Makes sure that the bytes are on the disk, so that a power cut cannot leave an entry with holes. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    // ---- upkeep

    /** Removes what is too old, and writes down when entries were last used. */
    void maintain() {
        failures.expire();
        maintainFiles();
    }

    private void maintainFiles() {
        Instant now = clock.instant();
        for (CacheKind kind : CacheKind.values()) {
            for (Entry entry : entries(kind).values()) {
                if (!isFresh(entry, now)) {
                    expire(entry);
                } else if (entry.lastUsed - entry.flushed >= FLUSH_INTERVAL.toSeconds()) {
                    flush(entry);
                }
            }
        }
    }

    private void expire(Entry entry) {
        lock.lock();
        try {
            if (!entry.retire()) {
                return;
            }
            of(expirations, entry.kind).incrementAndGet();
            detach(entry);
            unlinking++;
        } finally {
            lock.unlock();
        }
        evict(List.of(entry));
    }

    private void flush(Entry entry) {
        if (!entry.lease()) {
            return;
        }
        try {
            long used = entry.lastUsed;
            Files.setLastModifiedTime(folder.path(entry), FileTime.from(Instant.ofEpochSecond(used)));
            entry.flushed = used;
        } catch (IOException e) {
            // the next start takes the entry for older than it is
            entry.flushed = entry.lastUsed;
        } finally {
            entry.release();
        }
    }

    /** Writes down when entries were last used. */
    @Override
    public void close() {
        failures.close();
        for (CacheKind kind : CacheKind.values()) {
            for (Entry entry : entries(kind).values()) {
                if (entry.lastUsed - entry.flushed >= LAST_FLUSH.toSeconds()) {
                    flush(entry);
                }
            }
        }
    }

    private ConcurrentHashMap<Digest, Entry> entries(CacheKind kind) {
        return of(index, kind);
    }

    private static <V> V of(Map<CacheKind, V> map, CacheKind kind) {
        return Objects.requireNonNull(map.get(kind));
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
