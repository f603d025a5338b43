package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "200ms, PT0.2S",
        "1h 30m, PT1H30M",
        "1h30m, PT1H30M",
        "5days, PT120H",
        "2 weeks, PT336H",
        "1us, PT0.000001S",
        "1M, PT730H33M36S",
        "1year, PT8766H",
        "0, PT0S",
        "0s, PT0S"
    })
    void duration_inThePeersUnits_isRead(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "5", "5 parsecs", "-5s", "s", "5s and more", "1.5h", "9223372036854775807years"})
    void duration_ofAnotherForm_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    }

    @Property
    boolean duration_ofWholeSeconds_isItself(@ForAll @LongRange(min = 0) long seconds) {
        return DurationText.parse(seconds + "s").equals(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 1048576",
        "64MiB, 67108864",
        "64 mib, 67108864",
        "1 GB, 1000000000",
        "1.5KiB, 1536",
        "0, 0",
        "10b, 10"
    })
    void size_inBinaryAndDecimalUnits_isRead(String text, long expected) {
        assertThat(ByteSize.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1 elephant", "1e9", "9223372036854775808", "9000000 TiB"})
    void size_ofAnotherForm_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:3021, 127.0.0.1, 3021", "[::1]:80, ::1, 80", "localhost:0, localhost, 0"})
    void bind_withHostAndPort_isRead(String text, String host, int port) {
        assertThat(Bind.parse(text)).isEqualTo(new Bind(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3021", ":3021", "localhost", "localhost:", "localhost:65536", "::1:80", "localhost:-1"})
    void bind_ofAnotherForm_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bind.parse(text));
    }

    @Property
    boolean distance_isTheSameInBothDirections(@ForAll String one, @ForAll String other) {
        return Spelling.distance(one, other) == Spelling.distance(other, one);
    }

    @ParameterizedTest
    @CsvSource({"bnid, bind, 1", "cache_dri, cache_dir, 1", "sources, sources, 0", "a, '', 1"})
    void distance_countsWhatWasMistyped(String one, String other, int expected) {
        assertThat(Spelling.distance(one, other)).isEqualTo(expected);
    }
}
