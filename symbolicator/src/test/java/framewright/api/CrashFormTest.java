package framewright.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashFormTest {
    private final CrashForm form = new CrashForm();

    private CrashRequest read(String name, String value) {
        form.read(name, new ByteArrayInputStream(value.getBytes(UTF_8)));
        return form.request(false);
    }

    /** Contract 1.3: context is always added and frames are always callee first; the other options count. */
    @Test
    void options_thatCrashFilesHaveNoChoiceIn_areIgnored() {
        SymbolicateOptions options = read("options", """
                {"apply_source_context": false, "frame_order": "caller_first",
                 "dif_candidates": true, "extract_variables": true, "causes": true}""").options();
        assertThat(options).isEqualTo(new SymbolicateOptions(true, true, FrameOrder.CALLEE_FIRST, true, true));
    }

    @Test
    void platform_isAStringOfJson() {
        assertThat(read("platform", "\"native\"").platform()).isEqualTo("native");
        assertThat(read("platform", "null").platform()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "", "\"native", "\"a\" \"b\""})
    void platform_thatIsNoJson_isRefused(String value) {
        assertThatThrownBy(() -> read("platform", value)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{}", "[\"native\"]"})
    void platform_thatIsNoString_isRefused(String value) {
        assertThatThrownBy(() -> read("platform", value)).isInstanceOf(InvalidRequestException.class);
    }
}
