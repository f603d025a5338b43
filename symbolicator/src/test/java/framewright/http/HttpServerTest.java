package framewright.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.jobs.JobLimits;
import framewright.jobs.JobRunner;
import framewright.jobs.Timers;
import framewright.telemetry.Metrics;
import framewright.telemetry.Tracer;
import framewright.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerTest {
    private static final int MAX_BODY = 64 << 10;
    private static final int MAX_CRASH_FILE = 1 << 20;
    private static final SourceConfig SOURCE =
            new SourceConfig.Sentry("default", "https://sentry.example/", "token", null);

    private final FakeEngine engine = new FakeEngine();
    private final Metrics metrics = new Metrics();
    private final Timers timers = Timers.real();
    private final HttpClient client = HttpClient.newHttpClient();
    private JobRunner jobs = runner(2);
    private HttpServer server = start();

    private JobRunner runner(int limit) {
        return new JobRunner(JobLimits.of(limit, 1 << 20), InstantSource.system(), timers, metrics);
    }

    private HttpServer start() {
        return HttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                engine,
                jobs,
                new HttpServer.Options(List.of(SOURCE), MAX_BODY, MAX_CRASH_FILE, true, "secret", null, null),
                metrics,
                Tracer.OFF);
    }

    @BeforeEach
    void quietly() {
        Logger.getLogger("framewright").setLevel(Level.OFF);
    }

    @AfterEach
    void stop() {
        engine.permits.release(1000);
        client.close();
        server.close();
        jobs.close();
        timers.close();
    }

    // ---------------------------------------------------------------- what is answered

    @Test
    void healthcheck_isOk() throws Exception {
        HttpResponse<String> answer = get("/healthcheck");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(send("HEAD", "/healthcheck", "", null).statusCode()).isEqualTo(200);
    }

    @Test
    void admin_isForWhoHasTheToken_andOnlyPostsChange() throws Exception {
        String path = "/admin/cache/purge?kind=objects&scope=a&id=1f-2&failures";
        assertThat(get("/admin/cache/ls").statusCode()).isEqualTo(401);
        for (String authorization : List.of("Bearer ", "Bearer secre", "Bearer secret2", "Basic secret", "secret")) {
            HttpResponse<String> refused = admin("POST", path, authorization);
            assertThat(refused.statusCode()).as(authorization).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(refused.body()).doesNotContain("asked");
        }
        assertThat(admin("GET", path, "Bearer secret").statusCode()).isEqualTo(405);
        HttpResponse<String> purged = admin("POST", path, "Bearer secret");
        assertThat(purged.statusCode()).isEqualTo(200);
        assertThat(purged.body()).contains("PURGE CacheQuery[kind=objects, scope=a, id=1f-2, failuresOnly=true]");
        assertThat(admin("POST", "/admin/cache/purge?id=", "Bearer secret").statusCode())
                .isEqualTo(400);
        assertThat(admin("GET", "/admin/cache/stat", "Bearer secret").body()).contains("STAT");
    }

    private HttpResponse<String> admin(String method, String path, String authorization) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", authorization)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void admin_withoutAToken_isNotThere() throws Exception {
        server.close();
        server = HttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                engine,
                jobs,
                new HttpServer.Options(List.of(SOURCE), MAX_BODY, MAX_CRASH_FILE, true, null, null, null),
                metrics,
                Tracer.OFF);
        assertThat(admin("GET", "/admin/cache/ls", "Bearer null").statusCode()).isEqualTo(404);
        assertThat(admin("GET", "/admin/cache/ls", "Bearer ").statusCode()).isEqualTo(404);
    }

    @Test
    void symbolicate_ofAnEmptyRequest_isCompleted() throws Exception {
        HttpResponse<String> answer = post("/symbolicate", "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("content-length")).isPresent();
        assertThat(answer.body()).isEqualTo("{\"status\":\"completed\",\"modules\":0,\"filler\":\"\"}");
    }

    @Test
    void sources_thatTheRequestLacks_areTheServers_anEmptyListIsNone() throws Exception {
        post("/symbolicate", "{}");
        assertThat(Objects.requireNonNull(engine.lastRequest).sources()).containsExactly(SOURCE);
        post("/symbolicate", "{\"sources\":null}");
        assertThat(Objects.requireNonNull(engine.lastRequest).sources()).containsExactly(SOURCE);
        post("/symbolicate", "{\"sources\":[]}");
        assertThat(Objects.requireNonNull(engine.lastRequest).sources()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',", "?scope=, ''", "?scope, ''", "?scope=my%20scope, my scope", "?timeout=5&scope=%C3%A9, é"})
    void scope_isTakenFromTheQuery(String query, String scope) throws Exception {
        assertThat(post("/symbolicate" + query, "{}").statusCode()).isEqualTo(200);
        assertThat(engine.lastScope).isEqualTo(scope);
    }

    @Test
    void job_thatTakesLongerThanTheTimeout_isPendingThenPolled() throws Exception {
        engine.hold();
        HttpResponse<String> pending = post("/symbolicate?timeout=0", "{}");
        assertThat(pending.statusCode()).isEqualTo(200);
        assertThat(pending.body())
                .matches("\\{\"status\":\"pending\",\"request_id\":\"[-0-9a-f]{36}\",\"retry_after\":30}");
        String id = pending.body().replaceAll(".*request_id\":\"([^\"]*).*", "$1");
        assertThat(get("/requests/" + id + "?timeout=0").body()).isEqualTo(pending.body());
        engine.permits.release();
        for (int turn = 0; turn < 2; turn++) {
            HttpResponse<String> done = get("/requests/" + id);
            assertThat(done.statusCode()).isEqualTo(200);
            assertThat(done.body()).startsWith("{\"status\":\"completed\"");
        }
    }

    @Test
    void timeout_ofTheLargestNumber_waits() throws Exception {
        assertThat(post("/symbolicate?timeout=18446744073709551615", "{}").body())
                .contains("completed");
    }

    @Test
    void job_thatFails_isAnInternalErrorWithStatus200() throws Exception {
        engine.failure = new IllegalStateException("a bug");
        HttpResponse<String> answer = post("/symbolicate", "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"internal_error\"}");
    }

    @Test
    void answer_ofMegabytes_arrivesWhole() throws Exception {
        engine.filler = "0123456789".repeat(500_000);
        assertThat(post("/symbolicate", "{}").body()).hasSize(engine.filler.length() + 46);
    }

    @Test
    void jobs_aboveTheLimit_are503() throws Exception {
        engine.hold();
        List<CompletableFuture<HttpResponse<String>>> running = List.of(postAsync("{}"), postAsync("{}"));
        while (jobs.running() < 2) {
            Thread.onSpinWait();
        }
        HttpResponse<String> refused = post("/symbolicate", "{}");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).isEqualTo("{\"detail\":\"maximum number of concurrent requests reached\"}");
        engine.permits.release(2);
        for (CompletableFuture<HttpResponse<String>> one : running) {
            assertThat(one.get().statusCode()).isEqualTo(200);
        }
        engine.permits.release();
        assertThat(post("/symbolicate", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_countWhatWasAnswered() throws Exception {
        post("/symbolicate", "{}");
        post("/symbolicate", "[]");
        get("/requests/nothing");
        get("/healthcheck");
        assertThat(get("/metrics").body())
                .contains(
                        "framewright_http_requests_total{route=\"/symbolicate\",status=\"200\"} 1\n",
                        "framewright_http_requests_total{route=\"/symbolicate\",status=\"422\"} 1\n",
                        "framewright_http_requests_total{route=\"/requests\",status=\"404\"} 1\n",
                        "framewright_jobs_running 0\n")
                .doesNotContain("healthcheck");
    }

    // ---------------------------------------------------------------- the symbol proxy

    private static final String PROXIED = "/proxy/a.dll/590285E9e0000/a.dll";

    @Test
    void proxy_ofAFileThatIsThere_sendsItAndLetsItGo(@TempDir Path folder) throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path path = Files.write(folder.resolve("file"), content);
        AtomicInteger released = new AtomicInteger();
        engine.file = Outcome.found(new HeldFile(path, released::incrementAndGet));
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(uri(PROXIED))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/octet-stream");
        assertThat(answer.headers().firstValue("content-length")).hasValue("300000");
        assertThat(answer.body()).isEqualTo(content);
        HttpResponse<String> head = send("HEAD", PROXIED, "", null);
        assertThat(head.headers().firstValue("content-length")).hasValue("300000");
        assertThat(head.body()).isEmpty();
        Await.until("both are let go", () -> released.get() == 2);
    }

    @Test
    void proxy_ofAFileThatIsNowhere_isBare404() throws Exception {
        HttpResponse<String> answer = get(PROXIED);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
        assertThat(get("/proxy/a.dll/590285E9e0000/b.dll").statusCode()).isEqualTo(404);
    }

    @Test
    void proxy_ofAFileThatCannotBeHad_is500WithTheCause() throws Exception {
        engine.file = Outcome.failed(new Outcome.Denied("403 Forbidden"));
        HttpResponse<String> answer = get(PROXIED);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .isEqualTo("{\"detail\":\"failed to download object\",\"causes\":[\"403 Forbidden\"]}");
    }

    // ---------------------------------------------------------------- what is refused

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "", "application/jsonp", "application/x-www-form-urlencoded"})
    void body_ofAnotherType_is415(String type) throws Exception {
        HttpResponse<String> answer = send("POST", "/symbolicate", type, BodyPublishers.ofString("{}"));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).startsWith("{\"detail\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON", "application/json;"})
    void body_ofJsonWithParameters_isTaken(String type) throws Exception {
        assertThat(send("POST", "/symbolicate", type, BodyPublishers.ofString("{}"))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "{\"modules\":[}", "nonsense", "{} {}"})
    void body_thatIsNoJson_is400(String body) throws Exception {
        HttpResponse<String> answer = post("/symbolicate", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"detail\":\"the body is not JSON: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "\"text\"", "{\"modules\":7}", "{\"stacktraces\":[{}]}", "{\"sources\":[{\"type\":\"x\"}]}"
            })
    void body_thatIsJsonOfAnotherForm_is422(String body) throws Exception {
        HttpResponse<String> answer = post("/symbolicate", body);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).startsWith("{\"detail\":\"the body does not fit: $");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timeout=",
                "timeout=abc",
                "timeout=-1",
                "timeout=1.5",
                "timeout=18446744073709551616",
                "timeout=1&timeout=2",
                "scope=a&scope=b",
                "timeout=%zz"
            })
    void query_thatCannotBeRead_is400(String query) throws Exception {
        assertThat(raw("POST /symbolicate?" + query + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void body_atTheLimit_isRead_aByteMoreIs413() throws Exception {
        assertThat(post("/symbolicate", json(MAX_BODY)).statusCode()).isEqualTo(200);
        assertThat(post("/symbolicate", json(MAX_BODY + 1)).statusCode()).isEqualTo(413);
        HttpResponse<String> answer = post("/symbolicate", json(10 * MAX_BODY));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"the body is larger than 65536 bytes\"}");
    }

    @Test
    void body_inChunks_hasTheSameLimit() throws Exception {
        assertThat(send("POST", "/symbolicate", "application/json", chunked(json(MAX_BODY)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/symbolicate", "application/json", chunked(json(MAX_BODY + 1)))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void body_thatIsCompressed_isUnpackedAndCountedUnpacked() throws Exception {
        assertThat(gzipped(gzip("{\"modules\":[]}")).statusCode()).isEqualTo(200);
        assertThat(gzipped(gzip(json(MAX_BODY))).statusCode()).isEqualTo(200);
        assertThat(gzipped(gzip(json(100 * MAX_BODY))).statusCode()).isEqualTo(413);
    }

    @Test
    void body_whoseCompressionIsBroken_is400() throws Exception {
        byte[] whole = gzip("{\"modules\":[]}");
        assertThat(gzipped("{}".getBytes(UTF_8)).statusCode()).isEqualTo(400);
        assertThat(gzipped(java.util.Arrays.copyOf(whole, whole.length - 6)).statusCode())
                .isEqualTo(400);
        assertThat(client.send(
                                request("/symbolicate", BodyPublishers.ofString("{}"))
                                        .header("Content-Encoding", "br")
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void requests_ofUnknownOrImpossibleIds_areBare404() throws Exception {
        for (String id : List.of(UUID.randomUUID().toString(), "nothing", "1-2-3-4-5", "%2e%2e")) {
            HttpResponse<String> answer = get("/requests/" + id);
            assertThat(answer.statusCode()).as(id).isEqualTo(404);
            assertThat(answer.body()).isEmpty();
        }
        assertThat(get("/requests/" + UUID.randomUUID() + "?timeout=x").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/symbolicate-js/", "/symbolicate-jvm/", "/symbolicate/", "/requests", "/proxy/"})
    void url_thatIsNotThere_is404(String path) throws Exception {
        assertThat(post(path, "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void method_thatAUrlDoesNotTake_is405WithThoseItDoes() throws Exception {
        HttpResponse<String> answer = get("/symbolicate");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("POST");
        assertThat(send("DELETE", "/healthcheck", "", null).headers().firstValue("allow"))
                .hasValue("GET, HEAD");
    }

    // ---------------------------------------------------------------- what no client library would send

    @Test
    void bytes_thatAreNoHttp_areRefusedAndTheServerLives() throws Exception {
        assertThat(raw("\u0016\u0003\u0001 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /healthcheck HTTP/1.1\r\n\r\n")).as("no host").startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /healthcheck HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(100_000) + "\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 200");
        assertThat(raw("GET /" + "p".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 200");
        assertThat(get("/healthcheck").body()).isEqualTo("ok");
    }

    @Test
    void framing_thatContradictsItself_is400() throws Exception {
        String head = "POST /symbolicate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw(head + "Content-Length: x\r\n\r\n{}")).startsWith("HTTP/1.1 400 ");
        assertThat(raw(head + "Content-Length: -1\r\n\r\n{}")).startsWith("HTTP/1.1 400 ");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void body_thatBreaksOff_endsTheConnectionAndTheServerLives() throws Exception {
        String head = "POST /symbolicate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Content-Length: 100\r\n\r\n{\"modules\":[")).doesNotContain("200 OK");
        assertThat(get("/healthcheck").body()).isEqualTo("ok");
    }

    @Test
    void hugeContentLength_isRefusedBeforeAnythingIsRead() throws Exception {
        String head = "POST /symbolicate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Content-Length: 999999999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("{\"detail\":");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n7ffffff0\r\n{}"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void client_thatAsksBeforeItSends_isToldNoWithoutSending() throws Exception {
        try (Socket socket = connect()) {
            String head = "POST /symbolicate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
            socket.getOutputStream()
                    .write((head + "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n").getBytes(UTF_8));
            byte[] start = socket.getInputStream().readNBytes(12);
            assertThat(new String(start, UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void connection_afterARefusal_servesTheNextRequest() throws Exception {
        String body = json(MAX_BODY + 1);
        String answers = raw("POST /symbolicate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body
                + "GET /healthcheck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answers).startsWith("HTTP/1.1 413 ").endsWith("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"modules\":7}", "no json"})
    void connection_thatTheClientWantsClosed_isClosedAfterTheAnswer(String body) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /symbolicate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 ")
                    .endsWith("}");
        }
    }

    @Test
    void close_letsARequestInFlightFinish() throws Exception {
        engine.hold();
        CompletableFuture<HttpResponse<String>> running = postAsync("{}");
        while (jobs.running() < 1) {
            Thread.onSpinWait();
        }
        Thread closing = Thread.ofPlatform().start(server::close);
        engine.permits.release();
        assertThat(running.get().statusCode()).isEqualTo(200);
        closing.join();
    }

    private static String json(int size) {
        return "{\"x\":\"" + ".".repeat(size - 8) + "\"}";
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(UTF_8));
        }
        return packed.toByteArray();
    }

    private HttpResponse<String> gzipped(byte[] body) throws Exception {
        return client.send(
                request("/symbolicate", BodyPublishers.ofByteArray(body))
                        .header("Content-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofString());
    }

    private static BodyPublisher chunked(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "", null);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, "application/json", BodyPublishers.ofString(body));
    }

    private CompletableFuture<HttpResponse<String>> postAsync(String body) {
        return client.sendAsync(
                request("/symbolicate", BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, BodyPublisher body) {
        return HttpRequest.newBuilder(uri(path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(body);
    }

    private HttpResponse<String> send(
            String method, String path, String type, @org.jspecify.annotations.Nullable BodyPublisher body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .version(HttpClient.Version.HTTP_1_1)
                .method(method, body == null ? BodyPublishers.noBody() : body);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    /** Sends these bytes, sends no more, and gives all that comes back. */
    private String raw(String bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
