package framewright.warming;

import java.time.Instant;
import java.util.Locale;

/**
 * A job.
 *
 * @param project on whose behalf, as {@code organisation/project}; {@code organisation/} for the organisation, empty for
 *     the settings
 * @param reason why there is this one: {@code rule NAME}, or who asked
 * @param target as {@link framewright.api.WarmTarget} reads it
 * @param maxBytes no file is begun once so many have come
 * @param rate files in a minute; 0: as fast as it goes
 * @param files how many there are to do; 0 before it runs
 * @param found those of the done ones that are whole in the caches now
 * @param details in words: how it ended
 */
public record WarmJob(
        long id,
        String project,
        String reason,
        String target,
        long maxBytes,
        int rate,
        State state,
        long files,
        long done,
        long found,
        long bytes,
        String details,
        Instant created,
        Instant updated) {
    /** Where it stands. */
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        /** Stable name. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Whether whoever sees these projects sees it. Those of the settings are everybody's.
     *
     * @param reach {@code organisation/project}, or {@code organisation/} for all of its projects
     */
    public boolean isSeenBy(String reach) {
        return project.isEmpty() || project.equals(reach) || (reach.endsWith("/") && project.startsWith(reach));
    }

    /** Empty: nobody's in particular. */
    String organization() {
        return project.substring(0, Math.max(0, project.indexOf('/')));
    }
}
