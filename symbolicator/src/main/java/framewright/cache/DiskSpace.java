package framewright.cache;

import framewright.telemetry.Seldom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The room on disk: promises it to writers, makes it where there is none, and puts entries to their places and away.
 *
 * <p><b>Lock.</b> One lock guards the arithmetic, the list of victims and the making, renaming and removing of folders
 * and names, all of which take microseconds. Reading, writing, syncing and unlinking happen outside. Look-ups take no
 * lock: an entry is leased by one atomic step, which fails once it was claimed for removal.
 *
 * <p><b>Order.</b> A victim is claimed, leaves the index and the victims, is renamed into {@code tmp}, and counts
 * against the cap until it is unlinked. A new entry is synced if it has no checksum, then renamed to its place, then enters the index. So
 * at any moment, a kill included, what is below the version folders is whole, and the cap holds.
 */
final class DiskSpace {
    private static final Logger LOG = Logger.getLogger(DiskSpace.class.getName());

    /** Each entry takes some 200 bytes of memory. */
    private static final int MAX_FILES = 1_000_000;

    /** A new entry may need two folders. */
    private static final long FOLDERS = 2 * DiskBudget.BLOCK;

    /** What the volume should have left beside the write at hand, for logs and other programs. */
    private static final long FLOOR = 16 << 20;

    /** From here on it is looked at first whether making room can succeed. */
    private static final int LARGE_SHARE = 16;

    private final CacheFolder folder;
    private final EntryIndex index;
    private final InstantSource clock;
    private final List<Runnable> reclaimers = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition unlinked = lock.newCondition();
    private final DiskBudget budget = new DiskBudget();
    private final Victims victims = new Victims();
    private final FolderCounts folders = new FolderCounts();
    private final IndexLog log;
    private final Volume volume;
    private final LongAdder squeezedOut = new LongAdder();
    private final Seldom squeezes = new Seldom();
    private int unlinking;
    /** Bytes of what is moved aside and takes room still. */
    private long movedAside;

    private boolean closed;

    /** Percent of the cap that each kind keeps against the others. */
    private final int minShare;

    DiskSpace(CacheFolder folder, EntryIndex index, InstantSource clock, int minShare, Volume volume) {
        this.volume = volume;
        this.folder = folder;
        this.index = index;
        this.log = new IndexLog(folder, index);
        this.clock = clock;
        this.minShare = minShare;
    }

    long cap() {
        return budget.cap();
    }

    /** Sets the cap, in bytes, and makes room until it holds. */
    void limit(long cap) {
        unlink(locked(() -> {
            budget.limit(cap);
            // what the logs take may leave less than all shares together
            return makeRoom(null, 0, 0, 0);
        }));
    }

    /** Allocated by entries and folders, and promised to writers. */
    long used() {
        return locked(() -> budget.used() + budget.reserved());
    }

    /** Counts what is there for good. */
    void use(long bytes) {
        locked(() -> {
            budget.use(bytes);
            return true;
        });
    }

    /** Runs {@code reclaimer} when everything that could go is in use; it lets go of what it only keeps ready. */
    void onPressure(Runnable reclaimer) {
        reclaimers.add(reclaimer);
    }

    // ---- promises

    /**
     * Promises {@code more} bytes and the folders of one entry of a kind; false where they cannot be had.
     *
     * @param kind null: none, for what is no entry
     */
    boolean reserveEntry(@Nullable CacheKind kind, long more) {
        return reserve(kind, Math.addExact(more, FOLDERS));
    }

    /**
     * Promises {@code more} bytes, a multiple of a block, to a writer of a kind. Makes room where there is none, unless
     * not even everything would do that is not in use and not within the share of another kind. Where others have filled
     * the volume, what can go goes for them, too; the write is tried in any case.
     */
    boolean reserve(@Nullable CacheKind kind, long more) {
        if (more > budget.cap()) {
            return false;
        }
        boolean reclaimed = false;
        while (true) {
            List<Entry> going;
            lock.lock();
            try {
                boolean allowed = budget.excess(more) <= 0 && victims.count() < MAX_FILES;
                long lacking = lacking(more);
                if (allowed && lacking <= 0) {
                    budget.reserve(more);
                    return true;
                }
                going = canFree(kind, more) ? makeRoom(kind, share(), more, lacking) : List.of();
                if (going.isEmpty() && unlinking > 0) {
                    unlinked.awaitUninterruptibly();
                    continue;
                }
                if (allowed) {
                    squeezedOut(going.size());
                    if (going.isEmpty()) {
                        budget.reserve(more);
                        return true;
                    }
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
            unlink(going);
        }
    }

    /** Takes a promise of {@link #reserveEntry} back, with what was added to it. */
    void unreserveEntry(long bytes) {
        locked(() -> {
            budget.unreserve(bytes + FOLDERS);
            return true;
        });
    }

    /** Counts only when the request is large enough to be worth it. */
    private boolean canFree(@Nullable CacheKind kind, long more) {
        return more < budget.cap() / LARGE_SHARE
                || budget.excess(more) <= victims.freeable(kind, share(), folders.count());
    }

    /** Bytes that each kind keeps against the others. */
    private long share() {
        return budget.cap() / 100 * minShare;
    }

    /** What the volume has too little for so many bytes more; not positive where it has enough. */
    private long lacking(long more) {
        try {
            return more + FLOOR - volume.freeBytes() - movedAside;
        } catch (IOException e) {
            // the write will say what is wrong
            return 0;
        }
    }

    /**
     * Gives up entries for a write that the volume had no room for.
     *
     * @return whether there were any
     */
    boolean giveWay(CacheKind kind, long bytes) {
        List<Entry> going = locked(() -> makeRoom(kind, share(), 0, Math.max(bytes, DiskBudget.BLOCK)));
        squeezedOut(going.size());
        unlink(going);
        return !going.isEmpty();
    }

    private void squeezedOut(int files) {
        squeezedOut.add(files);
        if (squeezes.isDue(clock.millis())) {
            LOG.log(
                    Level.WARNING,
                    "something else has filled the volume of the cache; {0} of its files have gone for that so far",
                    squeezedOut.sum());
        }
    }

    /** Entries that went because others had filled the volume. */
    long squeezedOut() {
        return squeezedOut.sum();
    }

    /**
     * Claims victims until {@code more} bytes would fit below the cap and the volume has as many more as it lacks, and
     * moves them aside; the lock is held.
     */
    private List<Entry> makeRoom(@Nullable CacheKind kind, long share, long more, long lacking) {
        List<Entry> going = new ArrayList<>();
        long freed = 0;
        long now = clock.instant().getEpochSecond();
        while (Math.max(budget.excess(more), lacking) > freed || victims.count() >= MAX_FILES) {
            Entry victim = victims.take(kind, share, now);
            if (victim == null) {
                break;
            }
            index.countEviction(victim.kind);
            moveAside(victim);
            going.add(victim);
            freed += victim.allocated();
        }
        return going;
    }

    // ---- places

    /** Takes in what lies in its place already. */
    void restore() throws IOException {
        if (!log.restore(this::admit)) {
            folder.scan(this::admit);
        }
    }

    /** Keeps the list of entries on disk from now on, in so many bytes. */
    void keepLog(long bytes) {
        locked(() -> {
            budget.use(bytes);
            log.start(bytes);
            return true;
        });
    }

    /** Writes down how an entry was used. */
    void noteUse(Entry entry) {
        locked(() -> {
            log.used(entry);
            return true;
        });
    }

    /** Ends the list on disk: what is written from now on would be in none. */
    void close() {
        locked(() -> {
            closed = true;
            log.close();
            return true;
        });
    }

    private void admit(Entry entry) {
        locked(() -> {
            enlist(entry, folders.enter(entry));
            return true;
        });
    }

    /**
     * Moves a written file to its place, instead of the entry that is there and too old.
     *
     * @param reserved what was promised for the entry, folders not counted; used up
     * @return the entry, leased; the one that was there, where that has come into use again
     */
    Entry put(Entry entry, Path written, long reserved) throws IOException {
        List<Entry> replaced = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the cache is closed");
            }
            Entry present = index.get(entry.kind, entry.digest);
            // who reads a discarded file has it open, and its bytes last as long
            if (present != null && (present.discarded || present.retire())) {
                index.countExpiration(present.kind);
                moveAside(present);
                replaced.add(present);
            } else if (present != null && present.lease()) {
                Files.deleteIfExists(written);
                budget.unreserve(reserved + FOLDERS);
                return present;
            }
            int created = place(entry, written);
            budget.unreserve(reserved + FOLDERS);
            entry.lease();
            enlist(entry, created);
        } finally {
            lock.unlock();
        }
        unlink(replaced);
        return entry;
    }

    /** How many folders were made. */
    private int place(Entry entry, Path written) throws IOException {
        int created = folders.enter(entry);
        boolean placed = false;
        log.adding(entry);
        try {
            Files.createDirectories(folder.subfolder(entry));
            Files.move(written, folder.path(entry), StandardCopyOption.ATOMIC_MOVE);
            placed = true;
            return created;
        } finally {
            if (!placed) {
                folders.leave(entry);
                log.removing(entry);
            }
        }
    }

    /**
     * Hands an entry's file to a writer, to whom what it took is promised then, with the folders of one entry.
     *
     * @return false where it is in use or gone, or those folders find no room
     */
    boolean takeOut(Entry entry, Path to) throws IOException {
        if (!entry.lease()) {
            return false;
        }
        boolean room = reserve(entry.kind, FOLDERS);
        lock.lock();
        try {
            entry.release();
            boolean mine = room && entry.retire();
            if (mine) {
                index.remove(entry);
                victims.remove(entry);
                log.removing(entry);
                moveIfThere(folder.path(entry), to);
                leaveFolders(entry);
                budget.free(entry.allocated());
                budget.reserve(entry.allocated());
            } else if (room) {
                budget.unreserve(FOLDERS);
            }
            return mine;
        } finally {
            lock.unlock();
        }
    }

    private void enlist(Entry entry, int createdFolders) {
        budget.use(entry.allocated() + createdFolders * DiskBudget.BLOCK);
        index.add(entry);
        victims.add(entry);
    }

    /** Removes an entry that is too old or discarded, unless it is in use; whether it went. */
    boolean expire(Entry entry) {
        List<Entry> going = locked(() -> {
            // a discarded one may have made way to its successor
            if (index.get(entry.kind, entry.digest) != entry || !entry.retire()) {
                return List.of();
            }
            index.countExpiration(entry.kind);
            moveAside(entry);
            return List.of(entry);
        });
        unlink(going);
        return !going.isEmpty();
    }

    /** Takes a claimed entry out of everything but the budget; the lock is held. */
    private void moveAside(Entry entry) {
        index.remove(entry);
        victims.remove(entry);
        log.removing(entry);
        unlinking++;
        movedAside += entry.allocated();
        try {
            moveIfThere(folder.path(entry), trash(entry));
            leaveFolders(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void leaveFolders(Entry entry) throws IOException {
        int emptied = folders.leave(entry);
        if (emptied > 0) {
            CacheFolder.deleteIfEmpty(folder.subfolder(entry));
        }
        if (emptied > 1) {
            CacheFolder.deleteIfEmpty(folder.folder(entry));
        }
        budget.free(emptied * DiskBudget.BLOCK);
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // someone cleaned up by hand
        }
    }

    private Path trash(Entry entry) {
        return folder.tmp().resolve("x" + entry.kind.folder() + entry.digest);
    }

    /** Unlinks what was moved aside; the lock is not held, since large files take their time. */
    private void unlink(List<Entry> aside) {
        for (Entry entry : aside) {
            try {
                Files.deleteIfExists(trash(entry));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                locked(() -> {
                    budget.free(entry.allocated());
                    unlinking--;
                    movedAside -= entry.allocated();
                    unlinked.signalAll();
                    return true;
                });
            }
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
