package framewright.fetch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How long a download waits before it is tried again: any time up to a bound that doubles, so that many that failed
 * together do not come back together; at least as long as the server asks for with {@code Retry-After} (RFC 9110,
 * 10.2.3).
 */
final class Retries {
    /** With the first one. */
    static final int TRIES = 3;

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofSeconds(2);

    /** A request waits for its downloads: a server that wants to be left alone for longer is not tried again. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(10);

    private static final int SHARE = 20;
    private static final int MAX_DIGITS = 9;

    private final Pacing pacing;
    private final InstantSource clock;

    Retries(Pacing pacing, InstantSource clock) {
        this.pacing = pacing;
        this.clock = clock;
    }

    /**
     * The pause after a try.
     *
     * @param attempt the first one is 1
     * @param retryAfter the header; empty: there is none
     * @param limit of all tries together, little of which may be spent on chance
     * @return null where there is no other try
     */
    @Nullable
    Duration pause(int attempt, String retryAfter, Duration limit) {
        Duration asked = asked(retryAfter);
        if (attempt >= TRIES || asked.compareTo(MAX_RETRY_AFTER) > 0) {
            return null;
        }
        long most = Math.min(MOST.toNanos(), limit.toNanos() / SHARE);
        long bound = Math.min(most, FIRST.toNanos() << (attempt - 1));
        return asked.plusNanos((long) (bound * pacing.chance()));
    }

    /** Zero where the header says nothing that can be read, or a time that has passed. */
    private Duration asked(String retryAfter) {
        String text = retryAfter.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > MAX_DIGITS
                    ? Duration.ofSeconds(Long.MAX_VALUE)
                    : Duration.ofSeconds(Long.parseLong(text));
        }
        Instant then = HttpDate.parse(text);
        Duration wait = then == null ? Duration.ZERO : Duration.between(clock.instant(), then);
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
