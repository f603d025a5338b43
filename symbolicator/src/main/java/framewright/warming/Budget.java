package framewright.warming;

import framewright.telemetry.Effort;
import java.util.concurrent.atomic.AtomicLong;

/** What a job may still bring into the caches. The file at which that ends is brought whole. */
final class Budget implements Effort.Watch {
    private final long most;
    private final AtomicLong bytes;

    /** @param bytes that have come so far */
    Budget(long most, long bytes) {
        this.most = most;
        this.bytes = new AtomicLong(bytes);
    }

    @Override
    public boolean mayBegin(Effort.Step step) {
        return step == Effort.Step.CONVERT || !isSpent();
    }

    @Override
    public void fetched(long size) {
        bytes.addAndGet(size);
    }

    boolean isSpent() {
        return bytes.get() >= most;
    }

    long bytes() {
        return bytes.get();
    }
}
