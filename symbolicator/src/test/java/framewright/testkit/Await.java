package framewright.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads do. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_NANOS = 2_000_000;

    private Await() {}

    /** Returns as soon as the condition holds; fails where it never does. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
