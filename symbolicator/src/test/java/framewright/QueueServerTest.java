package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.store.Permission;
import framewright.testkit.Await;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.RealDumps;
import framewright.testkit.RunningServer;
import framewright.testkit.SymbolStore;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that go through the queue of a whole server. */
@Timeout(120)
class QueueServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELF = "elf-dwarf5.so";
    private static final String FUNCTION = "shapes::Box::measure(int) const";
    private static final String REQUEST = """
            {"modules":[{"type":"elf","code_id":"1111111111111111111111111111111111111115",
              "image_addr":"0x10000","image_size":65536}],
             "stacktraces":[{"frames":[{"instruction_addr":"0x113b0"}]}]%s}""";

    @TempDir
    Path folder;

    private RunningServer server(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "cache_dir: " + folder.resolve("cache"),
                "connect_to_reserved_ips: true",
                "store: {dir: " + folder.resolve("store") + "}"));
        all.addAll(List.of(settings));
        return new RunningServer(all.toArray(String[]::new));
    }

    private static String event(String id, String kind, String payload, String more) {
        return "{\"version\":1,\"event_id\":\"" + id + "\",\"kind\":\"" + kind + "\",\"payload\":" + payload + more
                + "}";
    }

    private static String nativeEvent(String id, String more) {
        return event(id, "native", "{\"json\":" + REQUEST.formatted("").replace("\n", " ") + "}", more);
    }

    /** All that is kept, once there are so many. */
    private static List<JsonNode> results(RunningServer server, int count) throws Exception {
        List<JsonNode> results = new ArrayList<>();
        Await.until(count + " results", () -> {
            JsonNode page = JSON.readTree(server.get("/queue/results?wait=5&limit=1000"));
            results.clear();
            page.path("results").forEach(results::add);
            return results.size() >= count;
        });
        assertThat(results).hasSize(count);
        return results;
    }

    private static String function(JsonNode result) {
        return result.at("/answer/stacktraces/0/frames/0/function").asText();
    }

    @Test
    void event_isResolved_andItsAnswerIsThereOnce_howeverOftenItIsSent() throws Exception {
        try (SymbolStore store = new SymbolStore(folder.resolve("store"))) {
            store.put(ELF);
        }
        try (RunningServer server = server()) {
            for (int i = 0; i < 3; i++) {
                server.submit(nativeEvent("e1", ",\"reply_to\":\"me\",\"trace\":{\"baggage\":\"a=b\"}"));
            }
            server.submit(nativeEvent("e2", ""));
            List<JsonNode> results = results(server, 2);
            assertThat(results).allSatisfy(result -> {
                assertThat(result.path("status").asText()).isEqualTo("complete");
                assertThat(result.path("generation").asInt()).isEqualTo(1);
                assertThat(function(result)).isEqualTo(FUNCTION);
            });
            JsonNode first = results.stream()
                    .filter(result -> result.path("event_id").asText().equals("e1"))
                    .findFirst()
                    .orElseThrow();
            assertThat(first.path("reply_to").asText()).isEqualTo("me");
            assertThat(first.at("/trace/baggage").asText()).isEqualTo("a=b");
            Await.until("the lanes are empty", () -> depth(server) == 0);
            results(server, 2);
            JsonNode alone = JSON.readTree(server.get("/queue/events/default/default/e1/results/1"));
            assertThat(alone).isEqualTo(first);
        }
    }

    private static long depth(RunningServer server) throws Exception {
        long depth = 0;
        for (JsonNode lane : JSON.readTree(server.get("/queue")).path("lanes")) {
            depth += lane.path("depth").asLong();
        }
        return depth;
    }

    @Test
    void everyKind_isResolvedAsOverHttp() throws Exception {
        try (RunningServer server = server("queue: {files: " + folder + "}")) {
            Path dump = Files.copy(RealDumps.callback(), folder.resolve("a.dmp"));
            String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(dump));
            server.submit(event("inline", "minidump", "{\"base64\":\"" + base64 + "\"}", ""));
            server.submit(event("file", "minidump", "{\"url\":\"" + dump.toUri() + "\"}", ""));
            server.submit(event(
                    "js",
                    "js",
                    "{\"json\":{\"source\":{\"type\":\"sentry\",\"id\":\"s\",\"url\":\"http://127.0.0.1:1/\",\"token\":\"t\"},\"stacktraces\":[],\"modules\":[]}}",
                    ""));
            server.submit(event("jvm", "jvm", "{\"json\":{\"exceptions\":[],\"stacktraces\":[],\"modules\":[]}}", ""));
            server.submit(event(
                    "java", "stack", "{\"text\":\"a.a: gone\\n\\tat a.a.b(SourceFile:3)\",\"platform\":\"java\"}", ""));
            server.submit(event("apple", "apple", "{\"text\":\"no report\"}", ""));
            List<JsonNode> results = results(server, 6);
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.has("answer")).isTrue());
            assertThat(find(results, "inline").path("answer"))
                    .isEqualTo(find(results, "file").path("answer"));
            assertThat(find(results, "inline").at("/answer/stacktraces").size()).isPositive();
            assertThat(find(results, "jvm").path("status").asText()).isEqualTo("complete");
            assertThat(find(results, "java").at("/answer/stacks/0").asText()).contains("a.a.b(SourceFile:3)");
            assertThat(find(results, "apple").path("status").asText()).isEqualTo("failed");
        }
    }

    private static JsonNode find(List<JsonNode> results, String event) {
        return results.stream()
                .filter(result -> result.path("event_id").asText().equals(event))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsMissing_isSaid_withItsCauseAndRemedy() throws Exception {
        try (SymbolStore _ = new SymbolStore(folder.resolve("store"));
                RunningServer server = server()) {
            server.submit(nativeEvent("lacking", ""));
            JsonNode result = results(server, 1).getFirst();
            assertThat(result.path("status").asText()).isEqualTo("partial");
            JsonNode missing = result.at("/missing/0");
            assertThat(missing.path("kind").asText()).isEqualTo("debug_file");
            assertThat(missing.path("id").asText()).isEqualTo("1111111111111111111111111111111111111115");
            assertThat(missing.path("cause").asText()).isEqualTo("not_listed");
            assertThat(missing.path("remedy").asText()).isNotEmpty();
            assertThat(result.has("retry_at")).isTrue();
            JsonNode trace = JSON.readTree(server.get("/queue/events/default/default/lacking"));
            assertThat(trace.at("/waits_for/0/id").asText())
                    .isEqualTo(missing.path("id").asText());
            assertThat(trace.at("/due/0").asText()).isEqualTo("retry-1");
            assertThat(trace.path("steps").toString())
                    .contains("began first in warm")
                    .contains("ended first partial");
        }
    }

    @Test
    void deadline_givesWhatIsThere_andThenTheWhole() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeSymbolServer symbols = new FakeSymbolServer()) {
            symbols.on("/11/11111111111111111111111111111111111115/debuginfo", exchange -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                FakeSymbolServer.answer(exchange, 200, SymbolStore.fixture(ELF));
            });
            String source = ",\"sources\":[{\"type\":\"http\",\"id\":\"slow\",\"url\":\"" + symbols.url("/")
                    + "\",\"layout\":{\"type\":\"unified\"},\"filetypes\":[\"elf_debug\"]}]";
            try (RunningServer server = server()) {
                server.submit(event(
                        "urgent",
                        "native",
                        "{\"json\":" + REQUEST.formatted(source).replace("\n", " ") + "}",
                        ",\"deadline_ms\":50"));
                JsonNode early = results(server, 1).getFirst();
                assertThat(early.path("reason").asText()).isEqualTo("deadline");
                assertThat(early.path("status").asText()).isEqualTo("partial");
                assertThat(function(early)).isEmpty();
                release.countDown();
                JsonNode late = results(server, 2).getLast();
                assertThat(late.path("generation").asInt()).isEqualTo(2);
                assertThat(late.path("status").asText()).isEqualTo("complete");
                assertThat(function(late)).isEqualTo(FUNCTION);
                JsonNode trace = JSON.readTree(server.get("/queue/events/default/default/urgent"));
                assertThat(trace.path("steps").toString()).contains("moved from warm to download");
            }
        }
    }

    /** More events hang at a slow source than may wait for it: those that need nothing pass them by. */
    @Test
    void slowSource_holdsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeSymbolServer symbols = new FakeSymbolServer();
                SymbolStore store = new SymbolStore(folder.resolve("store"))) {
            store.put(ELF);
            int slow = 40;
            for (int i = 0; i < slow; i++) {
                symbols.on("/" + path(i), exchange -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    FakeSymbolServer.answer(exchange, 404, new byte[0]);
                });
            }
            try (RunningServer server = server("queue: {slots: {download: 2, warm: 2}}")) {
                for (int i = 0; i < slow; i++) {
                    server.submit(slowEvent(i, symbols.url("/")));
                }
                Await.until("the slow ones hang", () -> !symbols.requests().isEmpty());
                for (int i = 0; i < 20; i++) {
                    server.submit(nativeEvent("fast" + i, ""));
                }
                List<String> done = results(server, 20).stream()
                        .map(result -> result.path("event_id").asText())
                        .toList();
                assertThat(done).allMatch(event -> event.startsWith("fast"));
                release.countDown();
                List<JsonNode> all = results(server, 20 + slow);
                assertThat(all.stream().map(result -> result.path("event_id").asText()))
                        .doesNotHaveDuplicates();
            }
        }
    }

    private static String id(int i) {
        return "7".repeat(32) + "%08x".formatted(0x2222_0000 + i);
    }

    private static String path(int i) {
        return id(i).substring(0, 2) + "/" + id(i).substring(2) + "/debuginfo";
    }

    private static String slowEvent(int i, String url) {
        String request = REQUEST.formatted(",\"sources\":[{\"type\":\"http\",\"id\":\"slow\",\"url\":\"" + url
                        + "\",\"layout\":{\"type\":\"unified\"},\"filetypes\":[\"elf_debug\"]}]")
                .replace("1111111111111111111111111111111111111115", id(i))
                .replace("\n", " ");
        return event("slow" + i, "native", "{\"json\":" + request + "}", "");
    }

    @Test
    void malformedEvents_areRefusedByName() throws Exception {
        try (RunningServer server = server()) {
            assertThat(refusal(
                            server,
                            "{\"version\":2,\"event_id\":\"a\",\"kind\":\"native\",\"payload\":{\"text\":\"\"}}"))
                    .contains("$.version");
            assertThat(refusal(server, nativeEvent("no spaces please", ""))).contains("$.event_id");
            assertThat(refusal(server, event("a", "video", "{\"text\":\"\"}", "")))
                    .contains("$.kind");
            assertThat(refusal(server, event("a", "native", "{}", ""))).contains("$.payload");
            assertThat(refusal(server, nativeEvent("a", ",\"organization\":\"others\"")))
                    .contains("others");
            assertThat(refusal(server, nativeEvent("a", ",\"project\":\"unknown\"")))
                    .contains("unknown");
        }
    }

    private static String refusal(RunningServer server, String event) throws Exception {
        HttpResponse<String> answer = server.trySubmit(event);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 404);
        return answer.body();
    }

    @Test
    void payloadOfAnotherForm_endsAmongTheDead_andIsReplayed() throws Exception {
        try (SymbolStore store = new SymbolStore(folder.resolve("store"));
                RunningServer server = server()) {
            server.submit(event("bad", "native", "{\"json\":[]}", ""));
            server.as(store.token("default", Permission.ADMIN));
            Await.until("it is dead", () -> lastDead(server) > 0);
            JsonNode dead = JSON.readTree(server.get("/queue/dead")).at("/dead/0");
            assertThat(dead.path("cause").asText()).isEqualTo("invalid_payload");
            assertThat(dead.path("details").asText()).contains("$");
            assertThat(dead.path("event_id").asText()).isEqualTo("bad");
            ObjectNode all = JSON.createObjectNode().put("all", true);
            assertThat(server.post("/queue/dead/replay", all.toString())
                            .path("replayed")
                            .asInt())
                    .isEqualTo(1);
            Await.until(
                    "it is dead again", () -> lastDead(server) > dead.path("id").asLong());
        }
    }

    private static long lastDead(RunningServer server) throws Exception {
        return JSON.readTree(server.get("/queue/dead")).at("/dead/0/id").asLong();
    }

    @Test
    void tooManyEvents_areRefused_withATimeToComeBack() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeSymbolServer symbols = new FakeSymbolServer();
                RunningServer server = server("queue: {max_depth: 3, slots: {warm: 1, download: 1}}")) {
            Stream.of(0, 1, 2, 3, 4, 5)
                    .forEach(i -> symbols.on("/" + path(i), exchange -> {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        FakeSymbolServer.answer(exchange, 404, new byte[0]);
                    }));
            List<Integer> statuses = new ArrayList<>();
            Await.until("the queue is full", () -> {
                HttpResponse<String> answer = server.trySubmit(slowEvent(statuses.size() % 6, symbols.url("/"))
                        .replace("slow", "full" + statuses.size() + "-"));
                statuses.add(answer.statusCode());
                if (answer.statusCode() == 503) {
                    assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0))
                            .isBetween(1L, 600L);
                }
                return answer.statusCode() == 503;
            });
            release.countDown();
        }
    }

    @Test
    void manyEvents_eachHaveOneAnswer() throws Exception {
        try (SymbolStore store = new SymbolStore(folder.resolve("store"))) {
            store.put(ELF);
        }
        try (RunningServer server = server()) {
            String lines = String.join(
                    "\n",
                    IntStream.range(0, 500)
                            .mapToObj(i -> nativeEvent("e" + i, ""))
                            .toList());
            assertThat(server.submitLines(lines).path("accepted").asInt()).isEqualTo(500);
            List<JsonNode> results = results(server, 500);
            assertThat(results.stream().map(result -> result.path("event_id").asText()))
                    .doesNotHaveDuplicates();
            assertThat(results)
                    .allSatisfy(result -> assertThat(function(result)).isEqualTo(FUNCTION));
        }
    }
}
