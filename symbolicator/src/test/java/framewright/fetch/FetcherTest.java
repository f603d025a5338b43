package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import framewright.testkit.RawServer;
import framewright.testkit.SelfSignedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherTest {
    private static final long ROOMY = 64 << 20;
    private static final int MAX_SIZE = 1 << 20;
    private static final byte[] BODY = "a debug file".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();
    private final Map<String, String> names = new HashMap<>();
    private final FakeSymbolServer server = new FakeSymbolServer();
    private int keys;

    @SuppressWarnings("NullAway.Init") // before each test
    private Caches caches;

    @SuppressWarnings("NullAway.Init") // before each test
    private Fetcher fetcher;

    private static FetchSettings settings(Duration total, Duration head, boolean allowReserved, int threshold) {
        return new FetchSettings(
                Duration.ofSeconds(5),
                head,
                total,
                MAX_SIZE,
                allowReserved,
                new DenyList(
                        true, Duration.ofSeconds(60), Duration.ofSeconds(5), threshold, Duration.ofHours(1), Set.of()));
    }

    private Fetcher fetcher(FetchSettings settings) {
        return new Fetcher(settings, clock, "framewright/test", this::resolve);
    }

    /** Names that the test knows; the rest by the system. */
    private InetAddress[] resolve(String host) throws UnknownHostException {
        String address = names.get(host);
        return address == null ? InetAddress.getAllByName(host) : new InetAddress[] {InetAddress.ofLiteral(address)};
    }

    private static Caches caches(Path dir, long maxBytes, ManualClock clock) {
        Lifetimes lifetimes = new Lifetimes(null, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
        return new Caches(new CacheSettings(dir, maxBytes, lifetimes, lifetimes), clock);
    }

    @BeforeEach
    void open() {
        caches = caches(dir, ROOMY, clock);
        fetcher = fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), true, 100));
    }

    @AfterEach
    void close() {
        fetcher.close();
        caches.close();
        server.close();
    }

    private static Web web(String url, Map<String, String> headers) {
        WebUrl parsed = Objects.requireNonNull(WebUrl.parse(url));
        Outcome<WebRequest> request = Outcome.found(WebRequest.get(parsed, headers));
        return new Web("test", url, url, () -> request, Trust.RESTRICTED, false, true);
    }

    private Outcome<CachedFile> fetch(RemoteFile file) throws InterruptedException {
        return fetch(fetcher, file);
    }

    private Outcome<CachedFile> fetch(Fetcher by, RemoteFile file) throws InterruptedException {
        CacheKey key = new CacheKey("key " + keys++);
        return caches.getOrLoad(CacheKind.OBJECTS, key, Retention.PRIVATE, staging -> by.fetch(file, staging));
    }

    private byte[] fetched(String url) throws Exception {
        if (fetch(web(url, Map.of())) instanceof Found<CachedFile>(CachedFile file)) {
            try (file) {
                return Files.readAllBytes(file.path());
            }
        }
        throw new AssertionError("not fetched");
    }

    private Failure failure(String url) throws InterruptedException {
        return failure(fetch(web(url, Map.of())));
    }

    private static Failure failure(Outcome<CachedFile> outcome) {
        if (outcome instanceof Failed<CachedFile>(Failure failure)) {
            return failure;
        }
        throw new AssertionError("no failure");
    }

    // ---- answers

    @Test
    void fetch_ofAFile_writesItsBytes() throws Exception {
        server.put("/f", BODY);
        assertThat(fetched(server.url("/f"))).isEqualTo(BODY);
        FakeSymbolServer.Request request = server.requests().getFirst();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.headers())
                .containsEntry("user-agent", "framewright/test")
                .containsEntry("accept-encoding", "gzip, deflate");
    }

    @Test
    void fetch_sendsHeaders_butNoneThatWouldBreakOutOfItsLine() throws Exception {
        server.put("/f", BODY);
        fetch(web(
                server.url("/f").replace("localhost", "user:p%61ss@localhost"),
                Map.of("SymbolChecksum", "SHA256:00", "X-Evil", "a\r\nX-More: b", "bad name", "x", "X-Ok", "\u00e4")));
        Map<String, String> headers = server.requests().getFirst().headers();
        assertThat(headers)
                .containsEntry("symbolchecksum", "SHA256:00")
                .containsEntry("authorization", "Basic dXNlcjpwYXNz")
                .doesNotContainKeys("x-evil", "x-more", "bad name");
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "410", "451", "499"})
    void status4xx_isNotFound_andAskedOnce(int status) throws Exception {
        server.status("/f", status);
        assertThat(failure(server.url("/f"))).isEqualTo(new Missing());
        assertThat(server.hits("/f")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"401, 401 Unauthorized", "403, 403 Forbidden"})
    void refusal_isDenied_andAskedOnce(int status, String text) throws Exception {
        server.status("/f", status);
        assertThat(failure(server.url("/f"))).isEqualTo(new Denied(text));
        assertThat(server.hits("/f")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 500 Internal Server Error",
        "503, 503 Service Unavailable",
        "599, 599 <unknown status code>",
        "304, 304 Not Modified",
        "206, 206 Partial Content"
    })
    void otherStatus_isTriedThreeTimes(int status, String text) throws Exception {
        server.status("/f", status);
        assertThat(failure(server.url("/f"))).isEqualTo(new Unreachable(text));
        assertThat(server.hits("/f")).isEqualTo(3);
    }

    @Test
    void secondTry_thatSucceeds_isAllThatCounts() throws Exception {
        server.on("/f", exchange -> {
            boolean first = server.hits("/f") == 1;
            FakeSymbolServer.answer(
                    exchange, first ? 502 : 200, first ? "sorry".getBytes(StandardCharsets.UTF_8) : BODY);
        });
        assertThat(fetched(server.url("/f"))).isEqualTo(BODY);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void emptyAnswer_isNotFound(int status) throws Exception {
        server.status("/f", status);
        assertThat(failure(server.url("/f"))).isEqualTo(new Missing());
    }

    @Test
    void refusals_leaveTheConnectionToTheNextRequest() throws Exception {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        server.on("/f", exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            FakeSymbolServer.answer(exchange, 404, "<html>nothing</html>".getBytes(StandardCharsets.UTF_8));
        });
        for (int i = 0; i < 5; i++) {
            failure(server.url("/f"));
        }
        assertThat(ports).hasSize(1);
    }

    // ---- encodings

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean bare) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, bare))) {
            deflate.write(bytes);
        }
        return out.toByteArray();
    }

    private void putEncoded(String target, String encoding, byte[] body) {
        server.on(target, exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", encoding);
            FakeSymbolServer.answer(exchange, 200, body);
        });
    }

    @Test
    void contentEncoding_isUndone() throws Exception {
        byte[] large = new byte[500_000];
        Arrays.fill(large, (byte) 7);
        putEncoded("/gzip", "gzip", gzip(large));
        putEncoded("/zlib", "Deflate", deflate(large, false));
        putEncoded("/deflate", "deflate", deflate(large, true));
        putEncoded("/identity", "identity", BODY);
        assertThat(fetched(server.url("/gzip"))).isEqualTo(large);
        assertThat(fetched(server.url("/zlib"))).isEqualTo(large);
        assertThat(fetched(server.url("/deflate"))).isEqualTo(large);
        assertThat(fetched(server.url("/identity"))).isEqualTo(BODY);
    }

    @Test
    void contentEncoding_unknownSeveralOrBroken_fails() throws Exception {
        putEncoded("/br", "br", BODY);
        putEncoded("/two", "gzip, gzip", gzip(gzip(BODY)));
        putEncoded("/broken", "gzip", BODY);
        putEncoded("/cut", "gzip", Arrays.copyOf(gzip(new byte[100_000]), 60));
        assertThat(failure(server.url("/br"))).isEqualTo(new Unreachable("content encoding `br` is not supported"));
        assertThat(failure(server.url("/two"))).isInstanceOf(Unreachable.class);
        assertThat(failure(server.url("/broken")))
                .isEqualTo(new Unreachable("the answer's content encoding is malformed"));
        assertThat(failure(server.url("/cut"))).isEqualTo(new Unreachable("the answer ended early"));
    }

    @Test
    void compressedBody_thatUnpacksToMoreThanAllowed_isMalformed() throws Exception {
        putEncoded("/bomb", "gzip", gzip(new byte[MAX_SIZE + 1]));
        assertThat(failure(server.url("/bomb"))).isEqualTo(new Malformed("Maximum file size exceeded"));
        assertThat(server.hits("/bomb")).isEqualTo(1);
    }

    // ---- sizes

    @Test
    void body_ofTheLargestSize_isTaken_andOneByteMoreIsNot() throws Exception {
        server.put("/most", new byte[MAX_SIZE]);
        server.put("/more", new byte[MAX_SIZE + 1]);
        server.on("/chunked", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[MAX_SIZE + 1]);
        });
        assertThat(fetched(server.url("/most"))).hasSize(MAX_SIZE);
        assertThat(failure(server.url("/more"))).isEqualTo(new Malformed("Maximum file size exceeded"));
        assertThat(failure(server.url("/chunked"))).isEqualTo(new Malformed("Maximum file size exceeded"));
    }

    @Test
    void declaredSize_withoutRoom_isRefusedBeforeTheFirstByte() throws Exception {
        try (Caches small = caches(dir.resolve("small"), 400 << 10, clock)) {
            server.put("/f", new byte[800 << 10]);
            server.on("/chunked", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[800 << 10]);
            });
            for (String target : new String[] {"/f", "/chunked"}) {
                CacheKey key = new CacheKey(target);
                Web file = web(server.url(target), Map.of());
                Outcome<CachedFile> outcome = small.getOrLoad(
                        CacheKind.OBJECTS, key, Retention.PRIVATE, staging -> fetcher.fetch(file, staging));
                assertThat(failure(outcome).describe()).contains("no room");
                assertThat(small.peek(CacheKind.OBJECTS, key)).as("remembered").isNull();
                assertThat(server.hits(target)).isEqualTo(1);
            }
        }
    }

    // ---- redirects

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_isFollowed(int status) throws Exception {
        server.redirect("/a/from", status, "../to?x=1");
        server.put("/to?x=1", BODY);
        assertThat(fetched(server.url("/a/from"))).isEqualTo(BODY);
    }

    @Test
    void redirects_beyondTheTenth_areNotFollowed() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.redirect("/r" + i, 302, "/r" + (i + 1));
        }
        server.put("/r20", BODY);
        assertThat(fetched(server.url("/r10"))).isEqualTo(BODY);
        assertThat(failure(server.url("/r9"))).isEqualTo(new Unreachable("too many redirects"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "ftp://h/", "http://", "javascript:x"})
    void redirect_toNowhere_fails(String location) throws Exception {
        server.redirect("/f", 302, location);
        assertThat(failure(server.url("/f"))).isEqualTo(new Unreachable("302 Found"));
    }

    @Test
    void redirect_toAnotherHost_takesNoSecretsAlong() throws Exception {
        names.put("other.test", "127.0.0.1");
        server.redirect("/away", 302, server.url("/f").replace("localhost", "other.test"));
        server.redirect("/stay", 302, "/f");
        server.put("/f", BODY);
        Map<String, String> secrets = Map.of("Authorization", "Bearer x", "Cookie", "y", "X-Token", "z");
        fetch(web(server.url("/away"), secrets));
        assertThat(server.requests().getLast().headers()).doesNotContainKeys("authorization", "cookie", "x-token");
        fetch(web(server.url("/stay"), secrets));
        assertThat(server.requests().getLast().headers())
                .containsEntry("authorization", "Bearer x")
                .containsEntry("x-token", "z");
    }

    @Test
    void redirect_ofAzureDevOps_isItsLoginPage() throws Exception {
        names.put("dev.azure.com", "127.0.0.1");
        server.redirect("/f", 302, "/login");
        assertThat(failure(server.url("/f").replace("localhost", "dev.azure.com")))
                .isEqualTo(new Denied("Potential login page detected"));
        assertThat(server.hits("/login")).isZero();
    }

    // ---- where requests may go

    @Test
    void restrictedSource_isNotLetToReservedAddresses_byNameLiteralOrRedirect() throws Exception {
        names.put("public.test", "127.0.0.1");
        server.put("/f", BODY);
        try (Fetcher strict = fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), false, 100))) {
            for (String host : new String[] {"localhost", "127.0.0.1", "2130706433", "[::1]", "public.test"}) {
                String url = server.url("/f").replace("localhost", host);
                assertThat(failure(fetch(strict, web(url, Map.of()))))
                        .isEqualTo(new Unreachable("destination is restricted"));
            }
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void connectionsOfTrustedSources_doNotServeRestrictedOnes() throws Exception {
        server.put("/f", BODY);
        server.redirect("/r", 302, "/f");
        try (Fetcher strict = fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), false, 100))) {
            Web restricted = web(server.url("/f"), Map.of());
            Web trusted =
                    new Web("sentry", "x", "x", web(server.url("/r"), Map.of()).signer(), Trust.TRUSTED, false, false);
            assertThat(fetch(strict, trusted)).isInstanceOf(Found.class);
            assertThat(failure(fetch(strict, restricted))).isEqualTo(new Unreachable("destination is restricted"));
        }
    }

    // ---- servers that lie or do not answer

    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    @Test
    void bodyShorterThanDeclared_fails() throws Exception {
        try (RawServer liar = RawServer.sending(HEAD + "Content-Length: 100\r\n\r\nshort")) {
            assertThat(failure(liar.url("/"))).isEqualTo(new Unreachable("the answer ended early"));
            assertThat(liar.connections()).isEqualTo(3);
        }
    }

    @Test
    void bodyLongerThanDeclared_endsWhereItWasDeclaredToEnd() throws Exception {
        try (RawServer liar = RawServer.sending(HEAD + "Content-Length: 3\r\n\r\nabcdef")) {
            assertThat(fetched(liar.url("/"))).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 99999999999999999999\r\n\r\nx",
                "Content-Length: -5\r\n\r\nx",
                "Content-Length: 9223372036854775807\r\n\r\nx",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\nab",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab",
            })
    void absurdLengths_fail(String rest) throws Exception {
        try (RawServer liar = RawServer.sending(HEAD + rest)) {
            assertThat(failure(liar.url("/"))).isInstanceOfAny(Unreachable.class, Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage\r\n\r\n", "HTTP/1.1 999999 X\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n"})
    void answersThatAreNoHttp_fail(String text) throws Exception {
        try (RawServer liar = RawServer.sending(text)) {
            assertThat(failure(liar.url("/"))).isInstanceOf(Unreachable.class);
        }
    }

    @Test
    void endlessHead_isCutOff() throws Exception {
        try (RawServer liar = new RawServer(out -> {
            out.write(HEAD.getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("X-More: and more\r\n".getBytes(StandardCharsets.UTF_8));
            }
        })) {
            assertThat(failure(liar.url("/"))).isEqualTo(new Unreachable("the head of the answer is too large"));
        }
        try (RawServer liar = new RawServer(out -> {
            out.write(HEAD.getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write(new byte[4096]);
            }
        })) {
            assertThat(failure(liar.url("/"))).isEqualTo(new Unreachable("the head of the answer is too large"));
        }
    }

    @Test
    void silentServer_runsIntoTheHeadTimeout_andIsTriedAgain() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        try (RawServer silent = new RawServer(out -> closing.await());
                Fetcher hasty = fetcher(settings(Duration.ofSeconds(60), Duration.ofMillis(50), true, 100))) {
            assertThat(failure(fetch(hasty, web(silent.url("/"), Map.of()))))
                    .isEqualTo(new TimedOut(Duration.ofMillis(50)));
            assertThat(silent.connections()).isEqualTo(3);
            closing.countDown();
        }
    }

    @Test
    void headThatTrickles_runsIntoTheHeadTimeout() throws Exception {
        try (RawServer trickle = new RawServer(out -> {
                    out.write(HEAD.getBytes(StandardCharsets.UTF_8));
                    trickle(out);
                });
                Fetcher hasty = fetcher(settings(Duration.ofSeconds(60), Duration.ofMillis(100), true, 100))) {
            assertThat(failure(fetch(hasty, web(trickle.url("/"), Map.of()))))
                    .isEqualTo(new TimedOut(Duration.ofMillis(100)));
        }
    }

    @Test
    void bodyThatTrickles_runsIntoTheTotalTimeout_andIsNotTriedAgain() throws Exception {
        try (RawServer trickle = new RawServer(out -> {
                    out.write((HEAD + "Content-Length: 100000\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                    trickle(out);
                });
                Fetcher hasty = fetcher(settings(Duration.ofMillis(300), Duration.ofSeconds(30), true, 100))) {
            assertThat(failure(fetch(hasty, web(trickle.url("/"), Map.of()))))
                    .isEqualTo(new TimedOut(Duration.ofMillis(300)));
            assertThat(trickle.connections()).isEqualTo(1);
        }
    }

    /** A byte now and then, until the other side hangs up. */
    private static void trickle(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write('x');
            out.flush();
            Thread.sleep(5);
        }
    }

    @Test
    void nobodyListening_isSaidSo() throws Exception {
        String url;
        try (RawServer gone = RawServer.sending("")) {
            url = gone.url("/");
        }
        assertThat(failure(url)).isEqualTo(new Unreachable("connection refused"));
    }

    @Test
    void unknownHost_isSaidSo() throws Exception {
        try (Fetcher lost =
                new Fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), true, 100), clock, "x", host -> {
                    throw new UnknownHostException(host);
                })) {
            assertThat(failure(fetch(lost, web("http://nowhere.test/", Map.of()))))
                    .isEqualTo(new Unreachable("host not found"));
        }
    }

    @Test
    void resolverThatHangs_runsIntoTheConnectTimeout() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        FetchSettings hasty = new FetchSettings(
                Duration.ofMillis(50),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                MAX_SIZE,
                true,
                settings(Duration.ZERO, Duration.ZERO, true, 100).denyList());
        try (Fetcher lost = new Fetcher(hasty, clock, "x", host -> {
            awaitQuietly(closing);
            throw new UnknownHostException(host);
        })) {
            assertThat(failure(fetch(lost, web("http://nowhere.test/", Map.of()))))
                    .isEqualTo(new TimedOut(Duration.ofMillis(50)));
            closing.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- deny list

    @Test
    void hostWithTooManyFailures_isNotAsked_andThatIsNotRememberedByTheCache() throws Exception {
        server.status("/f", 500);
        try (Fetcher wary = fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), true, 2))) {
            Web file = web(server.url("/f"), Map.of());
            failure(fetch(wary, file));
            failure(fetch(wary, file));
            CacheKey key = new CacheKey("blocked");
            Outcome<CachedFile> blocked =
                    caches.getOrLoad(CacheKind.OBJECTS, key, Retention.PRIVATE, staging -> wary.fetch(file, staging));
            assertThat(failure(blocked).describe())
                    .isEqualTo("download failed: Host localhost is temporarily blocked because there were too many"
                            + " download failures. It will remain blocked for a maximum of 1h. The error that triggered"
                            + " the block was: `download failed: 500 Internal Server Error`.");
            assertThat(caches.peek(CacheKind.OBJECTS, key)).isNull();
            assertThat(server.hits("/f")).isEqualTo(6);
            clock.advance(Duration.ofHours(1));
            server.put("/f", BODY);
            assertThat(fetch(wary, file)).isInstanceOf(Found.class);
        }
    }

    @Test
    void missesAndRefusals_areNoFailuresOfTheHost() throws Exception {
        server.status("/denied", 403);
        try (Fetcher wary = fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), true, 1))) {
            for (int i = 0; i < 3; i++) {
                assertThat(failure(fetch(wary, web(server.url("/missing"), Map.of()))))
                        .isEqualTo(new Missing());
                assertThat(failure(fetch(wary, web(server.url("/denied"), Map.of()))))
                        .isInstanceOf(Denied.class);
            }
        }
    }

    // ---- the rest

    @Test
    void interruptedDownload_ends() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        try (RawServer silent = new RawServer(out -> {
            asked.countDown();
            closing.await();
        })) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    fetcher.fetchAnswer(web(silent.url("/"), Map.of()), 100, Duration.ofMinutes(5));
                } catch (InterruptedException e) {
                    ended.countDown();
                }
            });
            asked.await();
            caller.interrupt();
            ended.await();
            closing.countDown();
        }
    }

    @Test
    void fetchAnswer_isBoundedAndTellsOfTheLink() throws Exception {
        server.on("/list", exchange -> {
            exchange.getResponseHeaders().set("Link", "<next>");
            FakeSymbolServer.answer(exchange, 200, BODY);
        });
        Outcome<Answer> answer = fetcher.fetchAnswer(web(server.url("/list"), Map.of()), 100, Duration.ofMinutes(1));
        assertThat(answer).isInstanceOfSatisfying(Found.class, found -> {
            assertThat(((Answer) found.value()).body()).isEqualTo(BODY);
            assertThat(((Answer) found.value()).link()).isEqualTo("<next>");
        });
        assertThat(fetcher.fetchAnswer(web(server.url("/list"), Map.of()), 3, Duration.ofMinutes(1)))
                .isInstanceOf(Failed.class);
    }

    @Test
    void post_sendsItsForm_andFollowsNoRedirect() throws Exception {
        String[] got = {""};
        server.on("/token", exchange -> {
            got[0] = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            FakeSymbolServer.answer(exchange, 200, BODY);
        });
        server.redirect("/moved", 307, "/token");
        for (String path : new String[] {"/token", "/moved"}) {
            WebUrl url = Objects.requireNonNull(WebUrl.parse(server.url(path)));
            Outcome<WebRequest> request = Outcome.found(new WebRequest(url, Map.of(), "a=b"));
            Web file = new Web("x", "x", "x", () -> request, Trust.RESTRICTED, false, false);
            fetcher.fetchAnswer(file, 100, Duration.ofMinutes(1));
        }
        assertThat(got[0]).isEqualTo("a=b");
        assertThat(server.hits("/token")).isEqualTo(1);
    }

    @Test
    void localFile_isCopied_andOnlyRegularFilesAreRead() throws Exception {
        Path file = dir.resolve("file");
        Files.write(file, BODY);
        Files.createFile(dir.resolve("empty"));
        assertThat(fetch(local(file))).isInstanceOfSatisfying(Found.class, found -> {
            try (CachedFile copied = (CachedFile) found.value()) {
                assertThat(copied.path()).hasBinaryContent(BODY);
            }
        });
        for (Path none :
                new Path[] {dir, dir.resolve("none"), file.resolve("below"), dir.resolve("empty"), Path.of("/dev/zero")
                }) {
            assertThat(failure(fetch(local(none)))).isEqualTo(new Missing());
        }
    }

    @Test
    void constantFile_isLinked_withinTheSameLimits() throws Exception {
        Path file = dir.resolve("blob");
        Files.write(file, BODY);
        assertThat(fetch(constant(file))).isInstanceOfSatisfying(Found.class, found -> {
            try (CachedFile linked = (CachedFile) found.value()) {
                assertThat(linked.path()).hasBinaryContent(BODY);
                assertThat(Files.isSameFile(linked.path(), file)).isTrue();
                // whoever drops one keeps the other
                Files.delete(file);
                assertThat(linked.path()).hasBinaryContent(BODY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Path large = dir.resolve("large");
        Files.write(large, new byte[MAX_SIZE + 1]);
        assertThat(failure(fetch(constant(large)))).isEqualTo(new Malformed("Maximum file size exceeded"));
        Files.createFile(dir.resolve("empty"));
        for (Path none : new Path[] {dir, dir.resolve("none"), dir.resolve("empty")}) {
            assertThat(failure(fetch(constant(none)))).isEqualTo(new Missing());
        }
    }

    /** Links do not reach from one disk to another. */
    @Test
    void constantFileOfAnotherDisk_isCopied() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory));
        Path file = Files.createTempFile(memory, "framewright", "");
        try {
            Files.write(file, BODY);
            assertThat(fetch(constant(file))).isInstanceOfSatisfying(Found.class, found -> {
                try (CachedFile copied = (CachedFile) found.value()) {
                    assertThat(copied.path()).hasBinaryContent(BODY);
                }
            });
        } finally {
            Files.delete(file);
        }
    }

    private static RemoteFile constant(Path path) {
        return new RemoteFile.Local("store", path.toString(), "blob:" + path, path, true);
    }

    private static RemoteFile local(Path path) {
        return new RemoteFile.Local("local", path.toString(), path);
    }

    @Test
    void unusableFile_failsWithItsReason() throws Exception {
        RemoteFile file = new RemoteFile.Unusable("s", "l", new Unreachable("no key"));
        assertThat(failure(fetch(file))).isEqualTo(new Unreachable("no key"));
    }

    @Test
    void publicConstructor_primesItselfAndWorks() throws Exception {
        server.put("/f", BODY);
        try (Fetcher real =
                new Fetcher(settings(Duration.ofSeconds(60), Duration.ofSeconds(30), true, 100), clock, "x")) {
            assertThat(fetch(real, web(server.url("/f"), Map.of()))).isInstanceOf(Found.class);
        }
    }

    // ---- source links

    @Test
    void fetchText_isFetchedOncePerScope_andMustBeUtf8() throws Exception {
        server.put("/a.c", "int \u00e4;".getBytes(StandardCharsets.UTF_8));
        server.put("/b.c", new byte[] {(byte) 0xC3, 'x'});
        WebFetcher web = new WebFetcher(fetcher, caches);
        URI uri = URI.create(server.url("/a.c"));
        Scope mine = new Scope("mine");
        for (int i = 0; i < 3; i++) {
            assertThat(web.fetchText(uri, Map.of(), mine, true)).isInstanceOf(Found.class);
        }
        assertThat(server.hits("/a.c")).isEqualTo(1);
        assertThat(web.fetchText(uri, Map.of(), Scope.GLOBAL, true)).isInstanceOf(Found.class);
        assertThat(server.hits("/a.c")).isEqualTo(2);
        assertThat(failure(web.fetchText(URI.create(server.url("/b.c")), Map.of(), mine, true)))
                .isEqualTo(new Malformed("the file is not UTF-8"));
    }

    @Test
    void fetchText_withoutVerifying_takesAnyCertificate_andServesNobodyWhoVerifies() throws Exception {
        Path keys = Files.createDirectory(dir.resolve("tls"));
        try (SelfSignedServer self = SelfSignedServer.start(keys)) {
            WebFetcher web = new WebFetcher(fetcher, caches);
            URI uri = URI.create(self.url("/a.c"));
            Scope mine = new Scope("mine");
            // it has no such file, which is known only by whoever has talked to it
            assertThat(failure(web.fetchText(uri, Map.of(), mine, false))).isEqualTo(new Missing());
            assertThat(failure(web.fetchText(uri, Map.of(), mine, true)).describe())
                    .contains("TLS failed");
        }
    }
}
