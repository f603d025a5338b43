package framewright.telemetry;

import org.jspecify.annotations.Nullable;

/** The id of the job that the current thread works for; threads it starts inherit it. Log lines carry it. */
public final class RequestId {
    private static final InheritableThreadLocal<@Nullable String> CURRENT = new InheritableThreadLocal<>();

    private RequestId() {}

    /** Null outside of a job. */
    public static @Nullable String current() {
        return CURRENT.get();
    }

    /** Runs {@code work} under this id. */
    public static void with(String id, Runnable work) {
        CURRENT.set(id);
        try {
            work.run();
        } finally {
            CURRENT.remove();
        }
    }
}
