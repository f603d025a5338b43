package framewright;

import static framewright.testkit.ArtifactServer.SCRIPT;
import static framewright.testkit.ArtifactServer.frame;
import static framewright.testkit.ArtifactServer.map;
import static framewright.testkit.ArtifactServer.zip;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.testkit.ArtifactServer;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Program;
import framewright.testkit.RunningServer;
import framewright.testkit.StoreServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts and maps in sources that keep files under paths, at a real server. */
@Timeout(60)
class ScriptFoldersTest {
    private static final String ID = "2f259f80-58b7-44cb-d7cd-de1505e7e718";
    private static final String UNIFIED = "2f/259f8058b744cbd7cdde1505e7e718";
    private static final String URL = "http://a.example/js/app.js";
    private static final String WITH_ID = "function f(){throw x}\n//# debugId=" + ID + "\n";
    private static final String BUNDLED = """
            {"x":{"type":"minified_source","headers":{"debug-id":"%1$s"}},
             "y":{"type":"source_map","headers":{"debug-id":"%1$s"}}}""".formatted(ID);

    @TempDir
    private Path folder;

    private void put(String path, String text) throws IOException {
        put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private String filesystem() {
        return folderSource("");
    }

    private String folderSource(String below) {
        return "{\"type\":\"filesystem\",\"id\":\"dist\",\"path\":\"%s\"}".formatted(folder.resolve(below));
    }

    private static String request(String source, String more) {
        return "{\"source\":%s,\"stacktraces\":[{\"frames\":[%s]}],\"options\":{\"explain\":true},\"allow_scraping\":false%s}"
                .formatted(source, frame(URL, 1, 14), more);
    }

    private static String withId() {
        return ",\"modules\":[{\"type\":\"sourcemap\",\"code_file\":\"%s\",\"debug_id\":\"%s\"}]".formatted(URL, ID);
    }

    private static JsonNode ask(String source, String more, String... settings) throws Exception {
        try (RunningServer server = new RunningServer(settings)) {
            return server.post("/symbolicate-js", request(source, more)).at("/stacktraces/0/frames/0");
        }
    }

    private static void assertResolved(JsonNode frame, String how) {
        assertThat(frame.path("function").asText()).as("%s", frame).isEqualTo("original");
        assertThat(frame.at("/data/resolved_with").asText()).isEqualTo(how);
    }

    // ---- by debug id

    @ParameterizedTest
    @ValueSource(strings = {UNIFIED, ID})
    void bundle_isFoundByItsId(String place) throws Exception {
        put(place + "/sourcebundle", zip(BUNDLED, Map.of("x", "function f(){throw x}", "y", map())));
        JsonNode frame = ask(filesystem(), withId());
        assertResolved(frame, "debug-id");
        assertThat(frame.at("/data/sourcemap_origin/bundled/0").asText()).endsWith(place + "/sourcebundle");
    }

    @Test
    void bundle_mayBeginWithTheHeaderOfASourceBundle() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {'S', 'Y', 'S', 'B', 2, 0, 0, 0});
        bytes.writeBytes(zip(BUNDLED, Map.of("x", "function f(){throw x}", "y", map())));
        put(UNIFIED + "/sourcebundle", bytes.toByteArray());
        assertResolved(ask(filesystem(), withId()), "debug-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.js app.js.map", "minified_source source_map"})
    void filesOfAnId_areFoundByTheirNameOrKind(String names) throws Exception {
        String[] scriptAndMap = names.split(" ", -1);
        put(ID + "/" + scriptAndMap[0], WITH_ID + "//# sourceMappingURL=app.js.map");
        put(ID + "/" + scriptAndMap[1], map());
        assertResolved(ask(filesystem(), withId()), "debug-id");
    }

    @Test
    void fileOfAnotherBuild_isTakenOnlyWhereNothingHasTheId() throws Exception {
        put("js/app.js", "of another build");
        put(UNIFIED + "/minified_source", SCRIPT);
        put(UNIFIED + "/source_map", map());
        assertResolved(ask(filesystem(), withId()), "debug-id");
        Files.delete(folder.resolve(UNIFIED + "/minified_source"));
        JsonNode tried = ask(filesystem(), withId()).at("/explain/tried");
        assertThat(causes(tried)).containsSubsequence("not_found", "found", "found");
        assertThat(tried.findValuesAsText("location")).anyMatch(location -> location.endsWith("/js/app.js"));
    }

    // ---- by path

    @ParameterizedTest
    @ValueSource(strings = {"1.0/web/js", "1.0/js", "js"})
    void files_areFoundByReleaseDistAndPath(String place) throws Exception {
        put(place + "/app.js", SCRIPT);
        put(place + "/app.js.map", map());
        JsonNode frame = ask(filesystem(), ",\"release\":\"1.0\",\"dist\":\"web\"");
        assertResolved(frame, place.equals("js") ? "url" : "release");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a.example/../secret.js",
                "http://a.example/x/%2e%2e/%2e%2e/secret.js",
                "http://a.example/..%2Fsecret.js",
                "http://a.example/..\\\\secret.js",
                "~/../secret.js",
                "../secret.js",
                "/js"
            })
    void address_neverLeadsOutOfTheFolder(String url) throws Exception {
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("js"));
        put("secret.js", SCRIPT);
        try (RunningServer server = new RunningServer()) {
            JsonNode answer = server.post(
                    "/symbolicate-js",
                    "{\"source\":{\"type\":\"filesystem\",\"id\":\"a\",\"path\":\"%s\"},\"release\":\"..\",\"dist\":\"x/../..\",\"stacktraces\":[{\"frames\":[%s]}],\"allow_scraping\":false}"
                            .formatted(root, frame(url, 1, 1)));
            assertThat(answer.at("/stacktraces/0/frames/0").has("context_line")).isFalse();
            assertThat(answer.at("/errors/0/type").asText()).isIn("missing_source", "scraping_disabled");
        }
    }

    // ---- several sources

    @Test
    void severalSources_areAskedInOrder() throws Exception {
        put("first/js/app.js", SCRIPT);
        put("second/js/app.js", "function g(){}");
        put("second/js/app.js.map", map());
        String source = "[" + folderSource("first") + "," + folderSource("second") + "]";
        JsonNode frame = ask(source, "");
        assertResolved(frame, "url");
        assertThat(frame.at("/explain/tried/0/cause/location").asText()).endsWith("/first/js/app.js");
        assertThat(frame.at("/data/sourcemap_origin/individual_file").asText()).endsWith("/second/js/app.js.map");
    }

    @Test
    void folder_isAskedForWhatTheServerLacks() throws Exception {
        put("js/app.js.map", map());
        try (ArtifactServer artifacts = new ArtifactServer()) {
            artifacts.single("~/js/app.js", SCRIPT);
            String server = "{\"id\":\"s\",\"url\":\"%s\",\"token\":\"t\"}".formatted(artifacts.web.url("/lookup"));
            JsonNode frame = ask(
                    "[" + server + "," + filesystem() + "]", ",\"release\":\"1.0\"", "connect_to_reserved_ips: true");
            assertResolved(frame, "url");
            assertThat(causes(frame.at("/explain/tried"))).containsExactly("found", "not_found", "found");
        }
    }

    @Test
    void requestWithoutASource_asksThoseOfTheSettings() throws Exception {
        put("js/app.js", SCRIPT);
        put("js/app.js.map", map());
        String settings = "sources: [{type: filesystem, id: dist, path: '" + folder + "'}]";
        assertResolved(ask("null", "", settings), "url");
    }

    @Test
    void sourceForOtherFiles_isNotAsked() throws Exception {
        put("js/app.js", SCRIPT);
        String source = filesystem().replace("}", ",\"filters\":{\"filetypes\":[\"elf_debug\"]}}");
        assertThat(causes(ask(source, "").at("/explain/tried"))).containsExactly("scraping_disabled");
    }

    // ---- other kinds of sources

    @Test
    void webServer_isAskedWithItsHeaders_onceForAScript() throws Exception {
        try (FakeSymbolServer web = new FakeSymbolServer()) {
            web.put("/dist/js/my%20app.js", SCRIPT.getBytes(StandardCharsets.UTF_8));
            web.put("/dist/js/app.js.map", map().getBytes(StandardCharsets.UTF_8));
            String source =
                    "{\"type\":\"http\",\"id\":\"h\",\"url\":\"%s\",\"headers\":{\"X-Key\":\"k\"},\"is_public\":true}"
                            .formatted(web.url("/dist/"));
            try (RunningServer server = new RunningServer("connect_to_reserved_ips: true")) {
                String body = request(source, "").replace("app.js\"", "my%20app.js?v=1\"");
                for (String scope : List.of("a", "b")) {
                    JsonNode answer = server.post("/symbolicate-js?scope=" + scope, body);
                    assertResolved(answer.at("/stacktraces/0/frames/0"), "url");
                }
            }
            assertThat(web.hits("/dist/js/my%20app.js")).isEqualTo(1);
            assertThat(web.requests().getFirst().headers()).containsEntry("x-key", "k");
        }
    }

    @Test
    void bucket_isAskedByIdAndPath() throws Exception {
        String script = "{\"x\":{\"type\":\"minified_source\",\"headers\":{\"debug-id\":\"" + ID
                + "\",\"sourcemap\":\"app.js.map\"}}}";
        put("data/bucket/pre/" + UNIFIED + "/sourcebundle", zip(script, Map.of("x", "function f(){throw x}")));
        put("data/bucket/pre/1.0/js/app.js.map", map());
        try (Program s3 = StoreServers.versitygw(folder, folder.resolve("data"))) {
            String source = """
                    {"type":"s3","id":"s3","bucket":"bucket","prefix":"pre","region":"us-east-1","endpoint":"%s",
                     "access_key":"%s","secret_key":"%s"}""".formatted(s3.url("/"), StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY);
            assertResolved(ask(source, withId() + ",\"release\":\"1.0\"", "connect_to_reserved_ips: true"), "release");
        }
    }

    private static List<String> causes(JsonNode tried) {
        List<String> causes = new ArrayList<>();
        tried.forEach(step -> causes.add(step.at("/cause/code").asText()));
        return causes;
    }
}
