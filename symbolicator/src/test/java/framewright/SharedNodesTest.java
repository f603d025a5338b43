package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.cache.CacheKind;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.shared.SharedCounts.Event;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers, each with its own cache, over one shared folder. */
@Timeout(120)
class SharedNodesTest {
    private static final Path FIXTURE = Path.of("..", "rust", "core", "tests", "fixtures", "elf-dwarf5.so");
    private static final String BUILD_ID = "1111111111111111111111111111111111111115";
    private static final String FUNCTION = "shapes::Box::measure(int) const";
    private static final int OBJECTS = 50;
    private static final int REQUESTS = 1_000;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Node(App app, HttpServer http) {}

    @TempDir
    private Path folder;

    private final FakeSymbolServer origin = new FakeSymbolServer();
    private final List<Node> nodes = new ArrayList<>();
    private byte[] fixture;

    @BeforeEach
    void read() throws IOException {
        fixture = Files.readAllBytes(FIXTURE);
        Files.createDirectories(folder.resolve("shared"));
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.app.close());
        origin.close();
    }

    private Node start() {
        String settings =
                """
                bind: 127.0.0.1:0
                connect_to_reserved_ips: true
                max_concurrent_requests: null
                admin_token: secret
                cache_dir: %s
                shared_cache: {filesystem: {path: %s}, revocation_interval: 20ms}
                sources:
                  - {type: http, id: origin, url: "%s", layout: {type: unified}, filters: {filetypes: [elf_debug]}}
                """.formatted(folder.resolve("node" + nodes.size()), folder.resolve("shared"), origin.url("/"));
        App app = new App(new SettingsLoader(Map.of()).parse(settings).settings());
        Node node = new Node(app, app.listen());
        nodes.add(node);
        return node;
    }

    private static String id(int number) {
        return "%08x".formatted(number) + BUILD_ID.substring(8);
    }

    private static String path(int number) {
        return "/" + id(number).substring(0, 2) + "/" + id(number).substring(2) + "/debuginfo";
    }

    /** The fixture under another build id. */
    private byte[] object(int number) {
        String all = new String(fixture, StandardCharsets.ISO_8859_1);
        return all.replace(raw(BUILD_ID), raw(id(number))).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String raw(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private static JsonNode post(Node node, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http.port() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static JsonNode frame(Node node, int number) throws Exception {
        String body = """
                {"modules":[{"type":"elf","code_id":"%s","image_addr":"0x10000","image_size":65536}],
                 "stacktraces":[{"frames":[{"instruction_addr":"0x113b0"}]}]}""".formatted(id(number));
        return post(node, "/symbolicate", body)
                .path("stacktraces")
                .path(0)
                .path("frames")
                .path(0);
    }

    private long counted(CacheKind kind, Event event) {
        return nodes.stream()
                .mapToLong(node ->
                        Objects.requireNonNull(node.app.sharedCache()).counts().get(kind, event))
                .sum();
    }

    @Test
    void fourServers_underAThousandColdRequests_fetchAndConvertEachObjectOnce() throws Exception {
        for (int i = 0; i < OBJECTS; i++) {
            origin.put(path(i), object(i));
        }
        for (int i = 0; i < 4; i++) {
            start();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<JsonNode>> all = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Node node = nodes.get(i % 4);
                int number = i / 4 % OBJECTS;
                all.add(() -> frame(node, number));
            }
            for (Future<JsonNode> answer : threads.invokeAll(all)) {
                assertThat(answer.get().path("function").asText()).isEqualTo(FUNCTION);
            }
        }
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(origin.hits(path(i))).as("downloads of %d", i).isEqualTo(1);
        }
        Await.until("all tables are shared", () -> counted(CacheKind.TABLES, Event.WRITTEN) == OBJECTS);
        // whoever converts hands on, and would find it there
        assertThat(counted(CacheKind.TABLES, Event.PRESENT)).isZero();
        assertThat(counted(CacheKind.OBJECTS, Event.PRESENT)).isZero();
    }

    @Test
    void emptyServer_answersFromWhatTheOthersHaveMade_withoutTheOrigin() throws Exception {
        origin.put(path(1), object(1));
        assertThat(frame(start(), 1).path("function").asText()).isEqualTo(FUNCTION);
        Await.until(
                "it is shared",
                () -> counted(CacheKind.TABLES, Event.WRITTEN) == 1
                        && counted(CacheKind.OBJECT_META, Event.WRITTEN) == 1);
        origin.forget();
        Node empty = start();
        assertThat(frame(empty, 1).path("function").asText()).isEqualTo(FUNCTION);
        assertThat(origin.requests()).isEmpty();
        assertThat(counted(CacheKind.OBJECTS, Event.HIT))
                .as("the file itself is not needed")
                .isZero();
    }

    @Test
    void purgeOnOneServer_mendsAMissOnAnother() throws Exception {
        Node first = start();
        Node second = start();
        assertThat(frame(second, 1).path("status").asText()).isEqualTo("missing");
        origin.put(path(1), object(1));
        assertThat(frame(second, 1).path("status").asText()).as("remembered").isEqualTo("missing");
        JsonNode purged = post(first, "/admin/cache/purge?failures=1", "");
        assertThat(purged.path("everywhere").asBoolean()).isTrue();
        Await.until(
                "the other server has forgotten",
                () -> frame(second, 1).path("function").asText().equals(FUNCTION));
    }

    @Test
    void ready_tellsOfTheSharedCacheAndTheSources_andIsReadyWithoutThem() throws Exception {
        Node node = start();
        origin.close();
        Files.delete(folder.resolve("shared"));
        Await.until(
                "both have been asked",
                () -> checks(node).values().stream()
                        .noneMatch(check -> check.path("detail").asText().equals("is being asked")));
        assertThat(checks(node).get("source origin").path("ok").asBoolean()).isFalse();
        assertThat(checks(node).get("source origin").path("detail").asText()).contains("connection refused");
        assertThat(checks(node).get("cache_folder").path("required").asBoolean())
                .isTrue();
        assertThat(get(node, "/ready").path("ready").asBoolean()).isTrue();
    }

    private static Map<String, JsonNode> checks(Node node) throws Exception {
        Map<String, JsonNode> checks = new HashMap<>();
        get(node, "/ready")
                .path("checks")
                .forEach(check -> checks.put(check.path("name").asText(), check));
        return checks;
    }

    private static JsonNode get(Node node, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http.port() + path))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
