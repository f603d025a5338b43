package framewright.fetch;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A deadline on blocking I/O: when it passes, the operation is cancelled from outside. Timeouts of sockets do not do:
 * a server that sends a byte now and then never runs into them.
 */
final class Watch implements AutoCloseable {
    private final AtomicBoolean expired = new AtomicBoolean();
    private final ScheduledFuture<?> timer;

    private Watch(ScheduledThreadPoolExecutor timers, Duration limit, Runnable cancel) {
        this.timer = timers.schedule(
                () -> {
                    expired.set(true);
                    // closing a connection may block
                    Thread.startVirtualThread(cancel);
                },
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** The timers of all watches; one thread, which does nothing that takes time. */
    static ScheduledThreadPoolExecutor timers() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("download-watch").factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    static Watch start(ScheduledThreadPoolExecutor timers, Duration limit, Runnable cancel) {
        return new Watch(timers, limit, cancel);
    }

    boolean hasExpired() {
        return expired.get();
    }

    /** Ends the watch; it does not expire any more. */
    @Override
    public void close() {
        timer.cancel(false);
    }
}
