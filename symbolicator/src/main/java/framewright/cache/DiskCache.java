package framewright.cache;

import framewright.config.CacheSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The entries of a directory, their age and their use. How room is kept is in {@link DiskSpace}. */
final class DiskCache implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DiskCache.class.getName());

    /** What {@code tmp} may grow to: its own folder never shrinks. */
    private static final long TMP_FOLDER = 16 * DiskBudget.BLOCK;

    private static final int LOG_SHARE = 64;
    private static final long MIN_LOG = 128 << 10;

    /** Some 300,000 failures, which take four times as much of memory. */
    private static final long MAX_LOG = 32 << 20;

    private static final Duration FLUSH_INTERVAL = Duration.ofHours(1);

    /** What may be lost of the order of use when the process ends. */
    private static final Duration LAST_FLUSH = Duration.ofMinutes(1);

    private final CacheFolder folder;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final EntryIndex index = new EntryIndex();
    private final AtomicLong names = new AtomicLong();
    private final DiskSpace space;
    private final NegativeCache failures;

    /**
     * Takes over what the directory holds: removes leftovers, other versions and what is too old, and makes room until
     * the cap holds.
     */
    DiskCache(CacheDirectory directory, CacheSettings settings, InstantSource clock) throws IOException {
        this.folder = new CacheFolder(directory.path());
        this.settings = settings;
        this.clock = clock;
        this.space = new DiskSpace(folder, index, clock);
        folder.prepare();
        int obsolete = folder.removeOtherVersions();
        if (obsolete > 0) {
            LOG.log(Level.INFO, "removed {0} cached files of other versions", obsolete);
        }
        space.use(CacheFolder.fixedFolders() * DiskBudget.BLOCK + TMP_FOLDER);
        folder.scan(space::admit);
        maintainFiles();
        long cap = settings.maxBytes() > 0 ? settings.maxBytes() : directory.defaultCap(space.used());
        long logBytes = logBytes(cap);
        space.use(logBytes);
        this.failures = new NegativeCache(folder.failures(), logBytes, settings, clock);
        space.limit(cap);
    }

    /** Room for the log of failures, counted as used from the start. */
    static long logBytes(long cap) {
        return Math.clamp(cap / LOG_SHARE, MIN_LOG, MAX_LOG) / DiskBudget.BLOCK * DiskBudget.BLOCK;
    }

    /** Promises and their keeping. */
    DiskSpace space() {
        return space;
    }

    /** What is remembered of things that could not be had. */
    NegativeCache failures() {
        return failures;
    }

    CacheStats stats(CacheKind kind, long hits, long misses) {
        return index.stats(kind, failures.count(kind), hits, misses);
    }

    // ---- looking up

    /** The entry, leased, where it is there and not too old; its last use is now. */
    @Nullable
    Entry find(CacheId id) {
        Entry entry = index.get(id.kind(), id.digest());
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
     * @return the entry, leased; the one that was there, where that has come into use again
     */
    Entry commit(CacheId id, Path written, long size, long reserved) throws IOException {
        sync(written);
        Entry entry = new Entry(id.kind(), id.digest(), size, clock.instant().getEpochSecond());
        return space.put(entry, written, reserved);
    }

    /** Makes sure that the bytes are on the disk, so that a power cut cannot leave an entry with holes. */
    private static void sync(Path file) throws IOException {
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
            for (Entry entry : index.all(kind)) {
                if (entry.lastUsed - entry.flushed >= LAST_FLUSH.toSeconds()) {
                    flush(entry);
                }
            }
        }
    }
}
