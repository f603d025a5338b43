package framewright.fetch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A deadline on blocking I/O: when it passes, the operation is cancelled from outside. Timeouts of sockets do not do:
 * a server that sends a byte now and then never runs into them.
 */
final class Watch implements AutoCloseable {
    private final AtomicBoolean expired = new AtomicBoolean();
    private final Runnable stop;

    private Watch(Pacing pacing, Duration limit, Runnable cancel) {
        this.stop = pacing.after(limit, () -> {
            expired.set(true);
            // closing a connection may block
            Thread.startVirtualThread(cancel);
        });
    }

    static Watch start(Pacing pacing, Duration limit, Runnable cancel) {
        return new Watch(pacing, limit, cancel);
    }

    boolean hasExpired() {
        return expired.get();
    }

    /** Ends the watch; it does not expire any more. */
    @Override
    public void close() {
        stop.run();
    }
}
