package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Eight bytes at a time find what one at a time does. */
class StringScanTest {
    @Property
    void plain_ends_where_a_slow_scan_does(
            @ForAll @Size(max = 40) byte[] bytes,
            @ForAll @IntRange(max = 40) int from,
            @ForAll @IntRange(max = 40) int end) {
        int stop = Math.min(end, bytes.length);
        int start = Math.min(from, stop);
        int expected = start;
        while (expected < stop
                && bytes[expected] != '"'
                && bytes[expected] != '\\'
                && !(bytes[expected] >= 0 && bytes[expected] < ' ')) {
            expected++;
        }
        assertThat(StringScan.plain(bytes, start, stop)).isEqualTo(expected);
    }

    @Property
    void plain_passes_over_text(@ForAll @IntRange(min = ' ', max = 255) int other, @ForAll @IntRange(max = 30) int at) {
        byte[] bytes = "x".repeat(31).getBytes(StandardCharsets.US_ASCII);
        bytes[at] = (byte) other;
        int expected = other == '"' || other == '\\' ? at : bytes.length;
        assertThat(StringScan.plain(bytes, 0, bytes.length)).isEqualTo(expected);
    }
}
