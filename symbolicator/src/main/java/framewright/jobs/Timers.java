package framewright.jobs;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short tasks later. An interface, so that tests can move time by hand. */
public interface Timers extends AutoCloseable {
    /** Runs {@code task} after {@code delay}, unless the result is called before. */
    Runnable after(Duration delay, Runnable task);

    @Override
    void close();

    /** Timers on the real clock. */
    static Timers real() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .name("timers")
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .factory());
        executor.setRemoveOnCancelPolicy(true);
        return new Timers() {
            @Override
            public Runnable after(Duration delay, Runnable task) {
                Future<?> scheduled = executor.schedule(task, saturatedNanos(delay), TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(false);
            }

            @Override
            public void close() {
                executor.shutdownNow();
            }
        };
    }

    private static long saturatedNanos(Duration delay) {
        // A client may ask for a wait of 2^63 seconds; half of what the executor can count is for ever, too.
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        return (delay.compareTo(longest) > 0 ? longest : delay).toNanos();
    }
}
