package framewright.cache;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NegativeEntryTest {
    private static final Instant WHEN = Instant.ofEpochMilli(1_700_000_000_123L);

    @Property
    void parse_ofFormat_givesTheEntryBack(@ForAll String details, @ForAll boolean everyone) {
        Retention retention = everyone ? Retention.PUBLIC : Retention.PRIVATE;
        String plain = details.replaceAll("[\\ud800-\\udfff]", "");
        String kept = plain.substring(0, Math.min(plain.length(), 1000));
        NegativeEntry entry = new NegativeEntry(new Malformed(plain), WHEN, retention);
        assertThat(NegativeEntry.parse(entry.format()))
                .isEqualTo(new NegativeEntry(new Malformed(kept), WHEN, retention));
    }

    @Test
    void format_ofAHugeSentence_staysWithinABlock() {
        byte[] bytes = new NegativeEntry(new Unreachable("\u20ac".repeat(100_000)), WHEN, Retention.PUBLIC).format();
        assertThat(bytes.length).isLessThanOrEqualTo(4096);
        assertThat(NegativeEntry.parse(bytes)).isNotNull();
    }

    @Test
    void parse_ofAnyCutOffOrDamagedFile_isNothing() {
        for (Failure failure : List.of(new TimedOut(Duration.ofMillis(200)), new Unreachable("500 Oops"))) {
            byte[] whole = new NegativeEntry(failure, WHEN, Retention.PRIVATE).format();
            for (int length = 0; length < whole.length; length++) {
                assertThat(NegativeEntry.parse(Arrays.copyOf(whole, length))).isNull();
            }
            assertThat(NegativeEntry.parse(Arrays.copyOf(whole, whole.length + 1))).isNull();
        }
    }

    @Property
    void parse_ofAnyBytes_neverThrows(@ForAll byte[] bytes) {
        NegativeEntry entry = NegativeEntry.parse(bytes);
        assertThat(entry == null || entry.format().length > 0).isTrue();
    }
}
