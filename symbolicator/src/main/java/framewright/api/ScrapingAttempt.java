package framewright.api;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file was fetched from the web, and how that ended. Sorted as answers have them.
 *
 * @param reason of a failure; null where there is none
 * @param details of a failure, a sentence or a part of one; may be empty
 */
public record ScrapingAttempt(
        String url, Status status, @Nullable Reason reason, String details) implements Comparable<ScrapingAttempt> {
    private static final Comparator<ScrapingAttempt> ORDER = Comparator.comparing(ScrapingAttempt::url)
            .thenComparing(ScrapingAttempt::status)
            .thenComparing(ScrapingAttempt::reason, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(ScrapingAttempt::details);

    /** How an attempt ended. */
    public enum Status {
        NOT_ATTEMPTED,
        SUCCESS,
        FAILURE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why it failed. */
    public enum Reason {
        NOT_FOUND,
        DISABLED,
        INVALID_HOST,
        PERMISSION_DENIED,
        TIMEOUT,
        DOWNLOAD_ERROR,
        OTHER;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The file was had from elsewhere. */
    public static ScrapingAttempt notAttempted(String url) {
        return new ScrapingAttempt(url, Status.NOT_ATTEMPTED, null, "");
    }

    public static ScrapingAttempt success(String url) {
        return new ScrapingAttempt(url, Status.SUCCESS, null, "");
    }

    public static ScrapingAttempt failed(String url, Reason reason, String details) {
        return new ScrapingAttempt(url, Status.FAILURE, reason, details);
    }

    /** What a failure of a download counts as. */
    public static ScrapingAttempt failed(String url, Outcome.Failure failure) {
        return switch (failure) {
            case Outcome.Missing _ -> failed(url, Reason.NOT_FOUND, "");
            case Outcome.Denied(String details) -> failed(url, Reason.PERMISSION_DENIED, details);
            case Outcome.TimedOut timedOut ->
                failed(url, Reason.TIMEOUT, "Timeout after " + Durations.text(timedOut.limit()));
            case Outcome.Unreachable unreachable -> failed(url, Reason.DOWNLOAD_ERROR, unreachable.details());
            case Outcome.Malformed(String details) -> failed(url, Reason.OTHER, details);
            case Outcome.Unsupported(String details) -> failed(url, Reason.OTHER, details);
        };
    }

    @Override
    public int compareTo(ScrapingAttempt other) {
        return ORDER.compare(this, other);
    }
}
