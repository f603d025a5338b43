package framewright;

import static framewright.testkit.ArtifactServer.SCRIPT;
import static framewright.testkit.ArtifactServer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.testkit.ArtifactServer;
import framewright.testkit.Await;
import framewright.testkit.RunningServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Maps that are large enough to answer before their table is written. */
@Timeout(120)
class JsLargeMapTest {
    private static final String RELEASE =
            "\"release\":\"1.0\",\"scraping\":{\"enabled\":false,\"allowed_origins\":[\"*\"],\"headers\":{}}";

    @TempDir
    Path folder = Path.of("");

    private final ArtifactServer artifacts = new ArtifactServer();

    @AfterEach
    void stop() {
        artifacts.close();
    }

    private RunningServer server(String cap) {
        return new RunningServer(
                "connect_to_reserved_ips: true",
                "cache_dir: '" + folder.resolve("cache") + "'",
                "caches: {max_bytes: " + cap + "}");
    }

    private void upload(String map) {
        artifacts.single("~/app.js", SCRIPT);
        artifacts.single("~/app.js.map", map);
    }

    private JsonNode ask(RunningServer server) throws Exception {
        return server.post("/symbolicate-js", artifacts.request(frame("http://a.example/app.js", 1, 14), RELEASE));
    }

    private static JsonNode frameOf(JsonNode answer) {
        return answer.path("stacktraces").path(0).path("frames").path(0);
    }

    private static boolean has(RunningServer server, String metric) throws Exception {
        return server.get("/metrics").contains(metric);
    }

    /** With a second source of so many bytes. */
    private static String map(int bytes) {
        String text = "a line of a large source\\n".repeat(bytes / 26);
        return ArtifactServer.map()
                .replace("\"src.js\"]", "\"src.js\",\"large.js\"]")
                .replace("// end\"]", "// end\",\"" + text + "\"]");
    }

    @Test
    void largeMap_answersTheSame_inMemory_fromItsTable_andAfterARestart() throws Exception {
        upload(map(2 << 20));
        JsonNode first;
        try (RunningServer server = server("100MiB")) {
            first = ask(server);
            Await.until(
                    "its table is written", () -> has(server, "framewright_cache_entries{cache=\"source_maps\"} 1"));
            assertThat(ask(server)).isEqualTo(first);
        }
        assertThat(frameOf(first).path("function").asText()).isEqualTo("original");
        assertThat(frameOf(first).path("context_line").asText()).isEqualTo("function original() { throw x }");
        try (RunningServer server = server("100MiB")) {
            assertThat(ask(server)).isEqualTo(first);
        }
    }

    @Test
    void largeMap_whoseTableHasNoRoom_stillAnswers() throws Exception {
        upload(map(2 << 20));
        try (RunningServer server = server("4MiB")) {
            for (int i = 0; i < 3; i++) {
                assertThat(frameOf(ask(server)).path("function").asText()).isEqualTo("original");
            }
            assertThat(has(server, "framewright_cache_entries{cache=\"source_maps\"} 0"))
                    .isTrue();
        }
    }

    @Test
    void largeMap_thatIsMalformed_isToldAndRemembered() throws Exception {
        upload(map(2 << 20).replace("AAAA,SAASA", "AAAA,SA"));
        try (RunningServer server = server("100MiB")) {
            JsonNode first = ask(server);
            assertThat(first.at("/errors/0/type").asText()).isEqualTo("malformed_sourcemap");
            assertThat(ask(server)).isEqualTo(first);
        }
    }
}
