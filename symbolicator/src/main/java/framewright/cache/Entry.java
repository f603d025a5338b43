package framewright.cache;

import java.util.concurrent.atomic.AtomicInteger;

/** One file of the disk cache, as memory knows it. */
final class Entry {
    private static final int GONE = -1;

    /** More uses than this tell no more, and fit into a byte on disk. */
    static final int MAX_USES = 255;

    /** Bytes per millisecond at which an entry is taken to have been made of which nobody knows. */
    private static final long USUAL_SPEED = 20_000;

    final CacheKind kind;
    final Digest digest;

    /** Content, in bytes. */
    final long size;

    /** CRC-32C of the content in eight digits; empty where none was taken. */
    final String sum;

    /** What it took to make or fetch it, in milliseconds; guessed from its size after a walk through the folders. */
    final long cost;

    /** Time of the file when its bytes were last known to be what the sum says, in nanoseconds; -1: not known. */
    volatile long soundAt = -1;

    /** Whether its file is known to be there; false after a start until it is first asked for. */
    volatile boolean proven = true;

    /** Serves no new request, and goes when nobody uses it. */
    volatile boolean discarded;

    /** Seconds since 1970. */
    volatile long lastUsed;

    /** How often it was asked for, up to {@link #MAX_USES}; one that is lost between two threads does not matter. */
    volatile int uses = 1;

    /** What the file's time says, in seconds since 1970; touched by maintenance alone. */
    long flushed;

    /** Its place among the victims; guarded by the cache's lock. */
    int place = -1;

    private final AtomicInteger leases = new AtomicInteger();

    /** One that was found in the folders. */
    Entry(CacheKind kind, Digest digest, long size, String sum, long lastUsed) {
        this(kind, digest, size, sum, lastUsed, usualCost(size));
    }

    /** What it usually takes to have so many bytes, in milliseconds. */
    static long usualCost(long bytes) {
        return bytes / USUAL_SPEED;
    }

    Entry(CacheKind kind, Digest digest, long size, String sum, long lastUsed, long cost) {
        this.kind = kind;
        this.digest = digest;
        this.size = size;
        this.sum = sum;
        this.lastUsed = lastUsed;
        this.flushed = lastUsed;
        this.cost = cost;
    }

    /** Counts a use. */
    void count() {
        int before = uses;
        if (before < MAX_USES) {
            uses = before + 1;
        }
    }

    long allocated() {
        return DiskBudget.allocated(size);
    }

    /** Keeps it from being removed until {@link #release()}; false where it is gone already. */
    boolean lease() {
        return leases.getAndUpdate(n -> n == GONE ? GONE : n + 1) != GONE;
    }

    void release() {
        leases.decrementAndGet();
    }

    boolean isLeased() {
        return leases.get() > 0;
    }

    /** Whether anyone but the caller, who holds a lease, holds one too. */
    boolean isShared() {
        return leases.get() > 1;
    }

    /** Claims it for removal; false where it is in use or gone. */
    boolean retire() {
        return leases.compareAndSet(0, GONE);
    }
}
