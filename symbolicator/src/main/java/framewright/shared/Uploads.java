package framewright.shared;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes behind the answers, on threads of the platform, since compressing takes a carrier for as long as it lasts.
 * What waits is a few words, not an open file, so that it keeps nothing in the cache.
 */
final class Uploads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long LAST_MOMENTS_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    /**
     * @param concurrent at a time
     * @param waiting more than these are refused
     */
    Uploads(int concurrent, int waiting) {
        this.threads = new ThreadPoolExecutor(
                Math.max(1, concurrent),
                Math.max(1, concurrent),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(Math.max(1, waiting)),
                Thread.ofPlatform()
                        .daemon()
                        .name("shared-upload-", 0)
                        .inheritInheritableThreadLocals(false)
                        .factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs the task some time; false: it never will. */
    boolean add(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Those that run or wait. */
    long depth() {
        return threads.getActiveCount() + (long) threads.getQueue().size();
    }

    /** Ends those that run, and waits a little for them: what they have open is closed after this. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            var _ = threads.awaitTermination(LAST_MOMENTS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
