package framewright.cache;

/**
 * The arithmetic of the cap: what entries and folders take, and what was promised to writers. Not thread-safe; guarded
 * by the lock of {@link DiskSpace}.
 */
final class DiskBudget {
    /** Smallest unit that common file systems allocate; also what an empty folder takes. */
    static final long BLOCK = 4096;

    private long cap = Long.MAX_VALUE;
    private long used;
    private long reserved;

    /** What a file of this length takes on disk. */
    static long allocated(long bytes) {
        return Math.addExact(bytes, BLOCK - 1) / BLOCK * BLOCK;
    }

    long cap() {
        return cap;
    }

    /** Sets the cap, once it is known what is there already. */
    void limit(long bytes) {
        cap = bytes;
    }

    long used() {
        return used;
    }

    long reserved() {
        return reserved;
    }

    /** What {@code more} bytes would pass the cap by; not positive where they fit. */
    long excess(long more) {
        return used + reserved - cap + more;
    }

    void use(long bytes) {
        used += bytes;
    }

    void free(long bytes) {
        used -= bytes;
    }

    void reserve(long bytes) {
        reserved += bytes;
    }

    void unreserve(long bytes) {
        reserved -= bytes;
    }
}
