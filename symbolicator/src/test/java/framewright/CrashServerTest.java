package framewright;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Form;
import framewright.testkit.RealDumps;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Crash files, from the upload to the answer, against a whole server. */
@Timeout(120)
class CrashServerTest {
    private static final int MAX_FILE = 8 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPORT = """
            Incident Identifier: 5C32DF84-31A0-43E7-87D0-239F7F594940
            Exception Type:  SIGSEGV

            Thread 0 Crashed:
            0   App   0x0000000100001000 0x100000000 + 4096
            """;

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private App app;
    private HttpServer http;

    @BeforeEach
    void start() throws IOException {
        Logger.getLogger("framewright").setLevel(Level.OFF);
        RealDumps.programs(folder.resolve("symbols"));
        restart("caches: {max_bytes: 64MiB}");
    }

    private void restart(String more) {
        String settings = """
                bind: 127.0.0.1:0
                cache_dir: %s
                crash_file_body_max_bytes: %d
                sources: [{type: filesystem, id: local, path: %s, layout: {type: unified}}]
                %s
                """.formatted(folder.resolve("cache"), MAX_FILE, folder.resolve("symbols"), more);
        app = new App(new SettingsLoader(Map.of()).parse(settings).settings());
        http = app.listen();
    }

    @AfterEach
    void stop() {
        client.close();
        app.close();
    }

    // ---------------------------------------------------------------- answers

    @Test
    void minidump_ofARealCrash_isWalkedByItsUnwindTableAndResolved() throws Exception {
        JsonNode answer = minidump("", dump(), "{\"dif_candidates\":true}");
        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.path("crashed").asBoolean()).isTrue();
        assertThat(answer.path("crash_reason").asText()).startsWith("SIGSEGV / ");
        assertThat(answer.at("/system_info/os_name").asText()).isEqualTo("Linux");
        assertThat(answer.at("/system_info/cpu_arch").asText()).isEqualTo("x86_64");
        JsonNode stack = answer.at("/stacktraces/0");
        assertThat(stack.path("is_requesting").asBoolean()).isTrue();
        assertThat(stack.path("registers").has("rip")).isTrue();
        assertThat(stack.at("/frames/0/trust").asText()).isEqualTo("context");
        assertThat(stack.at("/frames/1/trust").asText()).isEqualTo("cfi");
        assertThat(stack.at("/frames/0").has("note")).isFalse();
        assertThat(answer.has("extended")).isFalse();
        JsonNode program = answer.at("/modules/0");
        assertThat(program.path("unwind_status").asText()).isEqualTo("found");
        assertThat(program.at("/features/has_unwind_info").asBoolean()).isTrue();
        assertThat(program.path("candidates"))
                .anySatisfy(candidate ->
                        assertThat(candidate.at("/unwind/status").asText()).isEqualTo("ok"));
    }

    @Test
    void minidump_extended_tellsWhatThePeerDoesNot() throws Exception {
        byte[] nowhere = form(dump(), "{}").field("sources", "[]").bytes();
        JsonNode answer = JSON.readTree(post("/minidump?extended=true", nowhere).body());
        assertThat(answer.at("/extended/exception").isObject()).isTrue();
        assertThat(answer.at("/stacktraces/0/frames/1/note/code").asText()).isEqualTo("cfi_missing");
        assertThat(post("/minidump?extended=maybe", nowhere).statusCode()).isEqualTo(400);
    }

    @Test
    void minidump_thatIsCutOff_isAnsweredAndTheServerLives() throws Exception {
        byte[] whole = dump();
        for (int length = 0; length < whole.length; length += whole.length / 40) {
            JsonNode answer = minidump("", Arrays.copyOf(whole, length), "{}");
            assertThat(answer.path("status").asText()).as("%d bytes", length).isIn("completed", "failed");
        }
        assertThat(minidump("", "MDMP nonsense".repeat(9).getBytes(UTF_8), "{}")
                        .path("message")
                        .asText())
                .isEqualTo("Minidump version mismatch");
        assertThat(minidump("", whole, "{}").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void minidump_thatIsNotWaitedFor_isPolled() throws Exception {
        HttpResponse<String> first =
                post("/minidump?timeout=0", form(dump(), "{}").bytes());
        JsonNode answer = JSON.readTree(first.body());
        if (answer.path("status").asText().equals("pending")) {
            answer = JSON.readTree(client.send(
                            HttpRequest.newBuilder(uri("/requests/"
                                            + answer.path("request_id").asText()))
                                    .build(),
                            BodyHandlers.ofString())
                    .body());
        }
        assertThat(answer.path("status").asText()).isEqualTo("completed");
    }

    @Test
    void options_thatArePeersToIgnore_areIgnored() throws Exception {
        JsonNode answer = minidump("", dump(), "{\"frame_order\":\"caller_first\",\"apply_source_context\":false}");
        assertThat(answer.at("/stacktraces/0/frames/0/trust").asText()).isEqualTo("context");
    }

    @Test
    void appleReport_isResolved_andAnotherFileHasFailed() throws Exception {
        byte[] form =
                new Form().file("apple_crash_report", REPORT.getBytes(UTF_8)).bytes();
        JsonNode answer = JSON.readTree(post("/applecrashreport", form).body());
        assertThat(answer.path("crash_reason").asText()).isEqualTo("SIGSEGV");
        assertThat(answer.at("/stacktraces/0/frames/0/package").asText()).isEqualTo("App");
        byte[] other = new Form()
                .file("apple_crash_report", "no report".getBytes(UTF_8))
                .bytes();
        JsonNode failed = JSON.readTree(post("/applecrashreport", other).body());
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.path("message").asText()).isEqualTo("failed to parse apple crash report");
        assertThat(failed.path("causes")).isNotEmpty();
    }

    // ---------------------------------------------------------------- forms that are none

    @Test
    void forms_thatLackOrBreakSomething_areToldApart() throws Exception {
        refused(400, "missing minidump", new Form().field("sources", "[]").bytes());
        refused(
                400,
                "minidump contains multipart form data",
                form("--x\r\n".getBytes(UTF_8), "{}").bytes());
        refused(
                413,
                "Field options larger than 1048576 bytes",
                form(dump(), " ".repeat((1 << 20) + 1)).bytes());
        refused(400, "the field options cannot be used: ", form(dump(), "{").bytes());
        refused(
                400,
                "the field sources cannot be used: ",
                new Form().field("sources", "7").bytes());
        refused(
                400,
                "the multipart body cannot be read: it ends without",
                form(dump(), "{}").cutOff());
        refused(400, "the multipart body cannot be read: it ends without", new byte[0]);
        refused(413, "the body is larger than", form(new byte[MAX_FILE], "{}").bytes());
        HttpResponse<String> noForm = client.send(
                HttpRequest.newBuilder(uri("/minidump"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(noForm.statusCode()).isEqualTo(400);
        byte[] unknown = form(dump(), "{}").field("unknown", "{").bytes();
        assertThat(post("/minidump", unknown).statusCode()).isEqualTo(200);
    }

    private void refused(int status, String detail, byte[] body) throws Exception {
        HttpResponse<String> answer = post("/minidump", body);
        assertThat(answer.statusCode()).as(detail).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).startsWith(detail);
    }

    // ---------------------------------------------------------------- the disk

    @Test
    void upload_largerThanTheCache_isRefusedAndItsRoomComesBack() throws Exception {
        app.close();
        restart("caches: {max_bytes: 4MiB}");
        long before = usedBytes();
        HttpResponse<String> answer =
                post("/minidump", form(noise(6 << 20), "{}").bytes());
        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(answer.body()).contains("the cache has no room");
        assertThat(usedBytes()).isEqualTo(before);
        assertThat(minidump("", dump(), "{}").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void upload_whoseClientHangsUp_givesItsRoomBack() throws Exception {
        long before = usedBytes();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /minidump HTTP/1.1\r\nHost: x\r\nContent-Type: " + Form.TYPE
                            + "\r\nContent-Length: 7000000\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(form(noise(3 << 20), "{}").cutOff());
            out.flush();
            while (usedBytes() < before + (6 << 20)) {
                Thread.onSpinWait();
            }
        }
        while (usedBytes() > before) {
            Thread.onSpinWait();
        }
        assertThat(folder.resolve("cache/tmp")).isEmptyDirectory();
    }

    private long usedBytes() throws Exception {
        return client.send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("framewright_cache_used_bytes "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    // ---------------------------------------------------------------- files that lie elsewhere

    @Test
    void storedDump_isFetchedWithItsToken_whereTheSettingsAllowTheAddress() throws Exception {
        try (FakeSymbolServer storage = new FakeSymbolServer()) {
            storage.put("/dump", dump());
            storage.put("/large", noise(MAX_FILE + 1));
            JsonNode blocked = stored(storage.url("/dump"));
            assertThat(blocked.path("status").asText()).isEqualTo("failed");
            assertThat(blocked.path("message").asText()).contains("destination is restricted");
            assertThat(blocked.path("causes").toString()).contains("egress_allow");
            assertThat(storage.requests()).isEmpty();
            app.close();
            restart("egress_allow: [localhost]");
            JsonNode answer = stored(storage.url("/dump"));
            assertThat(answer.at("/stacktraces/0/frames/0/trust").asText()).isEqualTo("context");
            assertThat(storage.requests().getFirst().headers()).containsEntry("authorization", "Bearer t0ken");
            assertThat(stored(storage.url("/large")).path("message").asText()).isEqualTo("Maximum file size exceeded");
            assertThat(stored(storage.url("/nothing")).path("message").asText()).isEqualTo("not found");
        }
    }

    @Test
    void storedCrash_thatIsNotDescribed_is422() throws Exception {
        for (String body : new String[] {
            "{}",
            "{\"symbolicate\":{}}",
            "{\"symbolicate\":{\"type\":\"x\",\"storage_url\":\"http://a/\"}}",
            "{\"symbolicate\":{\"type\":\"minidump\",\"storage_url\":\"http://a/\"}}",
            "{\"symbolicate\":{\"type\":\"applecrashreport\",\"storage_url\":\"file:///etc/passwd\"}}"
        }) {
            assertThat(any(body).statusCode()).as(body).isEqualTo(422);
        }
    }

    private JsonNode stored(String url) throws Exception {
        return JSON.readTree(any("{\"symbolicate\":{\"type\":\"minidump\",\"storage_url\":\"" + url
                        + "\",\"storage_token\":\"t0ken\",\"rewrite_first_module\":[]}}")
                .body());
    }

    private HttpResponse<String> any(String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/symbolicate-any"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    // ---------------------------------------------------------------- how they are sent

    private static byte[] dump() throws IOException {
        return Files.readAllBytes(RealDumps.callback());
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static Form form(byte[] dump, String options) {
        return new Form().field("options", options).file("upload_file_minidump", dump);
    }

    private JsonNode minidump(String query, byte[] dump, String options) throws Exception {
        return JSON.readTree(
                post("/minidump" + query, form(dump, options).bytes()).body());
    }

    private HttpResponse<String> post(String path, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", Form.TYPE)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.port() + path);
    }
}
