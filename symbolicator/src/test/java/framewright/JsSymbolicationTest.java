package framewright;

import static framewright.testkit.ArtifactServer.SCRIPT;
import static framewright.testkit.ArtifactServer.frame;
import static framewright.testkit.ArtifactServer.map;
import static framewright.testkit.ArtifactServer.zip;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.testkit.ArtifactServer;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.RunningServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stack traces of JavaScript at a real server, with a server of artifacts that may lie. */
@Timeout(60)
class JsSymbolicationTest {
    private static final String SCRAPE = "\"scraping\":{\"enabled\":true,\"allowed_origins\":[\"*\"],\"headers\":{}}";
    private static final String NO_SCRAPE =
            "\"scraping\":{\"enabled\":false,\"allowed_origins\":[\"*\"],\"headers\":{}}";
    private static final String RELEASE = "\"release\":\"1.0\"," + NO_SCRAPE;
    private static final String ID = "2f259f80-58b7-44cb-d7cd-de1505e7e718";

    private ArtifactServer artifacts;
    private RunningServer server;

    @BeforeEach
    void start() {
        artifacts = new ArtifactServer();
        server = new RunningServer("connect_to_reserved_ips: true", "deny_list_enabled: false");
    }

    @AfterEach
    void stop() {
        server.close();
        artifacts.close();
    }

    private JsonNode ask(String frames, String more) throws Exception {
        return ask(server, frames, more);
    }

    private JsonNode ask(RunningServer asked, String frames, String more) throws Exception {
        return asked.post("/symbolicate-js", artifacts.request(frames, more));
    }

    private static JsonNode frameOf(JsonNode answer, int index) {
        return answer.path("stacktraces").path(0).path("frames").path(index);
    }

    private static void assertResolved(JsonNode frame) {
        assertThat(frame.path("data").path("symbolicated").asBoolean())
                .as("%s", frame)
                .isTrue();
        assertThat(frame.path("function").asText()).isEqualTo("original");
        assertThat(frame.path("lineno").asInt()).isEqualTo(1);
        assertThat(frame.path("colno").asInt()).isEqualTo(10);
        assertThat(frame.path("context_line").asText()).isEqualTo("function original() { throw x }");
    }

    private static List<String> errors(JsonNode answer) {
        List<String> types = new ArrayList<>();
        answer.path("errors").forEach(error -> types.add(error.path("type").asText()));
        return types;
    }

    // ---- finding

    @Test
    void filesWithoutDebugIds_areAskedForAtOnce() throws Exception {
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            artifacts.single("~/" + i + "/app.js", SCRIPT);
            artifacts.single("~/" + i + "/app.js.map", map());
            frames.append(i == 0 ? "" : ",").append(frame("http://a.example/" + i + "/app.js", 1, 14));
        }
        JsonNode answer = ask(frames.toString(), RELEASE);
        for (int i = 0; i < 20; i++) {
            assertResolved(frameOf(answer, i));
        }
        assertThat(artifacts.lookups()).isEqualTo(1);
        assertThat(artifacts.web.requests().getFirst().headers()).containsEntry("authorization", "Bearer secret");
    }

    @Test
    void debugId_findsScriptAndMap_whateverTheirAddresses() throws Exception {
        artifacts.bundle(zip("""
                {"x.js":{"type":"minified_source","url":"~/x.js","headers":{"debug-id":"%1$s"}},
                 "y.map":{"type":"source_map","url":"~/y","headers":{"Debug-Id":"%1$s"}}}""".formatted(ID), Map.of("x.js", "function f(){throw x}", "y.map", map())));
        String modules =
                "\"modules\":[{\"type\":\"sourcemap\",\"code_file\":\"http://a.example/app.js\",\"debug_id\":\"%s\"}],"
                                .formatted(ID)
                        + NO_SCRAPE;
        JsonNode answer = ask(frame("http://a.example/app.js", 1, 14), modules);
        assertResolved(frameOf(answer, 0));
        assertThat(frameOf(answer, 0).path("data").path("resolved_with").asText())
                .isEqualTo("debug-id");
        assertThat(frameOf(answer, 0)
                        .at("/data/sourcemap_origin/bundled/1/source_map/debug_id")
                        .asText())
                .isEqualTo(ID);
    }

    @Test
    void debugId_beatsTheSameAddressInAnotherBundle() throws Exception {
        artifacts.bundle(zip(
                "{\"a.js\":{\"type\":\"minified_source\",\"url\":\"http://a.example/app.js\",\"headers\":{\"debug-id\":\""
                        + ID + "\",\"sourcemap\":\"right.map\"}}}",
                Map.of("a.js", "function f(){throw x}")));
        artifacts.bundle(zip(
                "{\"a\":{\"type\":\"minified_source\",\"url\":\"http://a.example/app.js\"}}",
                Map.of("a", "of another build")));
        artifacts.single("~/right.map", map());
        String modules =
                "\"modules\":[{\"type\":\"sourcemap\",\"code_file\":\"http://a.example/app.js\",\"debug_id\":\"%s\"}],"
                                .formatted(ID)
                        + RELEASE;
        assertResolved(frameOf(ask(frame("http://a.example/app.js", 1, 14), modules), 0));
    }

    @Test
    void embeddedMap_isUsed() throws Exception {
        String data = Base64.getEncoder().encodeToString(map().getBytes(StandardCharsets.UTF_8));
        artifacts.single(
                "~/app.js", "function f(){throw x}\n//# sourceMappingURL=data:application/json;base64," + data);
        JsonNode answer = ask(frame("http://a.example/app.js", 1, 14), RELEASE);
        assertResolved(frameOf(answer, 0));
        assertThat(frameOf(answer, 0).path("data").path("sourcemap_origin").asText())
                .isEqualTo("embedded");
        assertThat(frameOf(answer, 0).path("abs_path").asText()).isEqualTo("http://a.example/src.js");
    }

    @Test
    void emptyScript_whoseHeaderNamesAMap_isBytecode() throws Exception {
        artifacts.single("~/main.jsbundle", new byte[0], Map.of("Sourcemap", "main.map"));
        artifacts.single("~/main.map", map());
        JsonNode frame = frameOf(ask(frame("app:///main.jsbundle", 1, 14), RELEASE), 0);
        assertThat(frame.path("data").path("symbolicated").asBoolean()).isTrue();
        assertThat(frame.path("function").asText()).isEqualTo("<unknown>");
    }

    @Test
    void sourceThatTheMapDoesNotHold_isFoundBesideIt() throws Exception {
        artifacts.single("~/app.js", SCRIPT);
        artifacts.single("~/app.js.map", map().replaceAll("\"sourcesContent\":\\[.*\\],", ""));
        artifacts.single("~/src.js", "function original() { throw x }\n// end");
        assertResolved(frameOf(ask(frame("http://a.example/app.js", 1, 14), RELEASE), 0));
        JsonNode without = ask(frame("http://b.example/app.js", 1, 14), NO_SCRAPE);
        assertThat(errors(without)).containsExactly("scraping_disabled");
    }

    // ---- scraping

    @Test
    void scrapedScript_whoseHeadNamesTheMap_isResolved() throws Exception {
        artifacts.web.on("/w/app.js", exchange -> {
            exchange.getResponseHeaders().set("SourceMap", "maps/real.map");
            FakeSymbolServer.answer(exchange, 200, SCRIPT.getBytes(StandardCharsets.UTF_8));
        });
        artifacts.web.put("/w/maps/real.map", map().getBytes(StandardCharsets.UTF_8));
        JsonNode answer = ask(frame(artifacts.web.url("/w/app.js"), 1, 14), SCRAPE);
        assertResolved(frameOf(answer, 0));
        assertThat(frameOf(answer, 0).at("/data/sourcemap_origin/scraped_file").asText())
                .matches(artifacts.web.url("/w/maps/real.map") + "#\\d+");
        assertThat(answer.path("scraping_attempts").path(0).path("status").asText())
                .isEqualTo("success");
        ask(frame(artifacts.web.url("/w/app.js"), 1, 14), SCRAPE);
        assertThat(artifacts.web.hits("/w/app.js")).isEqualTo(1);
    }

    @Test
    void scrapingHeaders_areSent_andOnlyToAllowedOrigins() throws Exception {
        artifacts.web.put("/w/app.js", SCRIPT.getBytes(StandardCharsets.UTF_8));
        String rules = "\"scraping\":{\"enabled\":true,\"allowed_origins\":[\"%s\"],\"headers\":{\"X-Key\":\"k\"}}";
        JsonNode refused = ask(frame(artifacts.web.url("/w/app.js"), 1, 14), rules.formatted("*.example"));
        assertThat(refused.path("scraping_attempts").path(0).path("reason").asText())
                .isEqualTo("invalid_host");
        assertThat(artifacts.web.requests()).isEmpty();
        ask(frame(artifacts.web.url("/w/app.js"), 1, 14), rules.formatted("localhost"));
        assertThat(artifacts.web.requests().getFirst().headers()).containsEntry("x-key", "k");
    }

    @Test
    void redirectToAPrivateAddress_isNotFollowed() throws Exception {
        artifacts.web.redirect("/w/app.js", 302, "http://10.0.0.1/app.js");
        try (RunningServer strict = new RunningServer("egress_allow: [localhost]", "deny_list_enabled: false")) {
            JsonNode answer = ask(strict, frame(artifacts.web.url("/w/app.js"), 1, 14), SCRAPE);
            JsonNode attempt = answer.path("scraping_attempts").path(0);
            assertThat(attempt.path("reason").asText()).isEqualTo("download_error");
            assertThat(attempt.path("details").asText()).isEqualTo("destination is restricted");
            assertThat(errors(answer)).containsExactly("missing_source");
        }
    }

    @Test
    void ownMachine_isRefusedByName() throws Exception {
        try (RunningServer strict = new RunningServer("deny_list_enabled: false")) {
            JsonNode answer = ask(strict, frame(artifacts.web.url("/w/app.js"), 1, 14), SCRAPE);
            assertThat(answer.path("scraping_attempts").path(0).path("reason").asText())
                    .isEqualTo("invalid_host");
        }
    }

    // ---- hostile artifacts

    @Test
    void namesInABundle_leadNowhere() throws Exception {
        artifacts.bundle(zip("""
                {"../../etc/passwd":{"type":"minified_source","url":"~/app.js"},
                 "/abs/map":{"type":"source_map","url":"~/app.js.map"}}""", Map.of("../../etc/passwd", SCRIPT, "/abs/map", map())));
        assertResolved(frameOf(ask(frame("http://a.example/app.js", 1, 14), RELEASE), 0));
    }

    @Test
    void bundleThatLiesAboutSizes_orLacksFiles_isAnErrorOfItsFrameOnly() throws Exception {
        byte[] lying = zip(
                "{\"a.js\":{\"type\":\"minified_source\",\"url\":\"~/lying.js\"}}", Map.of("a.js", "x".repeat(1000)));
        shrinkDeclaredSize(lying, "a.js");
        artifacts.bundle(lying);
        artifacts.bundle(zip("{\"gone.js\":{\"type\":\"minified_source\",\"url\":\"~/gone.js\"}}", Map.of()));
        artifacts.bundle("no zip".getBytes(StandardCharsets.UTF_8));
        artifacts.bundle(zip("[]", Map.of()));
        artifacts.single("~/app.js", SCRIPT);
        artifacts.single("~/app.js.map", map());
        JsonNode answer = ask(
                frame("http://a.example/lying.js", 1, 1) + "," + frame("http://a.example/gone.js", 1, 1) + ","
                        + frame("http://a.example/app.js", 1, 14),
                RELEASE);
        assertThat(errors(answer)).containsExactly("missing_source", "missing_source");
        assertResolved(frameOf(answer, 2));
    }

    /** In the list of the zip's files, which is what readers believe. */
    private static void shrinkDeclaredSize(byte[] zip, String name) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < zip.length; at++) {
            if (bytes.getInt(at) == 0x02014b50
                    && new String(zip, at + 46, bytes.getShort(at + 28), StandardCharsets.UTF_8).equals(name)) {
                bytes.putInt(at + 24, 10);
                return;
            }
        }
        throw new IllegalStateException("no such file");
    }

    @Test
    void malformedMaps_areErrorsOfTheirFramesOnly() throws Exception {
        Map<String, String> maps = Map.of(
                "json", "{\"version\":3,",
                "vlq", "{\"version\":3,\"sources\":[\"a\"],\"names\":[],\"mappings\":\"A!A\"}",
                "deep", "[".repeat(100_000),
                "page", "<!DOCTYPE html><title>Sign in</title>",
                "number", "7");
        StringBuilder frames = new StringBuilder(frame("http://a.example/app.js", 1, 14));
        maps.forEach((name, map) -> {
            artifacts.single("~/" + name + ".js", "x\n//# sourceMappingURL=" + name + ".map");
            artifacts.single("~/" + name + ".map", map);
            frames.append(',').append(frame("http://a.example/" + name + ".js", 1, 1));
        });
        artifacts.single("~/app.js", SCRIPT);
        artifacts.single("~/app.js.map", map());
        JsonNode answer = ask(frames.toString(), RELEASE);
        assertResolved(frameOf(answer, 0));
        assertThat(errors(answer)).hasSize(5).containsOnly("malformed_sourcemap");
        answer.path("errors")
                .forEach(error -> assertThat(error.path("url").asText()).startsWith("http://a.example/"));
    }

    @Test
    void scriptNestedBeyondReason_isResolvedWithoutNames() throws Exception {
        artifacts.single(
                "~/app.js", "function f(){throw x}" + "(".repeat(1_000_000) + "\n//# sourceMappingURL=app.js.map");
        artifacts.single("~/app.js.map", map());
        JsonNode frame = frameOf(ask(frame("http://a.example/app.js", 1, 14), RELEASE), 0);
        assertThat(frame.path("data").path("symbolicated").asBoolean()).isTrue();
        assertThat(frame.path("function").asText()).isEqualTo("<unknown>");
    }

    @Test
    void bytesThatAreNoText_countAsOneCharacterEach() throws Exception {
        byte[] script = ("/*?*/" + SCRIPT).getBytes(StandardCharsets.UTF_8);
        script[2] = (byte) 0xFF;
        artifacts.single("~/app.js", script, Map.of());
        artifacts.single("~/app.js.map", map("KAAA,SAASA"));
        assertResolved(frameOf(ask(frame("http://a.example/app.js", 1, 19), RELEASE), 0));
    }

    @Test
    void manyRequestsOverManyMaps_areAllAnswered() throws Exception {
        int scripts = 40;
        for (int i = 0; i < scripts; i++) {
            artifacts.single("~/" + i + "/app.js", SCRIPT + "//" + "x".repeat(100_000) + i);
            artifacts.single("~/" + i + "/app.js.map", map().replace("// end", "// " + i + "y".repeat(100_000)));
        }
        List<Callable<JsonNode>> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String frame = frame("http://a.example/" + i % scripts + "/app.js", 1, 14);
            requests.add(() -> ask(frame, RELEASE));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<JsonNode> answer : threads.invokeAll(requests)) {
                assertResolved(frameOf(answer.get(), 0));
            }
        }
    }

    // ---- frames

    @Test
    void callersToken_namesTheFunctionThatItCalls_inEitherOrder() throws Exception {
        artifacts.single("~/app.js", "(function(){throw x})()\n//# sourceMappingURL=app.js.map");
        artifacts.single("~/app.js.map", map("AAAAA,UAAU"));
        String caller = frame("http://a.example/app.js", 1, 1);
        String callee = frame("http://a.example/app.js", 1, 14);
        JsonNode callersFirst = ask(caller + "," + callee, RELEASE);
        assertThat(frameOf(callersFirst, 1).path("function").asText()).isEqualTo("original");
        JsonNode calleesFirst = ask(callee + "," + caller, RELEASE + ",\"options\":{\"frame_order\":\"callee_first\"}");
        assertThat(frameOf(calleesFirst, 0).path("function").asText()).isEqualTo("original");
        assertThat(frameOf(calleesFirst, 0)).isEqualTo(frameOf(callersFirst, 1));
    }

    @Test
    void frameWithoutALine_isNotLookedFor() throws Exception {
        JsonNode answer = ask("{\"abs_path\":\"async http://a.example/x.html\",\"lineno\":0}", SCRAPE);
        assertThat(errors(answer)).containsExactly("invalid_location");
        assertThat(answer.path("errors").path(0).path("col").isNull()).isTrue();
        assertThat(frameOf(answer, 0).path("abs_path").asText()).isEqualTo("http://a.example/x.html");
        assertThat(answer.has("scraping_attempts")).isFalse();
    }

    @Test
    void stackOfAnError_isAnsweredWithFrames() throws Exception {
        artifacts.web.put("/w/app.js", SCRIPT.getBytes(StandardCharsets.UTF_8));
        artifacts.web.put("/w/app.js.map", map().getBytes(StandardCharsets.UTF_8));
        JsonNode answer = server.post(
                "/symbolicate-js",
                "{\"stack\":\"TypeError: x\\n    at f (%s:1:14)\\n    at native\"}"
                        .formatted(artifacts.web.url("/w/app.js")));
        assertResolved(frameOf(answer, 1));
        assertThat(frameOf(answer, 0).path("abs_path").asText()).isEqualTo("native");
    }

    // ---- explaining

    @Test
    void explain_tellsTheSteps_onlyWhereItIsAsked() throws Exception {
        artifacts.single("~/app.js", SCRIPT);
        assertThat(frameOf(ask(frame("http://a.example/app.js", 1, 14), RELEASE), 0)
                        .has("explain"))
                .isFalse();
        JsonNode explain = frameOf(
                        ask(frame("http://a.example/app.js", 1, 14), RELEASE + ",\"options\":{\"explain\":true}"), 0)
                .path("explain");
        assertThat(explain.path("tried").path(0).at("/cause/code").asText()).isEqualTo("found");
        assertThat(explain.at("/cause/code").asText()).isEqualTo("scraping_disabled");
        assertThat(explain.at("/cause/location").asText()).isEqualTo("http://a.example/app.js.map");
    }

    @Test
    void explainEndpoint_tellsWhyFramesAreAsTheyAre() throws Exception {
        artifacts.single("~/app.js", "function f(){}");
        JsonNode pending = server.post(
                "/symbolicate-js?timeout=0",
                artifacts.request(frame("http://a.example/app.js", 1, 14) + "," + frame("native", 1, 1), RELEASE));
        String id = pending.path("request_id").asText();
        server.get("/requests/" + id);
        String text = server.get("/explain/" + id);
        assertThat(text).contains("http://a.example/app.js names no source map", "[no_source_map]", "[internal_frame]");
    }

    @Test
    void sharedMaps_areMadeOnce_whoeverAsks() throws Exception {
        artifacts.single("~/app.js", SCRIPT);
        artifacts.single("~/app.js.map", map());
        server.post("/symbolicate-js?scope=a", artifacts.request(frame("http://a.example/app.js", 1, 14), RELEASE));
        server.post("/symbolicate-js?scope=b", artifacts.request(frame("http://a.example/app.js", 1, 14), RELEASE));
        assertThat(server.get("/metrics").lines())
                .contains("framewright_cache_entries{cache=\"source_maps\"} 1")
                .contains("framewright_cache_entries{cache=\"js_functions\"} 1")
                .contains("framewright_cache_entries{cache=\"artifacts\"} 4");
    }
}
