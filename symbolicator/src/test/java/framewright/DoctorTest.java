package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.cli.Cli;
import framewright.testkit.FakeBucket;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.RawServer;
import framewright.testkit.SelfSignedServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code framewright doctor} says of real servers, good and bad. */
@Timeout(60)
class DoctorTest {
    @TempDir
    private Path folder;

    private record Ran(int status, String out, String err) {}

    private Ran doctor(String sources, String... options) throws Exception {
        Path config = folder.resolve("config.yml");
        Files.writeString(
                config, "connect_to_reserved_ips: true\ncache_dir: " + folder.resolve("cache") + "\n" + sources);
        String[] args = new String[3 + options.length];
        args[0] = "doctor";
        args[1] = "-c";
        args[2] = config.toString();
        System.arraycopy(options, 0, args, 3, options.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
        return new Ran(status, out.toString(), err.toString());
    }

    private static String http(String id, String url) {
        return "  - {type: http, id: %s, url: \"%s\", layout: {type: unified}}%n".formatted(id, url);
    }

    @Test
    void doctor_ofSoundSourcesAndMachine_isContent() throws Exception {
        Path symbols = Files.createDirectories(folder.resolve("symbols"));
        try (FakeSymbolServer good = new FakeSymbolServer()) {
            Ran ran = doctor("shared_cache: {filesystem: {path: " + Files.createDirectories(folder.resolve("shared"))
                    + "}}\nsources:\n" + http("good", good.url("/")) + "  - {type: filesystem, id: disk, path: \""
                    + symbols + "\", layout: {type: unified}}\n");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out())
                    .contains("ok    jdk: ", "ok    native_library: ", "ok    cache_folder: ")
                    .contains("ok    disk_space: ", "ok    source good: answers", "ok    source disk: answers")
                    .contains("ok    clock: ", "ok    shared_cache: ");
            assertThat(ran.status()).isZero();
            assertThat(good.requests()).isNotEmpty();
            assertThat(folder.resolve("cache")).as("left alone").doesNotExist();
        }
    }

    @Test
    void doctor_tellsThatTheClockIsWrong_andTheBucketRefuses() throws Exception {
        try (RawServer late = RawServer.sending("""
                        HTTP/1.1 404 Not Found\r
                        Date: Thu, 01 Jan 2015 00:00:00 GMT\r
                        Content-Length: 0\r
                        Connection: close\r
                        \r
                        """);
                FakeBucket bucket = new FakeBucket()) {
            Ran ran = doctor("shared_cache: {s3: {bucket: b, region: r, endpoint: \"" + bucket.url("") + "\"}}\n"
                    + "sources:\n"
                    + "  - {type: http, id: late, url: \"" + late.url("/")
                    + "\", layout: {type: unified}, filters: {filetypes: [elf_debug]}}\n");
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out())
                    .containsPattern("fail  clock: [0-9]+ s ahead of")
                    .contains("NTP", "fail  shared_cache: s3://b/: 403 Forbidden", "create, replace, read and remove");
        }
    }

    @Test
    void doctor_tellsEachFaultOfASource_withItsRemedy() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (FakeSymbolServer locked = new FakeSymbolServer();
                SelfSignedServer tls = SelfSignedServer.start(folder)) {
            for (String path : new String[] {
                "/f0/f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0/debuginfo",
                "/f0/f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0/executable"
            }) {
                locked.status(path, 401);
            }
            Ran ran = doctor(
                    "sources:\n" + http("locked", locked.url("/"))
                            + http("tls", tls.url("/"))
                            + http("refused", "http://localhost:" + closed + "/")
                            + http("nameless", "http://no-such-host.invalid/")
                            + "  - {type: filesystem, id: gone, path: /no/such/folder, layout: {type: unified}}\n",
                    "--json");
            assertThat(ran.status()).isEqualTo(1);
            Map<String, JsonNode> checks = new LinkedHashMap<>();
            new ObjectMapper()
                    .readTree(ran.out())
                    .path("checks")
                    .forEach(check -> checks.put(check.path("check").asText(), check));
            assertFails(checks, "source locked", "unauthorized: ", "token");
            assertFails(checks, "source tls", "tls_failure: ", "ca_bundle");
            assertFails(checks, "source refused", "connection_refused: ", "port");
            assertFails(checks, "source nameless", "dns_failure: ", "name servers");
            assertFails(checks, "source gone", "/no/such/folder", "path");
            assertThat(checks.get("jdk").path("state").asText()).isEqualTo("ok");
            assertThat(checks.get("jdk").has("remedy")).isFalse();
        }
    }

    private static void assertFails(Map<String, JsonNode> checks, String what, String seen, String remedy) {
        JsonNode check = checks.get(what);
        assertThat(check).as(what).isNotNull();
        assertThat(check.path("state").asText()).as(what).isEqualTo("fail");
        assertThat(check.path("seen").asText()).startsWith(seen);
        assertThat(check.path("remedy").asText()).contains(remedy);
    }

    @Test
    void doctor_ofASettingsFileThatCannotBeUsed_saysSo() throws Exception {
        Ran ran = doctor("caches: {min_share: 15}\n");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("caches.min_share: expected a whole percentage from 0 to 6");
    }

    @Test
    void doctor_withoutSources_andWithTooLittleRoom_warns() throws Exception {
        Ran ran = doctor("caches: {max_bytes: 4000TiB}\n");
        assertThat(ran.out()).contains("warn  disk_space: ", "Lower `caches.max_bytes`", "warn  sources: ");
        assertThat(ran.status()).as("warnings only").isZero();
    }

    @Test
    void doctor_ofACacheFolderThatIsAFile_fails() throws Exception {
        Files.writeString(folder.resolve("cache"), "");
        Ran ran = doctor("sources: []\n");
        assertThat(ran.out()).contains("fail  cache_folder: ", "cache_dir");
        assertThat(ran.status()).isEqualTo(1);
    }
}
