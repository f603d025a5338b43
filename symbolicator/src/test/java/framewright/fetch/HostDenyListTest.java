package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.config.FetchSettings.DenyList;
import framewright.testkit.ManualClock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostDenyListTest {
    private static final Unreachable OOPS = new Unreachable("500 Internal Server Error");

    private final ManualClock clock = new ManualClock();

    private HostDenyList list(boolean enabled) {
        return new HostDenyList(
                new DenyList(
                        enabled,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        3,
                        Duration.ofHours(1),
                        Set.of("trusted")),
                clock);
    }

    @Test
    void host_withTooManyFailures_isBlockedForAWhile() {
        HostDenyList list = list(true);
        list.failed("h", OOPS);
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).isNull();
        list.failed("h", new TimedOut(Duration.ofMillis(200)));
        assertThat(list.blocked("h"))
                .isEqualTo(new Unreachable("Host h is temporarily blocked because there were too many download"
                        + " failures. It will remain blocked for a maximum of 1h. The error that triggered the block"
                        + " was: `download timed out after 200ms`."));
        assertThat(list.blocked("other")).isNull();
        clock.advance(Duration.ofMinutes(59));
        assertThat(list.blocked("h")).isNotNull();
        clock.advance(Duration.ofMinutes(1));
        assertThat(list.blocked("h")).isNull();
    }

    private HostDenyList halfOpen() {
        HostDenyList list = list(true);
        for (int i = 0; i < 3; i++) {
            list.failed("h", OOPS);
        }
        assertThat(list.blockedUntil("h")).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(1));
        assertThat(list.blockedUntil("h")).isNull();
        assertThat(list.blocked("h")).as("one is let through").isNull();
        assertThat(list.blocked("h")).as("the next one waits").isNotNull();
        return list;
    }

    @Test
    void probes_thatFailTwice_blockAgain_withTheirOwnReason() {
        HostDenyList list = halfOpen();
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).as("a second one is let through").isNull();
        assertThat(list.blocked("h")).as("and no other with it").isNotNull();
        list.failed("h", new Unreachable("connection refused"));
        assertThat(list.blockedUntil("h")).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        assertThat(String.valueOf(list.blocked("h"))).contains("connection refused");
        clock.advance(Duration.ofHours(1));
        assertThat(list.blocked("h")).isNull();
    }

    @Test
    void probe_thatIsAnswered_opensTheHost_andFailuresAreCountedAnew() {
        HostDenyList list = halfOpen();
        list.answered("h");
        assertThat(list.blocked("h")).isNull();
        list.failed("h", OOPS);
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).isNull();
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).isNotNull();
    }

    @Test
    void probe_thatIsGivenUp_leavesItToTheNext() {
        HostDenyList list = halfOpen();
        list.abandoned("h");
        assertThat(list.blocked("h")).isNull();
        assertThat(list.blocked("h")).isNotNull();
    }

    @Test
    void answersAndFailures_ofDownloadsFromBeforeTheBlock_changeNothing() {
        HostDenyList list = list(true);
        for (int i = 0; i < 3; i++) {
            list.failed("h", OOPS);
        }
        list.answered("h");
        clock.advance(Duration.ofMinutes(1));
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).isNotNull();
        assertThat(list.blockedUntil("h")).isEqualTo(clock.instant().plus(Duration.ofMinutes(59)));
    }

    @Test
    void failures_olderThanTheWindow_doNotCount() {
        HostDenyList list = list(true);
        list.failed("h", OOPS);
        list.failed("h", OOPS);
        clock.advance(Duration.ofSeconds(61));
        list.failed("h", OOPS);
        assertThat(list.blocked("h")).isNull();
    }

    @Test
    void exemptHosts_andADisabledList_areNeverBlocked() {
        HostDenyList list = list(true);
        HostDenyList off = list(false);
        for (int i = 0; i < 10; i++) {
            list.failed("trusted", OOPS);
            off.failed("h", OOPS);
        }
        assertThat(list.blocked("trusted")).isNull();
        assertThat(off.blocked("h")).isNull();
    }

    @Test
    void anyNumberOfHosts_isWatchedInBoundedRoom() {
        HostDenyList list = list(true);
        for (int i = 0; i < 100_000; i++) {
            list.failed("h" + i, OOPS);
        }
        assertThat(list.watched()).isEqualTo(10_000);
    }
}
