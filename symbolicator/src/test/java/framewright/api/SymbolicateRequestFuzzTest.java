package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is sent, reading it ends in a request or in one of the two refusals, and a request can be sent back. */
class SymbolicateRequestFuzzTest {
    private static final String WHOLE = """
            {"platform":"native","signal":11,"sources":[{"type":"http","id":"a","url":"http://x/","layout":
            {"type":"unified","casing":"lowercase"},"filters":{"filetypes":["pe"],"path_patterns":["*"]}},
            {"type":"s3","id":"b","bucket":"c","region":["d","http://e"]}],"stacktraces":[{"thread_id":1,"thread_name":
            "m\\u00e4in","is_requesting":true,"registers":{"rip":"0x10"},"frames":[{"instruction_addr":"0x10","addr_mode":
            "rel:0","adjust_instruction_addr":true,"function_id":5,"lineno":3,"pre_context":["a"],"vars":{"a":"int"},
            "trust":"scan"}]}],"modules":[{"type":"elf","code_id":"abcd","debug_id":"3249d99d-0c40-4931-8610-f4e4fb0b6936",
            "image_addr":"0x10","image_size":10}],"options":{"dif_candidates":true,"frame_order":"caller_first"},
            "scraping":{"enabled":true,"allowed_origins":["*"],"headers":{"a":"b"}}}""";

    @Property
    void arbitrary_bytes_never_surprise(@ForAll byte[] body) throws IOException {
        readAndEcho(body);
    }

    @Property(tries = 3000)
    void a_damaged_request_never_surprises(@ForAll("damaged") byte[] body) throws IOException {
        readAndEcho(body);
    }

    @Property(tries = 2000)
    void any_json_in_any_field_never_surprises(@ForAll("replaced") String body) throws IOException {
        readAndEcho(body.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
        Arbitrary<Integer> place = Arbitraries.integers().between(0, whole.length - 1);
        return Combinators.combine(
                        place,
                        place,
                        Arbitraries.bytes(),
                        Arbitraries.integers().between(0, 2))
                .as((at, other, value, kind) -> damage(whole, at, other, value, kind));
    }

    @Provide
    Arbitrary<String> replaced() {
        List<String> values = List.of(
                "null",
                "true",
                "0",
                "-1",
                "1e400",
                "18446744073709551616",
                "\"\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "[]",
                "{}",
                "[null]",
                "[[]]",
                "{\"type\":7}",
                "{\"\":\"\"}",
                "[\"\\udc00\"]",
                "{\"\\ud800\":1}",
                "\"rel:99999999999999999\"");
        List<String> places = List.of(
                "\"native\"",
                "11",
                "\"http\"",
                "\"a\"",
                "\"http://x/\"",
                "\"unified\"",
                "[\"pe\"]",
                "[\"d\",\"http://e\"]",
                "\"0x10\"",
                "\"rel:0\"",
                "[\"a\"]",
                "{\"a\":\"int\"}",
                "\"scan\"",
                "\"elf\"",
                "\"abcd\"",
                "10",
                "[\"*\"]",
                "{\"a\":\"b\"}",
                "true",
                "{\"rip\":\"0x10\"}");
        return Combinators.combine(Arbitraries.of(places), Arbitraries.of(values))
                .as(WHOLE::replace);
    }

    private static byte[] damage(byte[] whole, int at, int other, byte value, int kind) {
        byte[] copy = whole.clone();
        switch (kind) {
            case 0 -> copy[at] = value;
            case 1 -> System.arraycopy(whole, Math.min(at, other), copy, 0, whole.length - Math.max(at, other));
            default -> copy = java.util.Arrays.copyOf(whole, at);
        }
        return copy;
    }

    private static void readAndEcho(byte[] body) throws IOException {
        SymbolicateRequest request;
        try {
            request = SymbolicateRequest.read(new ByteArrayInputStream(body));
        } catch (MalformedJsonException | InvalidRequestException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        List<ResolvedStacktrace> stacks = request.stacktraces().stream()
                .map(stack -> new ResolvedStacktrace(
                        stack,
                        stack.frames().stream()
                                .map(frame -> ResolvedFrame.echo(FrameStatus.UNKNOWN_IMAGE, 0, frame, null))
                                .toList()))
                .toList();
        List<ResolvedModule> modules = request.modules().stream()
                .map(module -> new ResolvedModule(
                        module,
                        module.imageSize(),
                        ModuleStatus.UNUSED,
                        null,
                        Features.NONE,
                        "unknown",
                        List.of(),
                        Finding.of(Cause.UNUSED)))
                .toList();
        new SymbolicateResponse(request.signal(), null, stacks, modules, RestoredExceptions.NONE, false, List::of)
                .write(new ByteArrayOutputStream());
    }
}
