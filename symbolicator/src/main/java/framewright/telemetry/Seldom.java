package framewright.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/** Lets one line a minute through: what fails for every request must not fill the log, or what is left of a disk. */
public final class Seldom {
    private static final long MILLIS = 60_000;

    private final AtomicLong next = new AtomicLong();

    /**
     * Whether a line is due.
     *
     * @param nowMillis since 1970
     */
    public boolean isDue(long nowMillis) {
        long due = next.get();
        return nowMillis >= due && next.compareAndSet(due, nowMillis + MILLIS);
    }
}
