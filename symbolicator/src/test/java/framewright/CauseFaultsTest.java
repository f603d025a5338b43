package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.Cause;
import framewright.config.SettingsLoader;
import framewright.debugfiles.DebugId;
import framewright.http.HttpServer;
import framewright.store.Project;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.RawServer;
import framewright.testkit.RunningServer;
import framewright.testkit.SelfSignedServer;
import framewright.testkit.SymbolStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every cause is brought about at a real server and found in its answer. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CauseFaultsTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String CODE_ID = "1111111111111111111111111111111111111115";
    private static final String ELF = "/11/11111111111111111111111111111111111115/debuginfo";
    private static final String OTHER = "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    private FakeSymbolServer origin;
    private Server server;

    @TempDir
    private Path folder;

    private int scopes;

    /** A server with settings of its own. */
    private record Server(App app, HttpServer http) implements AutoCloseable {
        @Override
        public void close() {
            app.close();
        }
    }

    private Server start(String... settings) {
        List<String> lines = new ArrayList<>(List.of("bind: 127.0.0.1:0"));
        lines.addAll(List.of(settings));
        if (!String.join("", settings).contains("connect_to_reserved_ips")) {
            lines.add("connect_to_reserved_ips: true");
        }
        App app = new App(
                new SettingsLoader(Map.of()).parse(String.join("\n", lines)).settings());
        return new Server(app, app.listen());
    }

    @BeforeAll
    void startAll() {
        origin = new FakeSymbolServer();
        server = start("deny_list_enabled: false");
    }

    @AfterAll
    void stopAll() {
        server.close();
        origin.close();
    }

    @ParameterizedTest
    @EnumSource
    void cause_isToldByTheServerThatMetIt(Cause cause) throws Exception {
        origin.forget();
        JsonNode module = module(cause);
        JsonNode told = module.path("cause");
        assertThat(told.path("code").asText()).as("%s", module).isEqualTo(cause.code());
        assertThat(told.path("message").asText()).isNotBlank().doesNotContain("{", "}");
        assertThat(told.path("remedy").asText()).isEqualTo(cause.remedy());
        if (module.has("candidates")) {
            assertThat(StreamSupport.stream(module.path("candidates").spliterator(), false)
                            .map(candidate ->
                                    candidate.path("cause").path("code").asText()))
                    .contains(cause.code());
        }
    }

    /** A switch without default: a cause that has no fault here does not compile. */
    private JsonNode module(Cause cause) throws Exception {
        return switch (cause) {
            case FOUND -> put("elf-dwarf5.so");
            case UNUSED -> ask(server, elf(CODE_ID), List.of(), "[]");
            case NO_DEBUG_INFO -> put("elf-symbols-only.so");
            case NO_LINE_INFO -> jvm("a.B -> a:\n    void c() -> a\n", "a");
            case NO_SOURCE_FILES -> jvm("a.B -> a:\n    1:1:void c():7:7 -> a\n", "a");
            case NO_LINE_MAPPING -> unityWithoutMapping();
            case WRONG_MAPPING -> jvm("a.B -> a:\n    1:1:void c():7:7 -> a\n", "q");
            case MAPPING_BY_RELEASE -> byRelease();
            case STRIPPED -> put("elf-stripped.so");
            case ID_MISMATCH -> put("elf-rust-v0.so");
            case WRONG_ARCH -> wrongArch();
            case MALFORMED -> put(new byte[1000]);
            case KIND_UNSUPPORTED -> windowsPdbOfManagedCode();
            case TOO_LARGE -> tooLarge();
            case NOT_FOUND -> elfFrom(origin.url(""));
            case NOT_LISTED -> ask(server, elf(CODE_ID), List.of(http("symstore", "breakpad", origin.url(""))));
            case FILTERED -> ask(server, elf(CODE_ID), List.of(http("unified", "mach_code", origin.url(""))));
            case NO_ID -> ask(server, "\"type\":\"elf\"", List.of(http("unified", "elf_debug", origin.url(""))));
            case NO_SOURCE -> ask(server, elf(CODE_ID), List.of());
            case UNAUTHORIZED -> status(401);
            case FORBIDDEN -> status(403);
            case SERVER_ERROR -> status(503);
            case UNEXPECTED_ANSWER -> status(302);
            case TIMEOUT -> timeout();
            // longer than any name may be, so that no name server is asked
            case DNS_FAILURE -> elfFrom("http://" + ("a".repeat(60) + ".").repeat(4) + "invalid");
            case TLS_FAILURE -> tls();
            case CONNECTION_REFUSED -> elfFrom("http://127.0.0.1:" + freePort());
            case CONNECTION_FAILED -> cutOff();
            case ADDRESS_BLOCKED -> blockedAddress();
            case HOST_BLOCKED -> blockedHost();
            case MISCONFIGURED_SOURCE -> elfFrom("http://" + "a".repeat(64) + ".invalid");
            case NEGATIVE_CACHED -> askedTwice();
            case NOT_AWAITED -> notAwaited();
            case POSTPONED -> postponed();
            case CACHE_FULL -> fullCache();
            case DISK_FAILURE -> brokenDisk();
            case INTERNAL_ERROR -> bug();
            case INVALID_POSITION,
                    INTERNAL_FRAME,
                    NO_ARTIFACT,
                    NOT_IN_BUNDLE,
                    SCRAPING_DISABLED,
                    ORIGIN_NOT_ALLOWED,
                    HTML_PAGE,
                    NO_SOURCE_MAP,
                    NO_MAPPING,
                    BEYOND_SCRIPT,
                    STALE_SCRIPT,
                    MAP_OF_OTHER_SCRIPT,
                    BYTECODE_POSITION,
                    NO_SOURCE_CONTENT -> ofJavaScript(cause);
        };
    }

    // ---- faults

    private static JsonNode ofJavaScript(Cause cause) throws Exception {
        try (JsCauseFaults faults = new JsCauseFaults()) {
            return faults.explain(cause);
        }
    }

    private JsonNode put(String fixture) throws Exception {
        return put(Files.readAllBytes(FIXTURES.resolve(fixture)));
    }

    private JsonNode put(byte[] file) throws Exception {
        origin.put(ELF, file);
        return elfFrom(origin.url(""));
    }

    private JsonNode status(int status) throws Exception {
        origin.status(ELF, status);
        return elfFrom(origin.url(""));
    }

    private JsonNode unityWithoutMapping() throws Exception {
        origin.put("/88/88888888888888888888888888888888888888/debuginfo", fixture("elf-unity.so"));
        return ask(
                server,
                elf("8888888888888888888888888888888888888888"),
                List.of(http("unified", "elf_debug", origin.url(""))),
                "[{\"instruction_addr\":\"0x22d4\"}]");
    }

    /** A frame of this class, and a mapping. */
    private JsonNode jvm(String mapping, String frameClass) throws Exception {
        origin.put("/00/000000111122223333444444444444/proguard", mapping.getBytes(StandardCharsets.UTF_8));
        String body = """
                {"sources":[%s],"modules":[{"type":"proguard","uuid":"00000000-1111-2222-3333-444444444444"}],
                 "stacktraces":[{"frames":[{"module":"%s","function":"a","lineno":1,"index":0}]}],
                 "options":{"causes":true}}""".formatted(http("unified", "proguard", origin.url("")), frameClass);
        HttpResponse<String> answer = post(server, "/symbolicate-jvm", "scope-" + scopes++, body);
        return JSON.readTree(answer.body()).path("modules").path(0);
    }

    private JsonNode byRelease() throws Exception {
        byte[] mapping = "a.B -> a:\n    1:1:void c():7:7 -> a\n".getBytes(StandardCharsets.UTF_8);
        DebugId uuid = new DebugId(new UUID(1, 2), 0);
        Path place = folder.resolve("store");
        try (SymbolStore store = new SymbolStore(place);
                Server own = start("store: {dir: " + place + "}")) {
            Project project = store.project("default", "default");
            store.put(project, "mapping.txt", mapping, uuid);
            store.store().releases().builtWith(project, "app@1.0+3", uuid);
            HttpResponse<String> answer = post(own, "/symbolicate-jvm", "global", """
                    {"release":"app@1.0+3","classes":["a"],"options":{"causes":true}}""");
            return JSON.readTree(answer.body()).path("modules").path(0);
        }
    }

    private JsonNode wrongArch() throws Exception {
        String id = "00000000-1111-2222-3333-444444444444";
        origin.put("/00/000000111122223333444444444444/debuginfo", fixture("macho-fat.dsym"));
        return ask(
                server,
                "\"type\":\"macho\",\"debug_id\":\"" + id + "\"",
                List.of(http("unified", "mach_debug", origin.url(""))));
    }

    private JsonNode windowsPdbOfManagedCode() throws Exception {
        JsonNode golden = JSON.readTree(Path.of("src/test/resources/golden/native/failures.request.json")
                .toFile());
        String id = golden.path("modules").path(2).path("debug_id").asText();
        String plain = id.replace("-", "");
        origin.put("/" + plain.substring(0, 2) + "/" + plain.substring(2) + "/debuginfo", fixture("pdb-x86.pdb"));
        return ask(
                server,
                "\"type\":\"pe_dotnet\",\"debug_file\":\"calls.pdb\",\"debug_id\":\"" + id + "\"",
                List.of(http("unified", "pdb", origin.url(""))),
                "[{\"instruction_addr\":\"0x1\",\"addr_mode\":\"rel:0\",\"function_id\":\"0x1\"}]");
    }

    private JsonNode tooLarge() throws Exception {
        origin.put(ELF, new byte[5000]);
        try (Server small = start("max_download_size: 4KiB")) {
            return elfFrom(small, origin.url(""));
        }
    }

    private JsonNode timeout() throws Exception {
        try (Server hasty = start("head_timeout: 50ms");
                RawServer silent = silent()) {
            return elfFrom(hasty, silent.url(""));
        }
    }

    /** The module itself is found; the slower candidate says so. */
    private JsonNode notAwaited() throws Exception {
        origin.put(ELF, fixture("elf-dwarf5.so"));
        try (RawServer silent = silent()) {
            List<String> sources =
                    List.of(http("unified", "elf_debug", origin.url("")), http("unified", "elf_debug", silent.url("")));
            JsonNode candidates = ask(server, elf(CODE_ID), sources).path("candidates");
            return StreamSupport.stream(candidates.spliterator(), false)
                    .filter(candidate -> candidate.path("location").asText().startsWith(silent.url("")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** An event of the queue whose deadline is over at once. */
    private JsonNode postponed() throws Exception {
        try (RawServer silent = silent();
                RunningServer queue = new RunningServer(
                        "cache_dir: " + folder.resolve("postponed"),
                        "connect_to_reserved_ips: true",
                        "store: {dir: " + folder.resolve("store") + "}")) {
            queue.submit(
                    """
                    {"version":1,"event_id":"e","kind":"native","deadline_ms":0,"payload":{"json":%s}}""".formatted(body(elf(CODE_ID), List.of(http("unified", "elf_debug", silent.url(""))), FRAME)));
            return JSON.readTree(queue.get("/queue/results?wait=50")).at("/results/0/answer/modules/0");
        }
    }

    private static RawServer silent() {
        RawServer[] self = new RawServer[1];
        self[0] = new RawServer(out -> self[0].untilClosed());
        return self[0];
    }

    private JsonNode tls() throws Exception {
        try (SelfSignedServer secure = SelfSignedServer.start(folder)) {
            return elfFrom(secure.url(""));
        }
    }

    private JsonNode cutOff() throws Exception {
        try (RawServer liar = RawServer.sending("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")) {
            return elfFrom(liar.url(""));
        }
    }

    private JsonNode blockedAddress() throws Exception {
        try (Server strict = start("connect_to_reserved_ips: false")) {
            return elfFrom(strict, origin.url(""));
        }
    }

    private JsonNode blockedHost() throws Exception {
        origin.status(ELF, 500);
        try (Server wary = start("deny_list_threshold: 1")) {
            elfFrom(wary, origin.url(""));
            return elfFrom(wary, origin.url(""));
        }
    }

    private JsonNode askedTwice() throws Exception {
        List<String> sources = List.of(http("unified", "elf_debug", origin.url("")));
        ask(server, elf(OTHER), sources, FRAME, "twice");
        return ask(server, elf(OTHER), sources, FRAME, "twice");
    }

    private JsonNode fullCache() throws Exception {
        origin.put(ELF, new byte[4 << 20]);
        try (Server small = start("caches:", "  max_bytes: 1MiB")) {
            return elfFrom(small, origin.url(""));
        }
    }

    private JsonNode brokenDisk() throws Exception {
        origin.put(ELF, fixture("elf-dwarf5.so"));
        Path cache = folder.resolve("broken");
        try (Server unlucky = start("cache_dir: " + cache)) {
            Files.delete(cache.resolve("tmp"));
            return elfFrom(unlucky, origin.url(""));
        }
    }

    /** No file is known that brings a bug of ours about; what an answer would say of one is shown all the same. */
    private JsonNode bug() throws Exception {
        framewright.api.Finding finding = framewright.api.Finding.of(Cause.INTERNAL_ERROR, "s", "the reader failed");
        return JSON.createObjectNode()
                .set(
                        "cause",
                        JSON.createObjectNode()
                                .put("code", finding.cause().code())
                                .put("message", finding.sentence())
                                .put("remedy", finding.cause().remedy()));
    }

    // ---- facts

    @Test
    void blockedHost_tellsWhenItIsAskedAgain() throws Exception {
        origin.forget();
        JsonNode cause = blockedHost().path("cause");
        assertThat(cause.path("code").asText()).isEqualTo("host_blocked");
        assertThat(Instant.parse(cause.path("next_try").asText()))
                .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    }

    @Test
    void found_tellsWhatTheFileIs_andWhetherItWasKnown() throws Exception {
        origin.forget();
        origin.put(ELF, fixture("elf-dwarf5.so"));
        List<String> sources = List.of(http("unified", "elf_debug", origin.url("")));
        JsonNode first = ask(server, elf(CODE_ID), sources, FRAME, "facts").path("cause");
        assertThat(first.path("source").asText()).isEqualTo("origin");
        assertThat(first.path("location").asText()).isEqualTo(origin.url(ELF));
        assertThat(first.path("cached").asBoolean(true)).isFalse();
        assertThat(first.path("elapsed_ms").isIntegralNumber()).isTrue();
        JsonNode file = first.path("file");
        assertThat(file.path("bytes").asLong()).isEqualTo(Files.size(FIXTURES.resolve("elf-dwarf5.so")));
        assertThat(file.path("code_id").asText()).isEqualTo(CODE_ID);
        assertThat(file.path("arch").asText()).isEqualTo("x86_64");
        assertThat(file.path("kind").asText()).isEqualTo("elf");
        assertThat(file.path("stripped").asBoolean(true)).isFalse();
        JsonNode second = ask(server, elf(CODE_ID), sources, FRAME, "facts").path("cause");
        assertThat(second.path("cached").asBoolean()).isTrue();
        assertThat(second.has("elapsed_ms")).isFalse();
        assertThat(second.path("code").asText()).isEqualTo("found");
    }

    @Test
    void failure_tellsItsStatus_andWhenTheNextTryIsDue_andWhatIsRemembered() throws Exception {
        origin.forget();
        origin.status(ELF, 410);
        List<String> sources = List.of(http("unified", "elf_debug", origin.url("")));
        Instant before = Instant.now();
        JsonNode first = ask(server, elf(CODE_ID), sources, FRAME, "status").path("cause");
        assertThat(first.path("http_status").asInt()).isEqualTo(410);
        assertThat(Instant.parse(first.path("next_try").asText())).isAfter(before.plusSeconds(60));
        JsonNode second = ask(server, elf(CODE_ID), sources, FRAME, "status").path("cause");
        assertThat(second.path("code").asText()).isEqualTo("negative_cached");
        assertThat(second.path("remembered").asText()).isEqualTo("not_found");
        assertThat(second.path("http_status").asInt()).isEqualTo(410);
        assertThat(second.path("next_try")).isEqualTo(first.path("next_try"));
    }

    @Test
    void blockedAddress_isTold() throws Exception {
        assertThat(blockedAddress().path("cause").path("address_blocked").asText())
                .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void otherBuild_isToldByItsId() throws Exception {
        origin.forget();
        JsonNode cause = put("elf-rust-v0.so").path("cause");
        assertThat(cause.path("file").path("code_id").asText()).isNotEmpty().isNotEqualTo(CODE_ID);
        assertThat(cause.path("message").asText())
                .contains(cause.path("file").path("code_id").asText());
    }

    @Test
    void malformedFile_isToldWithTheOffset_whereItIsKnown() throws Exception {
        origin.forget();
        byte[] wasm = fixture("wasm.wasm");
        assertThat(put(Arrays.copyOf(wasm, wasm.length - 100))
                        .path("cause")
                        .path("message")
                        .asText())
                .contains("(at offset 0x");
    }

    @Test
    void answer_withoutTheOption_isThePeersToTheLetter() throws Exception {
        HttpResponse<String> answer = post(
                server, "plain", "{\"modules\":[{" + elf(CODE_ID) + ",\"image_addr\":\"0x1000\"}],\"stacktraces\":[]}");
        assertThat(answer.body()).doesNotContain("cause");
    }

    // ---- asking

    private static final String FRAME = "[{\"instruction_addr\":\"0x2000\"}]";

    private JsonNode elfFrom(String url) throws Exception {
        return elfFrom(server, url);
    }

    private JsonNode elfFrom(Server asked, String url) throws Exception {
        return ask(asked, elf(CODE_ID), List.of(http("unified", "elf_debug", url)));
    }

    private static String elf(String codeId) {
        return "\"type\":\"elf\",\"code_id\":\"" + codeId + "\"";
    }

    private static String http(String layout, String fileType, String url) {
        return """
                {"type":"http","id":"origin","url":"%s","layout":{"type":"%s"},"filters":{"filetypes":["%s"]}}""".formatted(url, layout, fileType);
    }

    private JsonNode ask(Server asked, String module, List<String> sources) throws Exception {
        return ask(asked, module, sources, FRAME);
    }

    private JsonNode ask(Server asked, String module, List<String> sources, String frames) throws Exception {
        return ask(asked, module, sources, frames, "scope-" + scopes++);
    }

    private static JsonNode ask(Server asked, String module, List<String> sources, String frames, String scope)
            throws Exception {
        HttpResponse<String> answer = post(asked, scope, body(module, sources, frames));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("modules").path(0);
    }

    private static String body(String module, List<String> sources, String frames) {
        return """
                {"sources":[%s],"modules":[{%s,"image_addr":"0x1000","image_size":65536}],
                 "stacktraces":[{"frames":%s}],"options":{"dif_candidates":true,"causes":true}}""".formatted(String.join(",", sources), module, frames);
    }

    private static HttpResponse<String> post(Server asked, String scope, String body) throws Exception {
        return post(asked, "/symbolicate", scope, body);
    }

    private static HttpResponse<String> post(Server asked, String path, String scope, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + asked.http().port() + path + "?scope=" + scope);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(50))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(name));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
