package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.SourceBundles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceLinksTest {
    private static final String REQUEST = """
            {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}}],
             "modules":[{"type":"elf","image_addr":"0x900000"},
             {"type":"elf","code_id":"1111111111111111111111111111111111111115","image_addr":"0x10000",
             "image_size":16384}],"options":{"dif_candidates":true},
             "stacktraces":[{"frames":[{"instruction_addr":"0x11420"},{"instruction_addr":"0x11416"}]}]""";

    private final FakeSymbolServer web = new FakeSymbolServer();
    private NativeService service;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        service = new NativeService(dir)
                .with("elf-dwarf5.so")
                .with(SourceBundles.elfWithLink(
                        "1111111111111111111111111111111111111115", "/src/*", web.url("/code/*")));
    }

    @AfterEach
    void stop() {
        service.close();
        web.close();
    }

    private JsonNode ask(String more) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(service.json(REQUEST + more + "}"));
    }

    private void publish() throws IOException {
        web.put("/code/shapes.cpp", Files.readAllBytes(NativeService.FIXTURES.resolve("src/shapes.cpp")));
    }

    @Test
    void a_linked_file_is_fetched_once_and_its_lines_are_shown() throws Exception {
        publish();
        JsonNode answer = ask("");
        JsonNode frame = answer.at("/stacktraces/0/frames/0");
        assertThat(frame.path("context_line").textValue()).isEqualTo("    *where = 7;");
        assertThat(frame.path("source_link").textValue()).isEqualTo(web.url("/code/shapes.cpp"));
        assertThat(answer.at("/stacktraces/0/frames/1/context_line").textValue())
                .contains("twice(");
        ask("");
        assertThat(web.requests()).hasSize(1);
    }

    @Test
    void the_link_is_a_candidate_of_the_module_that_it_belongs_to() throws Exception {
        publish();
        JsonNode answer = ask("");
        assertThat(answer.at("/modules/0/candidates").toString()).doesNotContain("sourcelink");
        JsonNode last = answer.at("/modules/1/candidates")
                .get(answer.at("/modules/1/candidates").size() - 1);
        assertThat(last.toString()).isEqualTo("""
                        {"source":"sourcelink","location":"%s","download":{"status":"ok","features":\
                        {"has_debug_info":false,"has_unwind_info":false,"has_symbols":false,"has_sources":true}}}""".formatted(web.url("/code/shapes.cpp")));
    }

    @Test
    void a_dead_link_is_shown_without_lines_and_told_of() throws Exception {
        JsonNode answer = ask("");
        JsonNode frame = answer.at("/stacktraces/0/frames/0");
        assertThat(frame.has("context_line")).isFalse();
        assertThat(frame.path("source_link").textValue()).isEqualTo(web.url("/code/shapes.cpp"));
        assertThat(answer.at("/modules/1/candidates").toString())
                .contains("\"sourcelink\",\"location\":\"" + web.url("/code/shapes.cpp")
                        + "\",\"download\":{\"status\":\"notfound\"}");
    }

    @Test
    void nothing_is_fetched_where_scraping_is_off_and_the_link_is_still_shown() throws Exception {
        publish();
        JsonNode answer = ask(",\"scraping\":{\"enabled\":false,\"allowed_origins\":[\"*\"],\"headers\":{}}");
        assertThat(answer.at("/stacktraces/0/frames/0/source_link").textValue()).isEqualTo(web.url("/code/shapes.cpp"));
        assertThat(web.requests()).isEmpty();
    }

    private static String withHeader(String origin) {
        return ",\"scraping\":{\"enabled\":true,\"allowed_origins\":[\"" + origin
                + "\"],\"headers\":{\"X-Secret\":\"s\"}}";
    }

    @Test
    void headers_go_to_allowed_origins() throws Exception {
        publish();
        ask(withHeader(URI.create(web.url("/")).getHost()));
        assertThat(web.requests().getFirst().headers()).containsEntry("x-secret", "s");
    }

    @Test
    void headers_go_nowhere_else() throws Exception {
        publish();
        ask(withHeader("example.com"));
        assertThat(web.requests().getFirst().headers()).doesNotContainKey("x-secret");
    }

    @Test
    void what_is_no_text_has_no_lines() throws Exception {
        web.put("/code/shapes.cpp", new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        JsonNode answer = ask("");
        assertThat(answer.at("/stacktraces/0/frames/0").has("context_line")).isFalse();
        assertThat(answer.at("/modules/1/candidates").toString()).contains("\"malformed\"");
        web.put("/code/shapes.cpp", "later".getBytes(StandardCharsets.UTF_8));
        ask("");
        assertThat(web.requests()).hasSize(1);
    }
}
