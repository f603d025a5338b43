package framewright.cache;

import framewright.config.CacheSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The entries of a directory, their age and their use. How room is kept is in {@link DiskSpace}. */
final class DiskCache implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DiskCache.class.getName());

    /** What {@code tmp} may grow to: its own folder never shrinks. */
    private static final long TMP_FOLDER = 16 * DiskBudget.BLOCK;

    private static final int LOG_SHARE = 64;
    private static final long MIN_LOG = 128 << 10;

    /** Some 300,000 failures, which take four times as much of memory. */
    private static final long MAX_LOG = 32 << 20;

    /** Enough for entries of 16 KiB on average; with smaller ones, a start walks through the folders. */
    private static final int INDEX_SHARE = 64;

    private static final long MIN_INDEX = 64 << 10;

    /** For as many entries as there may be. */
    static final long MAX_INDEX = 256 << 20;

    private static final Duration FLUSH_INTERVAL = Duration.ofHours(1);

    /** What may be lost of the order of use when the process ends. */
    private static final Duration LAST_FLUSH = Duration.ofMinutes(1);

    private final CacheFolder folder;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final EntryIndex index = new EntryIndex();
    private final AtomicLong names = new AtomicLong();
    private final DiskSpace space;
    private final Volume volume;
    private final NegativeCache failures;
    private final KeyLog keys;

    /**
     * Takes over what the directory holds: removes leftovers, other versions and what is too old, and makes room until
     * the cap holds.
     */
    DiskCache(CacheDirectory directory, CacheSettings settings, InstantSource clock, Volume volume) throws IOException {
        this.folder = new CacheFolder(directory.path());
        this.settings = settings;
        this.clock = clock;
        this.volume = volume;
        this.space = new DiskSpace(folder, index, clock, settings.minShare(), volume);
        List<Partials.Left> left = folder.prepare();
        int obsolete = folder.removeOtherVersions();
        if (obsolete > 0) {
            LOG.log(Level.INFO, "removed {0} cached files of other versions", obsolete);
        }
        space.use(CacheFolder.fixedFolders() * DiskBudget.BLOCK + TMP_FOLDER);
        space.restore();
        long cap = settings.maxBytes() > 0 ? settings.maxBytes() : directory.defaultCap(space.used());
        long logBytes = logBytes(cap);
        space.use(logBytes);
        space.keepLog(indexBytes(cap));
        this.failures = new NegativeCache(folder.failures(), logBytes / 2, settings, clock);
        this.keys = new KeyLog(folder.keys(), logBytes / 2);
        maintainFiles();
        space.limit(cap);
        for (Partials.Left partial : left) {
            adopt(partial);
        }
    }

    /** Makes an entry of what a process that was killed has left of a download. */
    private void adopt(Partials.Left left) throws IOException {
        Partials.append(left.file(), left.bytes(), left.note());
        long size = Files.size(left.file());
        long room = DiskBudget.allocated(size);
        if (space.reserveEntry(CacheKind.PARTIALS, room)) {
            CacheId id = new CacheId(CacheKind.PARTIALS, left.digest());
            commit(id, left.file(), size, room, Entry.usualCost(size)).release();
        }
        Files.deleteIfExists(left.file());
        Files.deleteIfExists(Partials.checkpoint(left.file()));
    }

    /** Room for the logs of failures and keys, counted as used from the start. */
    static long logBytes(long cap) {
        return Math.clamp(cap / LOG_SHARE, MIN_LOG, MAX_LOG) / DiskBudget.BLOCK * DiskBudget.BLOCK;
    }

    /** Room for the list of entries, counted as used from the start. */
    static long indexBytes(long cap) {
        return Math.clamp(cap / INDEX_SHARE, MIN_INDEX, MAX_INDEX) / DiskBudget.BLOCK * DiskBudget.BLOCK;
    }

    /** Promises and their keeping. */
    DiskSpace space() {
        return space;
    }

    /** What is remembered of things that could not be had. */
    NegativeCache failures() {
        return failures;
    }

    /** Which key each entry and failure stands for. */
    KeyLog keys() {
        return keys;
    }

    /** All entries of a kind. */
    Collection<Entry> all(CacheKind kind) {
        return index.all(kind);
    }

    CacheStats stats(CacheKind kind, long hits, long misses) {
        return index.stats(kind, failures.count(kind), hits, misses);
    }

    // ---- looking up

    /** The entry, leased, where it is there and not too old; its last use is now. */
    @Nullable
    Entry find(CacheId id) {
        Entry entry = index.get(id.kind(), id.digest());
        if (entry == null || entry.discarded || !entry.lease()) {
            return null;
        }
        Instant now = clock.instant();
        // what is in use is not unused, however long ago it was last looked up
        if (!isFresh(entry, now) && !entry.isShared()) {
            entry.release();
            return null;
        }
        if (!entry.proven && !isThere(entry)) {
            entry.discarded = true;
            release(entry);
            return null;
        }
        use(entry, now);
        entry.count();
        return entry;
    }

    /** Someone may have cleaned up by hand before the start, which asks for no file. */
    private boolean isThere(Entry entry) {
        try {
            entry.proven = Files.size(path(entry)) == entry.size;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a cached file cannot be had any more: {0}", e.getMessage());
        }
        return entry.proven;
    }

    /** Ends a lease that was held while the entry was used. */
    void release(Entry entry) {
        use(entry, clock.instant());
        entry.release();
        if (entry.discarded) {
            space.expire(entry);
        }
    }

    /**
     * Takes an entry away: it serves nobody any more, and its file goes now or when the last lease on it ends.
     *
     * @return whether it went now
     */
    boolean discard(Entry entry) {
        entry.discarded = true;
        return space.expire(entry);
    }

    /** Whether the file has the bytes that were written; read after a start, and when its time has changed. */
    boolean isIntact(Entry entry) throws IOException {
        if (entry.sum.isEmpty()) {
            return true;
        }
        long modified = modified(path(entry));
        if (modified == entry.soundAt) {
            return true;
        }
        boolean sound = Checksum.of(path(entry)).equals(entry.sum);
        entry.soundAt = sound ? modified : -1;
        return sound;
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    }

    private static void use(Entry entry, Instant now) {
        long seconds = now.getEpochSecond();
        if (entry.lastUsed != seconds) {
            entry.lastUsed = seconds;
        }
    }

    private boolean isFresh(Entry entry, Instant now) {
        Duration unused = entry.kind.lifetimes(settings).maxUnusedFor();
        return unused == null
                || now.isBefore(Instant.ofEpochSecond(entry.lastUsed).plus(unused));
    }

    Path path(Entry entry) {
        return folder.path(entry);
    }

    // ---- writing

    /** A name below {@code tmp} that nothing else has. */
    Path temporary(String suffix) {
        return folder.tmp().resolve(names.incrementAndGet() + suffix);
    }

    /**
     * Makes a written file the entry of its key, in place of one that is too old.
     *
     * @param reserved what was promised for the entry, folders not counted; used up
     * @param cost what it took to make, in milliseconds
     * @return the entry, leased; the one that was there, where that has come into use again
     */
    Entry commit(CacheId id, Path written, long size, long reserved, long cost) throws IOException {
        String sum = "";
        if (id.kind().isDerived()) {
            // damage is found by the sum and made good, so that nobody needs to wait for the disk
            sum = Checksum.of(written);
        } else {
            sync(written);
        }
        Entry entry =
                new Entry(id.kind(), id.digest(), size, sum, clock.instant().getEpochSecond(), cost);
        entry.soundAt = modified(written);
        return space.put(entry, written, reserved);
    }

    /**
     * Hands the file of an entry to a writer.
     *
     * @param to where it is then
     * @return what is promised to the writer for it, in bytes; 0 where it is not there, too old, or in use
     */
    long takeOut(CacheId id, Path to) throws IOException {
        Entry entry = index.get(id.kind(), id.digest());
        if (entry == null || entry.discarded || !isFresh(entry, clock.instant())) {
            return 0;
        }
        return space.takeOut(entry, to) ? entry.allocated() : 0;
    }

    /** Makes sure that the bytes are on the disk, so that a power cut cannot leave an entry with holes. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Writes a block and removes it. */
    void tryToWrite() throws IOException {
        Path probe = temporary(".probe");
        try {
            Files.write(probe, new byte[(int) DiskBudget.BLOCK]);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** What the file system has left for us, in bytes. */
    long freeBytes() throws IOException {
        return volume.freeBytes();
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
            for (Entry entry : index.all(kind)) {
                if (!isFresh(entry, now)) {
                    space.expire(entry);
                } else if (entry.lastUsed - entry.flushed >= FLUSH_INTERVAL.toSeconds()) {
                    flush(entry);
                }
            }
        }
    }

    private void flush(Entry entry) {
        if (!entry.lease()) {
            return;
        }
        try {
            long used = entry.lastUsed;
            Path file = folder.path(entry);
            boolean sound = entry.soundAt >= 0 && modified(file) == entry.soundAt;
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(used)));
            entry.soundAt = sound ? TimeUnit.SECONDS.toNanos(used) : -1;
            entry.flushed = used;
            space.noteUse(entry);
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
        keys.close();
        for (CacheKind kind : CacheKind.values()) {
            for (Entry entry : index.all(kind)) {
                if (entry.lastUsed - entry.flushed >= LAST_FLUSH.toSeconds()) {
                    flush(entry);
                }
            }
        }
        space.close();
    }
}
