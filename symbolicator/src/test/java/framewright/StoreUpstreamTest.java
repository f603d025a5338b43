package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.testkit.RunningServer;
import framewright.testkit.Scripts;
import framewright.testkit.SymbolStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store as the Sentry that another server's source is pointed at. */
@Timeout(60)
class StoreUpstreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELF = "elf-dwarf5.so";
    private static final String FILES = "/api/0/projects/default/default/files/dsyms/";
    private static final String ARTIFACTS = "/api/0/projects/default/default/artifact-lookup/";
    private static final DebugId MAPPING_ID =
            Objects.requireNonNull(DebugId.parse("00000000-1111-2222-3333-444444444444"));

    @TempDir
    Path folder;

    private SymbolStore store;
    private Project project;
    private RunningServer upstream;

    @BeforeEach
    void open() {
        store = new SymbolStore(folder.resolve("store"));
        project = store.project("default", "default");
        upstream = new RunningServer("store: {dir: " + folder.resolve("store") + "}")
                .as(store.token("default", Permission.READ));
    }

    @AfterEach
    void close() {
        upstream.close();
        store.close();
    }

    private JsonNode json(String path, String... headers) throws Exception {
        HttpResponse<byte[]> answer = upstream.send("GET", path, headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return JSON.readTree(answer.body());
    }

    private String text(String path) throws Exception {
        return new String(upstream.send("GET", path).body(), StandardCharsets.UTF_8);
    }

    @Test
    void otherServer_withASentrySource_resolvesNativeJvmAndScripts() throws Exception {
        store.put(ELF);
        store.put(
                project,
                "mapping.txt",
                "shop.Till -> a.a:\n    1:2:void sell(int):3:4 -> b\n".getBytes(StandardCharsets.UTF_8),
                MAPPING_ID);
        store.putBundle(project, Scripts.bundle(), "1.0", null);
        String source = "{type: sentry, id: '%s', url: '%s', token: %s}";
        String token = store.token("default", Permission.READ);
        try (RunningServer server = new RunningServer(
                "sources:",
                "  - " + source.formatted("sentry:project", upstream.url(FILES), token),
                "  - " + source.formatted("sentry:scripts", upstream.url(ARTIFACTS), token))) {
            JsonNode answer = server.post("/symbolicate", """
                    {"modules":[{"type":"elf","code_id":"1111111111111111111111111111111111111115",
                      "image_addr":"0x10000","image_size":65536}],
                     "stacktraces":[{"frames":[{"instruction_addr":"0x113b0"}]}]}""");
            assertThat(answer.at("/stacktraces/0/frames/0/function").asText())
                    .isEqualTo("shapes::Box::measure(int) const");
            JsonNode jvm = server.post("/symbolicate-jvm", """
                    {"modules":[{"type":"proguard","uuid":"%s"}],
                     "stacktraces":[{"frames":[{"module":"a.a","function":"b","lineno":1,"index":0}]}]}""".formatted(MAPPING_ID));
            assertThat(jvm.at("/stacktraces/0/frames/0/function").asText()).isEqualTo("sell");
            assertThat(Scripts.function(server, Scripts.BY_ID)).isEqualTo("original");
            assertThat(Scripts.function(server, "\"release\":\"1.0\"")).isEqualTo("original");
        }
    }

    @Test
    void list_tellsOfFilesByDebugId_elseByCodeId_elseByText() throws Exception {
        DebugFile elf = store.put(ELF).getFirst();
        store.put("pe-x64.dll");
        JsonNode rows = json(FILES + "?debug_id=" + elf.entry().debugId() + "&code_id=00");
        assertThat(rows).hasSize(1);
        JsonNode row = rows.path(0);
        assertThat(row.path("id").isTextual()).isTrue();
        assertThat(row.path("id").asText()).isEqualTo(Long.toString(elf.id()));
        assertThat(row.path("symbolType").asText()).isEqualTo("elf");
        assertThat(json(FILES + "?code_id=" + elf.entry().codeId())).hasSize(1);
        assertThat(json(FILES + "?query=PE-X64").path(0).path("symbolType").asText())
                .isEqualTo("pe");
        assertThat(json(FILES)).hasSize(2);
        assertThat(json(FILES + "?file_formats=elf&file_formats=macho")).hasSize(1);
        assertThat(json(FILES + "?debug_id=11111111-1111-1111-1111-111111111119"))
                .isEmpty();
        assertThat(json(FILES + "?debug_id=nonsense")).isEmpty();
    }

    @Test
    void list_hasAtMostNineteenRowsForSymbolicator_andPagesForOthers() throws Exception {
        byte[] whole = SymbolStore.fixture(ELF);
        List<DebugFile> files = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            byte[] other = Arrays.copyOf(whole, whole.length + 1 + i);
            DebugId id = DebugId.parse("11111111-1111-1111-1111-1111111111%02x".formatted(i));
            files.addAll(store.put(project, "lib.so", other, id));
        }
        String code = FILES + "?code_id=" + files.getFirst().entry().codeId();
        JsonNode rows = json(code, "User-Agent", "symbolicator/26.8.0");
        assertThat(rows).hasSize(19);
        assertThat(rows.path(0).path("id").asText())
                .isEqualTo(Long.toString(files.getLast().id()));
        HttpResponse<byte[]> page = upstream.send("GET", FILES);
        assertThat(JSON.readTree(page.body())).hasSize(20);
        String link = page.headers().firstValue("link").orElse("");
        assertThat(link).contains("rel=\"next\"; results=\"true\"");
        String next = link.substring(link.indexOf(FILES), link.indexOf('>'));
        HttpResponse<byte[]> last = upstream.send("GET", next);
        assertThat(JSON.readTree(last.body())).hasSize(5);
        assertThat(last.headers().firstValue("link").orElse("")).contains("results=\"false\"");
    }

    @Test
    void list_namesOneFileOfEachUse_theNewest() throws Exception {
        byte[] whole = SymbolStore.fixture(ELF);
        DebugFile older = store.put(ELF).getFirst();
        DebugFile newer = store.put(project, ELF, Arrays.copyOf(whole, whole.length + 1), null)
                .getFirst();
        JsonNode rows = json(FILES + "?debug_id=" + older.entry().debugId());
        assertThat(rows).hasSize(1);
        assertThat(rows.path(0).path("id").asText()).isEqualTo(Long.toString(newer.id()));
    }

    @Test
    void download_isWholeOrAsMuchAsIsAskedFor() throws Exception {
        byte[] bytes = SymbolStore.fixture(ELF);
        DebugFile file = store.put(ELF).getFirst();
        String path = FILES + "?id=" + file.id();
        HttpResponse<byte[]> whole = upstream.send("GET", path);
        assertThat(whole.body()).isEqualTo(bytes);
        assertThat(whole.headers().firstValue("content-type")).hasValue("application/octet-stream");
        assertThat(whole.headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"" + file.entry().debugId() + ".debug\"");
        HttpResponse<byte[]> first = upstream.send("GET", path, "Range", "bytes=0-134217727");
        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.headers().firstValue("content-range"))
                .hasValue("bytes 0-" + (bytes.length - 1) + "/" + bytes.length);
        assertThat(first.body()).isEqualTo(bytes);
        HttpResponse<byte[]> part = upstream.send("GET", path, "Range", "bytes=10-19");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
        assertThat(upstream.send("GET", path, "Range", "bytes=" + bytes.length + "-")
                        .statusCode())
                .isEqualTo(416);
        assertThat(upstream.send("GET", FILES + "?id=99999").statusCode()).isEqualTo(404);
        assertThat(upstream.send("GET", FILES + "?id=x").statusCode()).isEqualTo(404);
    }

    @Test
    void nobody_seesFilesOfAnotherOrganization() throws Exception {
        DebugFile secret = store.put(store.project("other", "app"), ELF, SymbolStore.fixture(ELF), null)
                .getFirst();
        assertThat(upstream.send("GET", "/api/0/projects/other/app/files/dsyms/")
                        .statusCode())
                .isEqualTo(404);
        assertThat(json(FILES + "?debug_id=" + secret.entry().debugId())).isEmpty();
        assertThat(upstream.send("GET", FILES + "?id=" + secret.id()).statusCode())
                .isEqualTo(404);
        assertThat(upstream.as("nonsense").send("GET", FILES).statusCode()).isEqualTo(401);
        String uploader = store.token("default", Permission.UPLOAD);
        assertThat(upstream.as(uploader).send("GET", FILES).statusCode()).isEqualTo(403);
    }

    @Test
    void artifacts_haveAddressesBelowTheOneThatWasAsked() throws Exception {
        byte[] bundle = Scripts.bundle();
        store.putBundle(project, bundle, "1.0", "7");
        JsonNode byId = json(ARTIFACTS + "?debug_id=2f259f80-58b7-44cb-d7cd-de1505e7e718");
        assertThat(byId).hasSize(1);
        JsonNode row = byId.path(0);
        assertThat(row.path("type").asText()).isEqualTo("bundle");
        assertThat(row.path("resolved_with").asText()).isEqualTo("debug-id");
        assertThat(row.path("url").asText())
                .isEqualTo(
                        upstream.url(ARTIFACTS + "?download=") + row.path("id").asText());
        assertThat(upstream.send(
                                "GET", ARTIFACTS + "?download=" + row.path("id").asText())
                        .body())
                .isEqualTo(bundle);
        assertThat(json(ARTIFACTS + "?release=1.0&dist=7&url=%2Fjs%2Fapp")).hasSize(1);
        assertThat(json(ARTIFACTS + "?release=1.0&dist=7&url=s%2Fap")).hasSize(1);
        assertThat(json(ARTIFACTS + "?release=1.0&url=%2Fjs%2Fapp")).isEmpty();
        JsonNode behindProxy = json(
                ARTIFACTS + "?debug_id=2f259f80-58b7-44cb-d7cd-de1505e7e718",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "symbols.example:8443",
                "X-Forwarded-Prefix",
                "/framewright");
        assertThat(behindProxy.path(0).path("url").asText())
                .startsWith("https://symbols.example:8443/framewright" + ARTIFACTS + "?download=");
        assertThat(upstream.send("GET", ARTIFACTS + "?download=artifact_bundle/77777")
                        .statusCode())
                .isEqualTo(404);
        assertThat(text(ARTIFACTS + "?download=../../secret")).contains("there is no artifact");
    }
}
