package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.cli.Cli;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.testkit.FakeSymbolServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cache seen from outside: listed, purged and verified, on a server's and on a folder, and damaged meanwhile. */
@Timeout(60)
class CacheCommandTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");
    private static final String CODE_ID = "1111111111111111111111111111111111111115";
    private static final String ELF = "/11/11111111111111111111111111111111111115/debuginfo";
    private static final String TOKEN = "correct horse";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path cache;
    private FakeSymbolServer origin;
    private App app;
    private HttpServer http;

    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache");
        origin = new FakeSymbolServer();
        origin.put(ELF, Files.readAllBytes(FIXTURES.resolve("elf-dwarf5.so")));
        restart();
    }

    private void restart() {
        String settings = "bind: 127.0.0.1:0\nconnect_to_reserved_ips: true\ncache_dir: %s\nadmin_token: %s\n"
                .formatted(cache, TOKEN);
        app = new App(new SettingsLoader(Map.of()).parse(settings).settings());
        http = app.listen();
    }

    @AfterEach
    void stop() {
        app.close();
        origin.close();
    }

    private static Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
        return new Ran(status, out.toString(), err.toString());
    }

    private Ran cache(String... args) {
        return run(Stream.concat(Stream.of("cache"), Arrays.stream(args)).toArray(String[]::new));
    }

    private Ran remote(String... args) {
        List<String> more = List.of("--url", "http://127.0.0.1:" + http.port(), "--token", TOKEN);
        return cache(Stream.concat(Arrays.stream(args), more.stream()).toArray(String[]::new));
    }

    /** The answer's first module with the functions of its frames. */
    private JsonNode ask(String scope, long address) throws Exception {
        String body = """
                {"sources":[{"type":"http","id":"origin","url":"%s","layout":{"type":"unified"},
                             "filters":{"filetypes":["elf_debug"]}}],
                 "modules":[{"type":"elf","code_id":"%s","image_addr":"0x10000","image_size":65536}],
                 "stacktraces":[{"frames":[{"instruction_addr":"0x%x"}]}],"options":{"causes":true}}""".formatted(origin.url(""), CODE_ID, 0x10000 + address);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + http.port() + "/symbolicate?scope=" + scope))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static String frames(JsonNode answer) {
        return answer.path("stacktraces").path(0).path("frames").toString();
    }

    private static String code(JsonNode answer) {
        return answer.path("modules").path(0).path("cause").path("code").asText();
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(cache.resolve(kind))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Writes until the time of the file, which is coarse, has moved. */
    private static void overwrite(Path file, long from, int count) throws IOException {
        byte[] garbage = new byte[count];
        Arrays.fill(garbage, (byte) 0xEE);
        FileTime before = Files.getLastModifiedTime(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            do {
                channel.write(ByteBuffer.wrap(garbage), from);
            } while (Files.getLastModifiedTime(file).equals(before));
        }
    }

    // ---- readiness

    private HttpResponse<String> ready() throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + "/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void ready_namesWhatIsDown() throws Exception {
        HttpResponse<String> up = ready();
        assertThat(up.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(up.body()).path("checks").findValuesAsText("name"))
                .containsExactly("cache_folder", "disk_space", "native_library", "crash_processes");
        Files.delete(cache.resolve("tmp"));
        HttpResponse<String> down = ready();
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(down.body()).path("down").toString()).isEqualTo("[\"cache_folder\"]");
        Files.createDirectory(cache.resolve("tmp"));
        assertThat(ready().statusCode()).isEqualTo(200);
    }

    // ---- damage

    /** Within a function with inlined calls. */
    private static final long KNOWN = 0x1416;

    @Test
    void tableThatIsDamagedWhileItIsOpen_isMadeAnew_andTheNextAnswerIsRight() throws Exception {
        String right = frames(ask("twin", KNOWN));
        assertThat(right).contains("symbolicated", "lineno");
        assertThat(code(ask("a", 0x1100))).isEqualTo("found");
        for (Path table : files("tables")) {
            overwrite(table, 128, (int) Files.size(table) - 128);
        }
        JsonNode answer = ask("a", KNOWN);
        assertThat(code(answer)).isEqualTo("found");
        assertThat(frames(answer)).isEqualTo(right);
        assertThat(origin.hits(ELF)).as("objects were there").isEqualTo(2);
    }

    @Test
    void tableThatIsDamagedByABitBetweenTwoStarts_isMadeAnew() throws Exception {
        String right = frames(ask("a", KNOWN));
        app.close();
        Path table = files("tables").getFirst();
        overwrite(table, Files.size(table) - 20, 1);
        restart();
        assertThat(frames(ask("a", KNOWN))).isEqualTo(right);
        app.close();
        assertThat(cache("verify", "--dir", cache.toString()).status()).isZero();
    }

    @Test
    void verify_findsDamage_removesIt_andSaysSo() throws Exception {
        ask("a", KNOWN);
        app.close();
        Path table = files("tables").getFirst();
        overwrite(table, Files.size(table) - 20, 1);
        Ran bad = cache("verify", "--dir", cache.toString());
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.out()).contains("damaged, and removed:", "tables", "1 were damaged");
        Ran good = cache("verify", "--dir", cache.toString());
        assertThat(good.status()).isZero();
        assertThat(good.out()).contains("0 were damaged");
        restart();
    }

    @Test
    void verify_ofAServer_makesItBuildTheTableAnew() throws Exception {
        String right = frames(ask("a", KNOWN));
        Path table = files("tables").getFirst();
        overwrite(table, Files.size(table) - 20, 1);
        assertThat(remote("verify").status()).isEqualTo(1);
        assertThat(files("tables")).isEmpty();
        assertThat(frames(ask("a", KNOWN))).isEqualTo(right);
        assertThat(remote("verify").status()).isZero();
    }

    // ---- purging

    @Test
    void purge_ofAFailure_hasTheNextRequestAskAgain() throws Exception {
        origin.forget();
        assertThat(code(ask("a", KNOWN))).isEqualTo("not_found");
        assertThat(code(ask("a", KNOWN))).isEqualTo("negative_cached");
        origin.put(ELF, Files.readAllBytes(FIXTURES.resolve("elf-dwarf5.so")));
        assertThat(code(ask("a", KNOWN))).as("an upload that nobody told of").isEqualTo("negative_cached");
        Ran other = remote("purge", "--id", "2222");
        assertThat(other.out()).isEqualTo("purged 0 files (0 bytes) and 0 failures\n");
        Ran purged = remote("purge", "--failures", "--id", CODE_ID);
        assertThat(purged.err()).isEmpty();
        assertThat(purged.out()).startsWith("purged 0 files (0 bytes) and ").doesNotContain("and 0 failures");
        assertThat(code(ask("a", KNOWN))).isEqualTo("found");
    }

    @Test
    void purgedFailure_doesNotComeBackWithTheNextStart() throws Exception {
        origin.forget();
        ask("a", KNOWN);
        remote("purge", "--failures");
        app.close();
        restart();
        origin.put(ELF, Files.readAllBytes(FIXTURES.resolve("elf-dwarf5.so")));
        assertThat(code(ask("a", KNOWN))).isEqualTo("found");
    }

    @Test
    void purge_byScopeAndKind_takesThatAlone() throws Exception {
        ask("a", KNOWN);
        ask("b", KNOWN);
        assertThat(files("objects")).hasSize(2);
        Ran purged = remote("purge", "--kind", "objects", "--scope", "a", "--json");
        JsonNode report = JSON.readTree(purged.out());
        assertThat(report.path("files").asInt()).isEqualTo(1);
        assertThat(report.path("in_use").asInt()).isZero();
        assertThat(files("objects")).hasSize(1);
        assertThat(files("tables")).hasSize(2);
        remote("purge", "--all");
        assertThat(files("objects")).isEmpty();
        assertThat(files("tables")).isEmpty();
        assertThat(code(ask("b", KNOWN))).isEqualTo("found");
        assertThat(origin.hits(ELF)).isEqualTo(3);
    }

    // ---- looking

    @Test
    void ls_tellsWhereEachEntryIsFrom_alsoOffline() throws Exception {
        ask("a", KNOWN);
        Ran ls = remote("ls", "--kind", "objects", "--id", CODE_ID.toUpperCase(java.util.Locale.ROOT));
        assertThat(ls.out().lines())
                .filteredOn(line -> line.startsWith("objects"))
                .singleElement()
                .asString()
                .contains("  a  ", origin.url(ELF));
        assertThat(remote("stat").out()).contains("objects", "tables", "used with folders and logs");
        Ran held = cache("ls", "--dir", cache.toString());
        assertThat(held.status()).isEqualTo(1);
        assertThat(held.err()).contains("is in use by another process", "--url URL and --token");
        app.close();
        Ran offline = cache("ls", "--dir", cache.toString(), "--kind", "objects");
        assertThat(offline.out()).contains(origin.url(ELF));
        assertThat(cache("purge", "--dir", cache.toString(), "--kind", "objects")
                        .out())
                .startsWith("purged 1 files");
        assertThat(files("objects")).isEmpty();
        restart();
    }

    @Test
    void usage_thatIsWrong_saysWhatToWrite() {
        assertThat(cache("purge", "--dir", cache.toString()).err()).contains("--all is everything");
        assertThat(cache("ls").err()).contains("--dir DIR");
        assertThat(cache("ls", "--url", "http://127.0.0.1:" + http.port()).err())
                .contains("admin_token");
        Ran wrong = cache("ls", "--url", "http://127.0.0.1:" + http.port(), "--token", "wrong");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("401 Unauthorized").doesNotContain("wrong\n");
    }
}
