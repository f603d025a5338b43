package framewright.cache;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FailureClassTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Failure> ONE_OF_EACH = List.of(
            new Missing(),
            new Denied("403 Forbidden"),
            new TimedOut(Duration.ofSeconds(1)),
            new Unreachable("host not found"),
            new Malformed("bad"),
            new Unsupported("pdb"),
            new Malformed("Maximum file size exceeded"));
    private static final Lifetimes LIFETIMES =
            new Lifetimes(Duration.ofDays(1), Duration.ofHours(10), Duration.ofHours(20), Duration.ofHours(30));
    private static final Retries RETRIES = new Retries(
            Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3), Duration.ofHours(4), Duration.ofHours(5));

    @Test
    void everyClass_hasItsFailure_andALifetimeOfItsOwn() {
        assertThat(ONE_OF_EACH.stream().map(FailureClass::of)).containsExactly(FailureClass.values());
        Set<Duration> lifetimes = new HashSet<>();
        for (FailureClass failure : FailureClass.values()) {
            lifetimes.add(failure.lifetime(Retention.PRIVATE, LIFETIMES, RETRIES));
        }
        assertThat(lifetimes).hasSize(FailureClass.values().length);
    }

    @Property
    void failure_isRememberedForNineTenthsOfItsLifetimeAtLeast_andNeverLonger(
            @ForAll @IntRange(max = 6) int which,
            @ForAll Retention retention,
            @ForAll long a,
            @ForAll long d,
            @ForAll @LongRange(min = 1, max = 100_000_000) long misses,
            @ForAll @LongRange(min = 1, max = 100_000_000) long own) {
        Duration longest = Duration.ofMillis(misses);
        Lifetimes lifetimes = new Lifetimes(null, longest, longest.multipliedBy(2), longest.multipliedBy(3));
        Duration each = Duration.ofMillis(own);
        Retries retries = new Retries(each, each, each, each, each);
        Failure failure = ONE_OF_EACH.get(which);
        CacheId id = new CacheId(CacheKind.OBJECTS, new Digest(a, 0, 0, d));
        Instant until =
                Objects.requireNonNull(new NegativeEntry(id, failure, START, retention).until(lifetimes, retries));
        Duration lifetime = Objects.requireNonNull(FailureClass.of(failure).lifetime(retention, lifetimes, retries));
        assertThat(Duration.between(START, until))
                .isBetween(lifetime.multipliedBy(9).dividedBy(10), lifetime);
        boolean ofAFile = failure instanceof Malformed;
        Duration peers =
                ofAFile ? longest.multipliedBy(3) : retention == Retention.PUBLIC ? longest.multipliedBy(2) : longest;
        assertThat(lifetime).as("the peer's keys stay upper bounds").isLessThanOrEqualTo(peers);
    }

    @Test
    void failures_thatBeganTogether_doNotEndTogether() {
        Set<Instant> ends = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            CacheId id = new CacheId(CacheKind.OBJECTS, Digest.of("key " + i));
            ends.add(new NegativeEntry(id, new Missing(), START, Retention.PRIVATE).until(LIFETIMES, RETRIES));
        }
        assertThat(ends).hasSizeGreaterThan(80);
    }
}
