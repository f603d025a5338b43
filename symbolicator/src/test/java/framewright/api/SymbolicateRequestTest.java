package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.debugfiles.ObjectType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolicateRequestTest {
    static SymbolicateRequest read(String json) {
        return SymbolicateRequest.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static RawFrame frame(String json) {
        return read("{\"stacktraces\":[{\"frames\":[" + json + "]}]}")
                .stacktraces()
                .getFirst()
                .frames()
                .getFirst();
    }

    private static RawModule module(String json) {
        return read("{\"modules\":[" + json + "]}").modules().getFirst();
    }

    private static InvalidRequestException refusal(String json) {
        return assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read(json))
                .actual();
    }

    @Test
    void an_empty_object_is_a_request_with_defaults() {
        SymbolicateRequest request = read("{}");
        assertThat(request.sources()).isNull();
        assertThat(request.stacktraces()).isEmpty();
        assertThat(request.modules()).isEmpty();
        assertThat(request.options()).isEqualTo(SymbolicateOptions.DEFAULT);
        assertThat(request.options().applySourceContext()).isTrue();
        assertThat(request.options().difCandidates()).isFalse();
        assertThat(request.scraping()).isEqualTo(new Scraping(true, true, List.of("*"), Map.of()));
    }

    @Test
    void null_stands_for_the_default_of_a_field() {
        assertThat(read("""
                        {"platform":null,"signal":null,"sources":null,"stacktraces":null,"modules":null,"options":null,
                         "scraping":null}""")).isEqualTo(read("{}"));
    }

    @Test
    void no_sources_differ_from_default_sources() {
        assertThat(read("{\"sources\":[]}").sources()).isEmpty();
        assertThat(read("{\"sources\":null}").sources()).isNull();
    }

    @Test
    void unknown_fields_are_ignored_at_every_level() {
        assertThat(read("""
                        {"x":[{"y":{}}],"stacktraces":[{"x":1,"frames":[{"x":{"a":[]},"instruction_addr":1,"status":"y"}]}],
                         "modules":[{"type":"elf","x":null}],"options":{"x":1}}"""))
                .satisfies(request ->
                        assertThat(request.stacktraces().getFirst().frames()).hasSize(1));
    }

    @Test
    void of_two_equal_fields_the_later_counts() {
        assertThat(read("{\"signal\":4,\"signal\":11}").signal()).isEqualTo(11);
        assertThat(frame("{\"instruction_addr\":1,\"instruction_addr\":\"0x2\"}").instructionAddr)
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"4096", "'\"0x1000\"'", "'\"0X1000\"'", "'\"4096\"'"})
    void addresses_are_numbers_hexadecimal_or_decimal_text(String value) {
        assertThat(frame("{\"instruction_addr\":" + value + "}").instructionAddr)
                .isEqualTo(0x1000);
    }

    @Test
    void the_largest_address_is_read_as_number_and_text() {
        assertThat(frame("{\"instruction_addr\":18446744073709551615}").instructionAddr)
                .isEqualTo(-1);
        assertThat(frame("{\"instruction_addr\":\"0xffffffffffffffff\"}").instructionAddr)
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.0", "1e3", "18446744073709551616", "true", "\"\"", "\"0xg\"", "[]", "{}", "null"})
    void what_is_no_address_is_refused_with_its_place(String value) {
        assertThat(refusal("{\"stacktraces\":[{\"frames\":[{\"instruction_addr\":" + value + "}]}]}"))
                .hasMessageStartingWith("$.stacktraces[0].frames[0].instruction_addr: must be");
    }

    @Test
    void all_fields_of_a_frame_are_kept() {
        RawFrame frame = frame("""
                {"platform":"native","addr_mode":"rel:3","instruction_addr":"0x10","adjust_instruction_addr":true,
                 "function_id":"0x5","package":"/bin/app","lang":"c","symbol":"_Zx","sym_addr":"0xf","function":"x",
                 "filename":"a.c","abs_path":"/a.c","lineno":7,"pre_context":["p"],"context_line":"c",
                 "post_context":["q","r"],"source_link":"https://x","in_app":false,"vars":{"i":"int"},"trust":"cfi"}""");
        assertThat(frame.platform).isEqualTo("native");
        assertThat(frame.relativeTo).isEqualTo(3);
        assertThat(frame.adjustInstructionAddr).isTrue();
        assertThat(frame.hasFunctionId).isTrue();
        assertThat(frame.functionId).isEqualTo(5);
        assertThat(frame.packageName).isEqualTo("/bin/app");
        assertThat(frame.hasSymbolAddr).isTrue();
        assertThat(frame.line).isEqualTo(7);
        assertThat(frame.postContext).containsExactly("q", "r");
        assertThat(frame.inApp).isFalse();
        assertThat(frame.variables).containsExactly(Map.entry("i", "int"));
        assertThat(frame.trust).isEqualTo(FrameTrust.CFI);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rel", "rel:", "rel:x", "rel:-1", "rel:+1", "rel: 1", "relative", "", "ABS"})
    void a_bad_address_mode_is_refused(String mode) {
        assertThat(refusal(
                        "{\"stacktraces\":[{\"frames\":[{\"instruction_addr\":1,\"addr_mode\":\"" + mode + "\"}]}]}"))
                .hasMessageStartingWith("$.stacktraces[0].frames[0].addr_mode: must be \"abs\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"stacktraces\":[{}]}|$.stacktraces[0].frames: is required",
                "{\"stacktraces\":[{\"frames\":[{}]}]}|$.stacktraces[0].frames[0].instruction_addr: is required",
                "{\"modules\":[{\"type\":\"elf\"},{}]}|$.modules[1].type: is required",
                "{\"scraping\":{}}|$.scraping.enabled: is required",
                "{\"scraping\":{\"enabled\":true}}|$.scraping.allowed_origins: is required",
                "{\"sources\":[{\"type\":\"http\",\"id\":\"a\"}]}|$.sources[0].url: is required",
                "{\"sources\":[{\"type\":\"ftp\",\"id\":\"a\"}]}|$.sources[0].type: must be one of",
                "{\"options\":{\"frame_order\":\"x\"}}|$.options.frame_order: must be",
                "{\"signal\":4294967296}|$.signal: must be a whole number",
                "{\"stacktraces\":{}}|$.stacktraces: must be an array",
                "{\"modules\":[7]}|$.modules[0]: must be an object",
            })
    void what_is_missing_or_of_another_form_is_named_with_its_place(String json, String message) {
        assertThat(refusal(json)).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "[]", "1", "null", "true"})
    void json_of_another_shape_at_the_top_is_invalid(String json) {
        assertThat(refusal(json)).hasMessage("$: must be an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":}",
                "{'a':1}",
                "{\"a\":01}",
                "nul",
                "{\"signal\":1,}",
                "{\"platform\":\"\\ud800\"}",
                "{\"platform\":\"\\udc00\\ud800\"}"
            })
    void what_is_no_json_is_malformed(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void malformed_json_is_reported_with_its_line() {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> read("{\n \"signal\": x}"))
                .satisfies(e -> assertThat(e.line()).isEqualTo(2))
                .withMessageContaining("at line 2 column");
    }

    @Test
    void a_deep_nest_in_an_unknown_field_is_malformed_and_not_an_overflow() {
        String nest = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThatThrownBy(() -> read(nest)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void more_frames_than_memory_could_hold_are_refused() {
        String frames = "{\"frames\":[" + "{\"instruction_addr\":1},".repeat(499_999) + "{\"instruction_addr\":1}]}";
        assertThat(read("{\"stacktraces\":[" + frames + "," + frames + "]}").stacktraces())
                .hasSize(2);
        assertThat(refusal("{\"stacktraces\":[" + frames + "," + frames + ",{\"frames\":[{}]}]}"))
                .hasMessageStartingWith("$.stacktraces[2].frames[0]: is one frame too many");
    }

    @Test
    void more_modules_than_any_process_loads_are_refused() {
        String modules = "{\"type\":\"elf\"},".repeat(50_000) + "{\"type\":\"elf\"}";
        assertThat(refusal("{\"modules\":[" + modules + "]}"))
                .hasMessageStartingWith("$.modules[50000]: is one module too many");
    }

    @Test
    void a_stream_that_breaks_is_no_fault_of_the_json() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> SymbolicateRequest.read(broken)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void ids_are_normalised_and_become_null_where_they_are_none() {
        RawModule module = module("""
                {"type":"pe","debug_id":"3249D99D0C4049318610F4E4FB0B69361","code_id":"5AB380779000"}""");
        assertThat(module.debugId()).hasToString("3249d99d-0c40-4931-8610-f4e4fb0b6936-1");
        assertThat(module.codeId()).hasToString("5ab380779000");
        RawModule without = module("{\"type\":\"pe\",\"debug_id\":\"none\",\"code_id\":\"\"}");
        assertThat(without.debugId()).isNull();
        assertThat(without.codeId()).isNull();
    }

    @Test
    void a_type_of_module_that_nobody_knows_is_unknown() {
        assertThat(module("{\"type\":\"coff\"}").type()).isEqualTo(ObjectType.UNKNOWN);
    }

    @Test
    void image_size_is_a_number_and_image_addr_defaults_to_zero() {
        assertThat(module("{\"type\":\"elf\",\"image_size\":4096}").imageSize()).isEqualTo(4096);
        assertThat(module("{\"type\":\"elf\"}").imageAddr()).isZero();
        assertThat(refusal("{\"modules\":[{\"type\":\"elf\",\"image_size\":\"0x1000\"}]}"))
                .hasMessageStartingWith("$.modules[0].image_size");
    }

    @Test
    void the_values_of_scraping_headers_are_not_printed() {
        SymbolicateRequest request = read("""
                {"scraping":{"enabled":true,"allowed_origins":["*"],"headers":{"X-Token":"hush"}}}""");
        assertThat(request.scraping().headers()).containsEntry("X-Token", "hush");
        assertThat(request.toString()).doesNotContain("hush");
    }
}
