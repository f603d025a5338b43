package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.cli.Cli;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a request whose client gave up waiting, by the server and by the command. */
@Timeout(60)
class ExplainTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");
    private static final String CODE_ID = "1111111111111111111111111111111111111115";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private App app;
    private HttpServer http;

    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        Path file = folder.resolve("11/11111111111111111111111111111111111115/debuginfo");
        Files.createDirectories(file.getParent());
        Files.copy(FIXTURES.resolve("elf-stripped.so"), file);
        app = new App(new SettingsLoader(Map.of()).parse("bind: 127.0.0.1:0").settings());
        http = app.listen();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + http.port() + path;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String request(String options) {
        return """
                {"sources":[{"type":"filesystem","id":"local","path":"%s","layout":{"type":"unified"}}],
                 "modules":[{"type":"elf","code_id":"%s","code_file":"/lib/a\\u001b[31m.so","image_addr":"0x1000"},
                            {"type":"elf","code_file":"/lib/never.so","image_addr":"0x900000000"}],
                 "stacktraces":[{"frames":[{"instruction_addr":"0x2000"}]}],"options":{%s}}""".formatted(folder, CODE_ID, options);
    }

    /** The id of a request that nobody waited for and that has ended. */
    private String ended() throws Exception {
        HttpResponse<String> pending = send(HttpRequest.newBuilder(URI.create(url("/symbolicate?timeout=0")))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request(""))));
        JsonNode answer = new ObjectMapper().readTree(pending.body());
        assertThat(answer.path("status").asText()).isEqualTo("pending");
        String id = answer.path("request_id").asText();
        String done =
                send(HttpRequest.newBuilder(URI.create(url("/requests/" + id)))).body();
        assertThat(done).contains("\"completed\"").doesNotContain("cause", "candidates");
        return id;
    }

    private static Ran run(boolean colours, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(new PrintWriter(out, true), new PrintWriter(err, true), colours, args);
        return new Ran(status, out.toString(), err.toString());
    }

    @Test
    void explain_ofAPendingRequest_tellsWhatItsAnswerDoesNot() throws Exception {
        String id = ended();
        HttpResponse<String> told = send(HttpRequest.newBuilder(URI.create(url("/explain/" + id))));
        assertThat(told.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        assertThat(told.body())
                .contains("missing /lib/a\uFFFD[31m.so (code_id " + CODE_ID + ")")
                .contains("looked at local, file://" + folder + "/11/11111111111111111111111111111111111115/debuginfo")
                .contains("got stripped")
                .contains("therefore: file://" + folder)
                .contains("is stripped: it has neither debug information nor symbols. [stripped]")
                .contains("to fix it: Put the file of the same build there")
                .contains("No frame points into 1 of the 2 modules");
        JsonNode json = new ObjectMapper()
                .readTree(send(HttpRequest.newBuilder(URI.create(url("/explain/" + id)))
                                .header("Accept", "application/json"))
                        .body());
        assertThat(json.path("modules").path(0).path("cause").path("code").asText())
                .isEqualTo("stripped");
    }

    @Test
    void explain_ofAnUnknownRequest_is404() throws Exception {
        for (String id : new String[] {UUID.randomUUID().toString(), "nothing"}) {
            assertThat(send(HttpRequest.newBuilder(URI.create(url("/explain/" + id))))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void command_asksTheServer_andColoursOnATerminalOnly() throws Exception {
        String id = ended();
        Ran plain = run(false, "explain", id, "--url", url(""));
        assertThat(plain.err()).isEmpty();
        assertThat(plain.status()).isZero();
        assertThat(plain.out()).contains("therefore: ", "[stripped]").doesNotContain("\u001b");
        Ran coloured = run(true, "explain", id, "--url", url(""));
        assertThat(coloured.out().replaceAll("\u001b\\[\\d+m", "")).isEqualTo(plain.out());
        assertThat(coloured.out()).contains("\u001b[31mmissing");
        Ran unknown = run(false, "explain", UUID.randomUUID().toString(), "--url", url(""));
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("knows no such request");
    }

    @Test
    void command_readsAnAnswer_alsoOneThatSaysLittle() throws Exception {
        for (String options : new String[] {"", "\"causes\":true,\"dif_candidates\":true"}) {
            Path answer = folder.resolve("answer.json");
            Files.writeString(
                    answer,
                    send(HttpRequest.newBuilder(URI.create(url("/symbolicate")))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(request(options))))
                            .body());
            Ran ran = run(false, "explain", answer.toString());
            assertThat(ran.status()).isZero();
            assertThat(ran.out())
                    .contains(options.isEmpty() ? "This answer does not say why; ask with" : "got stripped");
        }
        Ran none = run(
                false, "explain", Files.writeString(folder.resolve("x"), "{").toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("is no answer");
        assertThat(run(false, "explain", "nowhere.json").err()).contains("there is no file nowhere.json");
        assertThat(run(false, "explain", "a", "--url", url("")).status()).isEqualTo(2);
    }
}
