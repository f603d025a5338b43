package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Cause;
import framewright.api.Shortfall;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private final Retries retries = new Retries(new Random(1));

    private static Shortfall lacking(Cause cause) {
        return new Shortfall(Shortfall.Kind.DEBUG_FILE, "id", "lib.so", cause, "");
    }

    @Test
    void passingFailures_areTriedAgain_laterEachTime_andNotForEver() {
        Duration last = Duration.ZERO;
        for (int attempt = 1; attempt <= 6; attempt++) {
            Duration delay = retries.delay(List.of(lacking(Cause.TIMEOUT)), attempt);
            assertThat(delay).isGreaterThan(last);
            last = delay;
        }
        assertThat(retries.delay(List.of(lacking(Cause.TIMEOUT)), 7)).isNull();
    }

    @Test
    void delays_varyByAFifth() {
        for (int i = 0; i < 100; i++) {
            assertThat(retries.delay(List.of(lacking(Cause.SERVER_ERROR)), 1))
                    .isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
        }
    }

    @Test
    void soonestOfAllCauses_counts() {
        assertThat(retries.delay(List.of(lacking(Cause.NOT_FOUND), lacking(Cause.TIMEOUT)), 1))
                .isLessThan(Duration.ofMinutes(1));
        assertThat(retries.delay(List.of(lacking(Cause.NOT_FOUND)), 1)).isGreaterThan(Duration.ofHours(19));
    }

    @Test
    void whatStaysAsItIs_isNotTriedAgain() {
        assertThat(retries.delay(List.of(lacking(Cause.KIND_UNSUPPORTED), lacking(Cause.TOO_LARGE)), 1))
                .isNull();
        assertThat(retries.delay(List.of(), 1)).isNull();
    }
}
