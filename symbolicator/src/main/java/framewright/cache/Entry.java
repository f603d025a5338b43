package framewright.cache;

import java.util.concurrent.atomic.AtomicInteger;

/** One file of the disk cache, as memory knows it. */
final class Entry {
    private static final int GONE = -1;

    final CacheKind kind;
    final Digest digest;

    /** Content, in bytes. */
    final long size;

    /** CRC-32C of the content in eight digits; empty where none was taken. */
    final String sum;

    /** Time of the file when its bytes were last known to be what the sum says, in nanoseconds; -1: not known. */
    volatile long soundAt = -1;

    /** Serves no new request, and goes when nobody uses it. */
    volatile boolean discarded;

    /** Seconds since 1970. */
    volatile long lastUsed;

    /** What the file's time says, in seconds since 1970; touched by maintenance alone. */
    long flushed;

    /** Its place among the victims; guarded by the cache's lock. */
    int place = -1;

    private final AtomicInteger leases = new AtomicInteger();

    Entry(CacheKind kind, Digest digest, long size, String sum, long lastUsed) {
        this.kind = kind;
        this.digest = digest;
        this.size = size;
        this.sum = sum;
        this.lastUsed = lastUsed;
        this.flushed = lastUsed;
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
