package framewright.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file of the disk cache, which stays where it is until this is closed. */
public final class CachedFile implements AutoCloseable {
    private final CacheKey key;
    private final DiskCache disk;
    private final Entry entry;
    private final AtomicBoolean closed = new AtomicBoolean();

    CachedFile(CacheKey key, DiskCache disk, Entry leased) {
        this.key = key;
        this.disk = disk;
        this.entry = leased;
    }

    /** Never written to again. */
    public Path path() {
        return disk.path(entry);
    }

    /** Length of the file. */
    public long bytes() {
        return entry.size;
    }

    /**
     * Whether the file has the bytes that were written. Where there is a checksum, the file is read once after a start,
     * and again when its time has changed. Only derived files have one: what others hold is checked where it is read.
     */
    public boolean isIntact() {
        try {
            return disk.isIntact(entry);
        } catch (IOException e) {
            return false;
        }
    }

    public CacheKey key() {
        return key;
    }

    /** Lets the cache remove the file; more calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            disk.release(entry);
        }
    }
}
