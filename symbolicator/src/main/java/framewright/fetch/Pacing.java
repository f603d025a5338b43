package framewright.fetch;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time as downloads see it, and the chance in how long they wait. An interface, so that tests move both by hand. */
interface Pacing extends AutoCloseable {
    /** Passed since some moment. */
    long nanos();

    void pause(Duration time) throws InterruptedException;

    /** At least 0 and below 1. */
    double chance();

    /** Runs {@code task}, which takes no time, after {@code delay}, unless the result is called before. */
    Runnable after(Duration delay, Runnable task);

    @Override
    void close();

    /** The real ones, with one thread for all timers. */
    static Pacing real() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .name("download-watch")
                        .inheritInheritableThreadLocals(false)
                        .factory());
        timers.setRemoveOnCancelPolicy(true);
        // a download that has not noticed yet that all is being closed
        timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return new Pacing() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration time) throws InterruptedException {
                Thread.sleep(time);
            }

            @Override
            public double chance() {
                return ThreadLocalRandom.current().nextDouble();
            }

            @Override
            public Runnable after(Duration delay, Runnable task) {
                Future<?> timer = timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> timer.cancel(false);
            }

            @Override
            public void close() {
                timers.shutdownNow();
            }
        };
    }
}
