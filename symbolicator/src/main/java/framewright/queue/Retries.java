package framewright.queue;

import framewright.api.Cause;
import framewright.api.Shortfall;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When what an answer lacked is asked for again, by the class of its failure. */
final class Retries {
    /** By how much a delay may be longer or shorter, so that what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private final RandomGenerator random;

    Retries(RandomGenerator random) {
        this.random = random;
    }

    /** How a failure is likely to end. */
    enum Kind {
        /** Passes by itself: a server that is down or slow, a full disk. Six times within some hours. */
        TRANSIENT(Duration.ofSeconds(30), 4, 6),
        /** Somebody has to mend a setting: again in an hour, in six, in a day and a half. */
        REFUSED(Duration.ofHours(1), 6, 3),
        /** Not there; an upload is heard of at once, a source is asked again in a day. */
        MISSING(Duration.ofDays(1), 1, 1),
        /** Will be the same for ever. */
        FINAL(Duration.ZERO, 1, 0);

        private final Duration first;
        private final int factor;
        private final int times;

        Kind(Duration first, int factor, int times) {
            this.first = first;
            this.factor = factor;
            this.times = times;
        }

        /** The class of a cause. */
        static Kind of(Cause cause) {
            return switch (cause) {
                case TIMEOUT,
                        SERVER_ERROR,
                        DNS_FAILURE,
                        CONNECTION_REFUSED,
                        CONNECTION_FAILED,
                        HOST_BLOCKED,
                        CACHE_FULL,
                        DISK_FAILURE,
                        NOT_AWAITED,
                        POSTPONED,
                        NEGATIVE_CACHED,
                        UNEXPECTED_ANSWER -> TRANSIENT;
                case UNAUTHORIZED, FORBIDDEN, TLS_FAILURE, ADDRESS_BLOCKED, MISCONFIGURED_SOURCE -> REFUSED;
                case NOT_FOUND,
                        NOT_LISTED,
                        NO_ARTIFACT,
                        NOT_IN_BUNDLE,
                        STRIPPED,
                        NO_DEBUG_INFO,
                        NO_LINE_MAPPING,
                        ID_MISMATCH,
                        WRONG_ARCH,
                        SCRAPING_DISABLED,
                        ORIGIN_NOT_ALLOWED,
                        HTML_PAGE,
                        NO_SOURCE_MAP,
                        STALE_SCRIPT,
                        MAP_OF_OTHER_SCRIPT,
                        WRONG_MAPPING,
                        MALFORMED -> MISSING;
                default -> FINAL;
            };
        }
    }

    /** Whether a file could mend it, and it is known by what that would be asked for. */
    static boolean canBeMended(Shortfall shortfall) {
        return shortfall.id() != null && Kind.of(shortfall.cause()) != Kind.FINAL;
    }

    /**
     * How long to wait until the next try; null: nothing is gained by another one.
     *
     * @param attempts how many there were
     */
    @Nullable
    Duration delay(List<Shortfall> missing, int attempts) {
        Duration soonest = null;
        for (Shortfall shortfall : missing) {
            Kind kind = Kind.of(shortfall.cause());
            if (attempts > kind.times) {
                continue;
            }
            Duration delay = kind.first.multipliedBy((long) Math.pow(kind.factor, attempts - 1));
            if (soonest == null || delay.compareTo(soonest) < 0) {
                soonest = delay;
            }
        }
        return soonest == null ? null : jittered(soonest);
    }

    private Duration jittered(Duration delay) {
        double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofMillis((long) (delay.toMillis() * factor));
    }
}
