package framewright.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param concurrent jobs in flight at a time; null: any number
 * @param wall how long a job may take
 * @param linger how long a finished answer can be polled
 * @param keptBytes memory for answers that wait to be polled; the oldest give way, the newest always fits
 */
public record JobLimits(@Nullable Integer concurrent, Duration wall, Duration linger, long keptBytes) {
    /** The wall limit and the linger of the peer. */
    public static JobLimits of(@Nullable Integer concurrent, long keptBytes) {
        return new JobLimits(concurrent, Duration.ofMinutes(15), Duration.ofSeconds(90), keptBytes);
    }
}
