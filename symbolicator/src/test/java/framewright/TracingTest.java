package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.testkit.Await;
import framewright.testkit.FakeSymbolServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of OpenTelemetry traces gets of a request. */
@Timeout(60)
class TracingTest {
    private static final Path FIXTURE = Path.of("..", "rust", "core", "tests", "fixtures", "elf-dwarf5.so");
    private static final String CODE_ID = "1111111111111111111111111111111111111115";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final FakeSymbolServer origin = new FakeSymbolServer();
    private final FakeSymbolServer collector = new FakeSymbolServer();
    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private App app;
    private HttpServer http;

    @BeforeEach
    void start() throws IOException {
        origin.put("/11/" + CODE_ID.substring(2) + "/debuginfo", Files.readAllBytes(FIXTURE));
        collector.on("/v1/traces", exchange -> {
            JsonNode batch = JSON.readTree(exchange.getRequestBody().readAllBytes());
            batch.findValues("spans").forEach(list -> list.forEach(spans::add));
            FakeSymbolServer.answer(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
        });
        String settings = """
                bind: 127.0.0.1:0
                cache_dir: %s
                sources:
                  - {type: http, id: origin, url: "%s", layout: {type: unified}, filters: {filetypes: [elf_debug]}}
                """.formatted(folder.resolve("cache"), origin.url("/"));
        Map<String, String> environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(""));
        app = new App(new SettingsLoader(environment).parse(settings).settings());
        http = app.listen();
    }

    @AfterEach
    void stop() {
        app.close();
        origin.close();
        collector.close();
    }

    private void ask(String traceparent) throws Exception {
        String body = """
                {"modules":[{"type":"elf","code_id":"%s","image_addr":"0x10000","image_size":65536}],
                 "stacktraces":[{"frames":[{"instruction_addr":"0x113b0"}]}]}""".formatted(CODE_ID);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + "/symbolicate"))
                .header("Content-Type", "application/json")
                .header("traceparent", traceparent)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private JsonNode span(String name) {
        List<JsonNode> named = spans.stream()
                .filter(span -> span.path("name").asText().equals(name))
                .toList();
        assertThat(named).as("spans named %s", name).isNotEmpty();
        return named.getFirst();
    }

    /** Names of a span's ancestors, nearest first; the last is an id that is not ours. */
    private String ancestors(String name) {
        StringBuilder path = new StringBuilder();
        String parent = span(name).path("parentSpanId").asText();
        for (boolean ours = true; ours; ) {
            String id = parent;
            JsonNode next = spans.stream()
                    .filter(span -> span.path("spanId").asText().equals(id))
                    .findFirst()
                    .orElse(null);
            ours = next != null;
            path.append(ours ? next.path("name").asText() : id).append(' ');
            parent = ours ? next.path("parentSpanId").asText() : "";
        }
        return path.toString().strip();
    }

    @Test
    void request_isATreeOfSpans_withinTheTraceOfItsCaller() throws Exception {
        ask("00-" + TRACE + "-" + CALLER + "-01");
        Await.until(
                "the request's span is there",
                () -> spans.stream().anyMatch(span -> span.path("name").asText().equals("/symbolicate")));
        assertThat(spans)
                .allSatisfy(span -> assertThat(span.path("traceId").asText()).isEqualTo(TRACE));
        assertThat(ancestors("/symbolicate")).isEqualTo(CALLER);
        assertThat(ancestors("job")).isEqualTo("/symbolicate " + CALLER);
        assertThat(ancestors("find")).isEqualTo("job /symbolicate " + CALLER);
        assertThat(ancestors("download")).isEqualTo("find job /symbolicate " + CALLER);
        assertThat(ancestors("lookup")).isEqualTo("job /symbolicate " + CALLER);
        assertThat(ancestors("convert")).isEqualTo("lookup job /symbolicate " + CALLER);
        assertThat(span("/symbolicate").path("kind").asInt()).isEqualTo(2);
        assertThat(span("download").toString()).contains("\"origin\"", CODE_ID.substring(2));
        assertThat(Long.parseLong(span("job").path("endTimeUnixNano").asText()))
                .isGreaterThanOrEqualTo(
                        Long.parseLong(span("convert").path("endTimeUnixNano").asText()));
    }

    @Test
    void callerThatDoesNotSample_isNotTraced_andABrokenHeaderIsNone() throws Exception {
        ask("00-" + TRACE + "-" + CALLER + "-00");
        ask("nonsense");
        Await.until("the second request's span is there", () -> !spans.isEmpty());
        app.close();
        assertThat(spans).noneMatch(span -> span.path("traceId").asText().equals(TRACE));
        assertThat(span("/symbolicate").has("parentSpanId")).isFalse();
        assertThat(span("/symbolicate").path("traceId").asText()).hasSize(32);
    }
}
