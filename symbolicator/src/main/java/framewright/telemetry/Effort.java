package framewright.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever schedules the current piece of work what it is about to cost, before it does, and hears whether it may.
 * What a thread is told, threads it starts inherit; where nobody schedules, everything may be done.
 */
public final class Effort {
    private static final InheritableThreadLocal<@Nullable Watch> CURRENT = new InheritableThreadLocal<>();

    /** What is slow, the slower the later. */
    public enum Step {
        /** To convert a file that is here. */
        CONVERT,
        /** To fetch a file from a source. */
        DOWNLOAD,
        /** To fetch a file from the web, which may be anyone's. */
        SCRAPE;

        /** Stable name. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who schedules. */
    @FunctionalInterface
    public interface Watch {
        /** Whether the work may do this now, perhaps after a while; if not, it goes without. Called by many threads. */
        boolean mayBegin(Step step) throws InterruptedException;

        /** A file of so many bytes has come from elsewhere. Called by many threads. */
        default void fetched(long bytes) {}
    }

    private Effort() {}

    /** Whether the current work may do this now; waits where it has to wait for its turn. */
    public static boolean mayBegin(Step step) throws InterruptedException {
        Watch watch = CURRENT.get();
        return watch == null || watch.mayBegin(step);
    }

    /** The current work has had a file of so many bytes brought from elsewhere. */
    public static void fetched(long bytes) {
        Watch watch = CURRENT.get();
        if (watch != null) {
            watch.fetched(bytes);
        }
    }

    /** Has the current thread, and those that it starts, work for nobody: for what others wait for, too. */
    public static void leave() {
        CURRENT.remove();
    }

    /** Has the current thread, and those that it starts, work under this. */
    public static void enter(Watch watch) {
        CURRENT.set(watch);
    }
}
