package framewright.queue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Each attempt is closed for itself: a file's writer puts together what comes by itself. */
final class ClosedAlone implements Worker.Closing {
    /** What was slow comes in bursts, as when a source that hung is given up: it takes turns with what is not. */
    private static final int SLOW_AT_ONCE = 2;

    private final ResultSender sender;
    private final Semaphore slow = new Semaphore(SLOW_AT_ONCE, true);

    ClosedAlone(ResultSender sender) {
        this.sender = sender;
    }

    @Override
    public EventResults.@Nullable Item write(Ledger.Attempt attempt, Lane lane, Runnable queued)
            throws InterruptedException {
        if (lane == Lane.WARM) {
            return sender.write(attempt, later(queued));
        }
        slow.acquire();
        AtomicBoolean has = new AtomicBoolean(true);
        Runnable release = () -> {
            if (has.compareAndSet(true, false)) {
                slow.release();
            }
        };
        try {
            return sender.write(attempt, later(() -> {
                release.run();
                queued.run();
            }));
        } finally {
            release.run();
        }
    }

    /** A slot's lock may be held by who waits for another slot, and the one who writes must not wait for that. */
    private static Runnable later(Runnable work) {
        return () -> {
            Thread _ = Thread.startVirtualThread(work);
        };
    }
}
