package framewright.cache;

import framewright.api.Cause;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.CacheSettings.Retries;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What kind of failure is remembered, and so for how long: a network is mended sooner than a file. */
enum FailureClass {
    NOT_FOUND,
    DENIED,
    TIMEOUT,
    NETWORK,
    MALFORMED,
    UNSUPPORTED,
    OVER_LIMIT;

    /** A tenth of a lifetime is left to chance, so that what failed together is not asked for together. */
    private static final int JITTER_SHARE = 10;

    static FailureClass of(Failure failure) {
        return switch (failure) {
            case Missing _ -> NOT_FOUND;
            case Denied _ -> DENIED;
            case TimedOut _ -> TIMEOUT;
            case Unreachable _ -> NETWORK;
            case Malformed _ -> Cause.of(failure) == Cause.TOO_LARGE ? OVER_LIMIT : MALFORMED;
            case Unsupported _ -> UNSUPPORTED;
        };
    }

    /**
     * How long such a failure is remembered at most; null: for ever. Its own lifetime, but never longer than the peer's
     * for all failures.
     */
    @Nullable
    Duration lifetime(Retention retention, Lifetimes lifetimes, Retries retries) {
        Duration misses =
                retention == Retention.PUBLIC ? lifetimes.retryMissesAfterPublic() : lifetimes.retryMissesAfter();
        return switch (this) {
            case NOT_FOUND -> misses;
            case DENIED -> shorter(misses, retries.denied());
            case TIMEOUT -> shorter(misses, retries.timeout());
            case NETWORK -> shorter(misses, retries.network());
            case UNSUPPORTED -> shorter(misses, retries.unsupported());
            case MALFORMED -> lifetimes.retryMalformedAfter();
            case OVER_LIMIT -> shorter(lifetimes.retryMalformedAfter(), retries.overLimit());
        };
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The lifetime of one entry: up to a tenth shorter, and always the same for the same entry. */
    static Duration jittered(Duration longest, Digest digest) {
        long share = (digest.d() >>> 1) % 1000;
        return longest.minus(longest.dividedBy(1000L * JITTER_SHARE).multipliedBy(share));
    }
}
