package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.cli.Cli;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.testkit.FakeSymbolServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVM stack traces at a real server, with mappings and source bundles from real sources. */
@Timeout(60)
class JvmServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String UUID = "00000000-1111-2222-3333-444444444444";
    private static final String FOLDER = "/00/000000111122223333444444444444";
    private static final String MAPPING = """
            # compiler: R8
            # pg_map_id: 9a7c1f2
            shop.Till -> a.a:
            # {"id":"sourceFile","fileName":"Till.kt"}
                1:2:void sell(int):3:4 -> b
                3:3:void shop.Shelf.take():1:1 -> b
                3:3:void sell(int):5 -> b
                4:4:void made():6:6 -> c
                # {"id":"com.android.tools.r8.synthesized"}
                void put(int) -> d
                void put(java.lang.String) -> d
            shop.Shelf -> a.b:
            # {"id":"sourceFile","fileName":"Shelf.kt"}
                void <init>() -> <init>
            shop.SoldOut -> c:
                void <init>() -> <init>
            """;

    @TempDir
    private Path folder;

    private FakeSymbolServer origin;
    private App app;
    private HttpServer http;

    @BeforeEach
    void start() {
        origin = new FakeSymbolServer();
        app = new App(new SettingsLoader(Map.of())
                .parse("bind: 127.0.0.1:0\nconnect_to_reserved_ips: true\n")
                .settings());
        http = app.listen();
    }

    @AfterEach
    void stop() {
        app.close();
        origin.close();
    }

    private HttpResponse<String> post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + http.port() + "/symbolicate-jvm?scope=test"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** @param fields of the request, besides its sources */
    private JsonNode ask(String source, String fields) throws Exception {
        HttpResponse<String> answer = post("{\"sources\":[" + source + "]," + fields + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private String web() {
        return "{\"type\":\"http\",\"id\":\"web\",\"url\":\"" + origin.url("")
                + "\",\"layout\":{\"type\":\"unified\"}}";
    }

    private static String modules(String type) {
        return "\"modules\":[{\"type\":\"" + type + "\",\"uuid\":\"" + UUID + "\"}]";
    }

    private static String frames(String... frames) {
        return "\"stacktraces\":[{\"exception\":{\"type\":\"c\",\"module\":\"\"},\"frames\":["
                + String.join(",", frames) + "]}]";
    }

    private static String frame(String function, String more) {
        return "{\"module\":\"a.a\",\"function\":\"" + function + "\",\"index\":7" + more + "}";
    }

    private void putMapping(String text) {
        origin.put(FOLDER + "/proguard", text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bundle(String url, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {'S', 'Y', 'S', 'B', 2, 0, 0, 0});
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("files/one"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(("{\"debug_id\":\"" + UUID + "\",\"files\":{\"files/one\":{\"url\":\"" + url + "\"}}}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void request_isRestoredWhole_fromAWebStoreOfTheUnifiedLayout() throws Exception {
        putMapping(MAPPING);
        JsonNode answer = ask(
                web(),
                modules("proguard") + ",\"release_package\":\"shop\",\"classes\":[\"a.b\",\"q\"],"
                        + "\"exceptions\":[{\"type\":\"a\",\"module\":\"a\"},{\"type\":\"E\",\"module\":\"x\"}],"
                        + frames(
                                frame("d", ",\"signature\":\"(Ljava/lang/String;)La/b;\",\"in_app\":false"),
                                frame("c", ",\"lineno\":4"),
                                frame("b", ",\"lineno\":3,\"filename\":\"SourceFile\",\"platform\":\"java\""),
                                "{\"module\":\"x.Y\",\"function\":\"z\",\"index\":9}"));
        assertThat(answer.path("errors")).isEmpty();
        assertThat(answer.path("classes").toString()).isEqualTo("{\"a.b\":\"shop.Shelf\"}");
        assertThat(answer.path("exceptions").toString())
                .isEqualTo("[{\"type\":\"Till\",\"module\":\"shop\"},{\"type\":\"E\",\"module\":\"x\"}]");
        JsonNode stack = answer.path("stacktraces").path(0);
        assertThat(stack.path("exception").toString()).isEqualTo("{\"type\":\"SoldOut\",\"module\":\"shop\"}");
        assertThat(stack.path("frames"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"function\":\"put\",\"filename\":\"Till.kt\",\"module\":\"shop.Till\",\"abs_path\":\"Till.kt\","
                                + "\"in_app\":false,\"signature\":\"(java.lang.String): shop.Shelf\",\"index\":7}",
                        "{\"platform\":\"java\",\"function\":\"sell\",\"filename\":\"Till.kt\",\"module\":\"shop.Till\","
                                + "\"abs_path\":\"Till.kt\",\"lineno\":5,\"in_app\":true,\"index\":7}",
                        "{\"platform\":\"java\",\"function\":\"take\",\"filename\":\"Shelf.kt\",\"module\":\"shop.Shelf\","
                                + "\"abs_path\":\"Shelf.kt\",\"lineno\":1,\"in_app\":true,\"index\":7}",
                        "{\"function\":\"z\",\"module\":\"x.Y\",\"index\":9}");
    }

    @Test
    void secondRequest_asksNoSourceAgain() throws Exception {
        putMapping(MAPPING);
        String fields = modules("proguard") + "," + frames(frame("b", ",\"lineno\":1"));
        JsonNode first = ask(web(), fields);
        assertThat(ask(web(), fields)).isEqualTo(first);
        assertThat(origin.hits(FOLDER + "/proguard")).isEqualTo(1);
    }

    @Test
    void sentryUpstream_isAskedByTheDebugId() throws Exception {
        origin.put(
                "/dsyms/?debug_id=" + UUID,
                "[{\"id\":\"1\",\"symbolType\":\"proguard\"}]".getBytes(StandardCharsets.UTF_8));
        origin.put("/dsyms/?id=1", MAPPING.getBytes(StandardCharsets.UTF_8));
        JsonNode answer = ask(
                "{\"type\":\"sentry\",\"id\":\"sentry:p\",\"url\":\"" + origin.url("/dsyms/") + "\",\"token\":\"t\"}",
                modules("proguard") + "," + frames(frame("b", ",\"lineno\":2")));
        assertThat(answer.at("/stacktraces/0/frames/0/lineno").asInt()).isEqualTo(4);
    }

    @Test
    void mappingThatIsNoneOrNowhere_isAnErrorThatSaysWhy() throws Exception {
        String fields =
                modules("proguard") + "," + frames(frame("b", ",\"lineno\":3")) + ",\"options\":{\"causes\":true}";
        JsonNode missing = ask(web(), fields);
        assertThat(missing.path("errors").toString()).isEqualTo("[{\"uuid\":\"" + UUID + "\",\"type\":\"missing\"}]");
        assertThat(missing.at("/modules/0/cause/code").asText()).isEqualTo("not_found");
        assertThat(missing.at("/stacktraces/0/frames/0/function").asText()).isEqualTo("b");
        putMapping("<html>not found</html>");
        JsonNode invalid = ask(web().replace("\"web\"", "\"other\""), fields);
        assertThat(invalid.path("errors").toString()).isEqualTo("[{\"uuid\":\"" + UUID + "\",\"type\":\"invalid\"}]");
        assertThat(invalid.at("/modules/0/cause/code").asText()).isEqualTo("malformed");
        assertThat(ask(web(), modules("proguard").replace(UUID, "00000000-0000-0000-0000-000000000000"))
                        .path("errors"))
                .hasSize(1);
    }

    @Test
    void sourceBundle_givesTheLinesAround() throws Exception {
        putMapping(MAPPING);
        origin.put(FOLDER + "/sourcebundle", bundle("~/shop/Till.jvm", "1\n2\n3\n4\n5\n6\n"));
        String both = "\"modules\":[{\"type\":\"proguard\",\"uuid\":\"" + UUID + "\"},{\"type\":\"source\",\"uuid\":\""
                + UUID + "\"}]";
        JsonNode answer = ask(web(), both + "," + frames(frame("b", ",\"lineno\":1"), frame("b", ",\"lineno\":99")));
        JsonNode frame = answer.at("/stacktraces/0/frames/0");
        assertThat(frame.path("context_line").asText()).isEqualTo("3");
        assertThat(frame.path("pre_context").toString()).isEqualTo("[\"1\",\"2\"]");
        assertThat(frame.path("post_context").toString()).isEqualTo("[\"4\",\"5\",\"6\"]");
        assertThat(answer.at("/stacktraces/0/frames/1").has("context_line")).isFalse();
        JsonNode without = ask(
                web(),
                both + "," + frames(frame("b", ",\"lineno\":1")) + ",\"options\":{\"apply_source_context\":false}");
        assertThat(without.at("/stacktraces/0/frames/0").has("context_line")).isFalse();
    }

    @Test
    void printedStack_comesBackInOriginalNames_andAnotherBuildsMappingIsTold() throws Exception {
        putMapping(MAPPING);
        JsonNode answer = ask(
                web(),
                modules("proguard") + ",\"stacks\":[\"c: gone\\n\\tat a.a.b(r8-map-id-5555555:1)\\n\\t... 2 more\"],"
                        + "\"options\":{\"causes\":true}");
        assertThat(answer.path("stacks").path(0).asText())
                .isEqualTo("shop.SoldOut: gone\n\tat shop.Till.sell(Till.kt:3)\n\t... 2 more");
        assertThat(answer.at("/modules/0/cause/code").asText()).isEqualTo("id_mismatch");
        assertThat(answer.at("/modules/0/cause/message").asText()).contains("9a7c1f2", "5555555");
    }

    @Test
    void requestWithoutMappings_isRestoredByTheOneThatItsFileNamesGive() throws Exception {
        origin.put("/9a/7c1f2/proguard", MAPPING.getBytes(StandardCharsets.UTF_8));
        JsonNode text = ask(web(), "\"stacks\":[\"c: gone\\n\\tat a.a.b(r8-map-id-9a7c1f2:1)\"]");
        assertThat(text.path("stacks").path(0).asText()).contains("shop.Till.sell(Till.kt:3)");
        JsonNode frames = ask(
                web(),
                frames(frame("b", ",\"lineno\":1,\"filename\":\"r8-map-id-9a7c1f2\""))
                        + ",\"options\":{\"causes\":true}");
        assertThat(frames.at("/stacktraces/0/frames/0/function").asText()).isEqualTo("sell");
        assertThat(frames.at("/modules/0/code_id").asText()).isEqualTo("9a7c1f2");
        assertThat(frames.at("/modules/0/cause/code").asText()).isEqualTo("found");
    }

    @Test
    void badRequests_saysWhereTheyAre() throws Exception {
        for (String fields : new String[] {
            "\"modules\":[{\"type\":\"elf\",\"uuid\":\"" + UUID + "\"}]",
            "\"modules\":[{\"type\":\"proguard\",\"uuid\":\"x\"}]",
            "\"modules\":[{\"type\":\"proguard\"}]",
            "\"stacktraces\":[{}]",
            "\"stacktraces\":[{\"frames\":[{\"module\":\"a\",\"function\":\"b\"}]}]",
            "\"exceptions\":[{\"module\":\"a\"}]",
        }) {
            HttpResponse<String> answer = post("{\"sources\":[]," + fields + "}");
            assertThat(answer.statusCode()).as(fields).isEqualTo(422);
            assertThat(answer.body()).contains("$.");
        }
    }

    @Test
    void explain_ofAPendingRequest_tellsOfItsMapping() throws Exception {
        putMapping("a.B -> a.a:\n    void c() -> b\n");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + http.port() + "/symbolicate-jvm?timeout=0"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"sources\":[" + web() + "]," + modules("proguard") + ","
                        + frames(frame("b", ",\"lineno\":3")) + "}"))
                .build();
        String id = JSON.readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("request_id")
                .asText();
        CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + "/requests/" + id))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String told = CLIENT.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + "/explain/" + id))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(told).contains("found mapping (debug_id " + UUID + ")", "[no_line_info]", "-keepattributes");
    }

    @Test
    void command_restoresATrace_andSaysWhatIsAmissWithTheMapping() throws Exception {
        Path trace = Files.writeString(folder.resolve("trace.txt"), "c: gone\n\tat a.a.b(SourceFile:3)\n");
        Path mapping = Files.writeString(folder.resolve("mapping.txt"), MAPPING);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(
                new PrintWriter(out),
                new PrintWriter(err),
                false,
                "resolve",
                trace.toString(),
                "--mapping",
                mapping.toString());
        assertThat(out.toString())
                .isEqualTo("shop.SoldOut: gone\n\tat shop.Shelf.take(Shelf.kt:1)\n\tat shop.Till.sell(Till.kt:5)\n");
        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        Path none = Files.writeString(folder.resolve("none.txt"), "nothing");
        int failed = Cli.run(
                new PrintWriter(out),
                new PrintWriter(err),
                false,
                "resolve",
                trace.toString(),
                "--mapping",
                none.toString());
        assertThat(failed).isEqualTo(1);
        assertThat(err.toString()).contains("--mapping " + none, "to fix it: ");
    }
}
