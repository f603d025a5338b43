package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.config.EgressAllow;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import framewright.testkit.RawServer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time that passes without anything coming, and what is done about failures. */
class RetriesTest {
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";

    private final ManualClock clock = new ManualClock();
    private final HandPacing pacing = new HandPacing(0.5);
    private final FakeSymbolServer server = new FakeSymbolServer();
    private final Fetcher fetcher = fetcher(Duration.ofHours(1));

    private Fetcher fetcher(Duration total) {
        FetchSettings settings = new FetchSettings(
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                total,
                1 << 20,
                true,
                new DenyList(false, Duration.ofSeconds(60), Duration.ofSeconds(5), 60, Duration.ofHours(1), Set.of()),
                EgressAllow.NOTHING,
                STALL,
                STALL);
        return new Fetcher(settings, clock, "test", InetAddress::getAllByName, pacing);
    }

    @AfterEach
    void close() {
        fetcher.close();
        server.close();
    }

    private static Web web(String url) {
        Outcome<WebRequest> request =
                Outcome.found(WebRequest.get(Objects.requireNonNull(WebUrl.parse(url)), Map.of()));
        return new Web("x", url, url, () -> request, Trust.TRUSTED, false, false);
    }

    private Outcome<Answer> get(String url) throws InterruptedException {
        return get(url, Duration.ofMinutes(10));
    }

    private Outcome<Answer> get(String url, Duration limit) throws InterruptedException {
        return fetcher.answer(web(url), 1000, limit);
    }

    private static @Nullable Failure failure(Outcome<Answer> outcome) {
        return outcome instanceof Failed<Answer>(Failure failure) ? failure : null;
    }

    private void answering(String target, int status, String retryAfter) {
        server.on(target, exchange -> {
            if (server.hits(target) == 1) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
                FakeSymbolServer.answer(exchange, status, new byte[0]);
            } else {
                FakeSymbolServer.answer(exchange, 200, "ok".getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "502", "503", "504"})
    void failureOfTheMoment_isTriedThreeTimes_withPausesOfChance(int status) throws Exception {
        server.status("/f", status);
        assertThat(failure(get(server.url("/f"))))
                .isEqualTo(status == 429 ? new Missing() : new Unreachable(StatusText.of(status)));
        assertThat(server.hits("/f")).isEqualTo(3);
        assertThat(pacing.pauses()).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100));
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "408", "410", "416", "425", "451"})
    void refusal_isFinal(int status) throws Exception {
        server.status("/f", status);
        assertThat(get(server.url("/f"))).isInstanceOf(Failed.class);
        assertThat(server.hits("/f")).isEqualTo(1);
        assertThat(pacing.pauses()).isEmpty();
    }

    @Test
    void connectionThatIsRefused_isTriedThreeTimes() throws Exception {
        String url;
        try (RawServer gone = RawServer.sending("")) {
            url = gone.url("/");
        }
        assertThat(failure(get(url))).isEqualTo(new Unreachable("connection refused"));
        assertThat(pacing.pauses()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "429, 7, 7050",
        "503, 7, 7050",
        "503, 10, 10050",
        "503, 0, 50",
        "503, -1, 50",
        "503, soon, 50",
        "503, 'Thu, 01 Jan 2026 00:00:09 GMT', 9050",
        "503, 'Wed, 31 Dec 2025 23:00:00 GMT', 50",
        "500, 7, 50",
    })
    void retryAfter_isHonoured(int status, String header, long millis) throws Exception {
        answering("/f", status, header);
        assertThat(get(server.url("/f"))).isInstanceOf(Found.class);
        assertThat(pacing.pauses()).containsExactly(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"429, 11", "503, 3600", "503, 99999999999999999999", "503, 'Thu, 01 Jan 2026 00:01:00 GMT'"})
    void retryAfter_beyondTheCap_isNotWaitedFor_andNobodyComesEarlier(int status, String header) throws Exception {
        answering("/f", status, header);
        assertThat(get(server.url("/f"))).isInstanceOf(Failed.class);
        assertThat(server.hits("/f")).isEqualTo(1);
        assertThat(pacing.pauses()).isEmpty();
    }

    @Test
    void pause_thatWouldOutlastTheDownload_isNotBegun() throws Exception {
        answering("/f", 503, "7");
        assertThat(failure(get(server.url("/f"), Duration.ofSeconds(7))))
                .isEqualTo(new Unreachable("503 Service Unavailable"));
        assertThat(pacing.pauses()).isEmpty();
    }

    @Property
    void pause_isAnyTimeBelowABoundThatDoubles(
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double chance,
            @ForAll @IntRange(min = 1, max = 2) int attempt) {
        Duration pause = new Retries(new HandPacing(chance), clock).pause(attempt, "", STALL);
        assertThat(pause).isNotNull().isBetween(Duration.ZERO, Duration.ofMillis(50L << attempt));
        assertThat(new Retries(new HandPacing(chance), clock).pause(Retries.TRIES, "", STALL))
                .isNull();
    }

    // ---- time without progress

    /** Has time pass with everything that comes. */
    private final class SlowSink implements Sink {
        private final Duration step;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final Semaphore wants = new Semaphore(1);
        private long written;

        private SlowSink(Duration step) {
            this.step = step;
        }

        @Override
        public @Nullable Failure begin(long from, long total, Head head) {
            return null;
        }

        @Override
        public @Nullable Failure write(byte[] bytes, int count) {
            written += count;
            pacing.advance(step);
            begun.countDown();
            wants.release();
            return null;
        }

        @Override
        public long written() {
            return written;
        }
    }

    private HttpExchange.Ending exchange(String url, SlowSink sink) throws Exception {
        FetchSettings settings = new FetchSettings(
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofHours(1),
                1 << 20,
                true,
                new DenyList(false, STALL, STALL, 1, STALL, Set.of()),
                EgressAllow.NOTHING,
                STALL,
                STALL);
        try (Connections connections = new Connections(settings, InetAddress::getAllByName, "test")) {
            return new HttpExchange(
                            trust -> connections.client(trust, false),
                            Trust.TRUSTED,
                            settings,
                            pacing,
                            sink,
                            new Resume(),
                            new FurtherConnections())
                    .run(WebRequest.get(Objects.requireNonNull(WebUrl.parse(url)), Map.of()));
        }
    }

    @Test
    void bodyThatComesSlowlyButSteadily_isTaken() throws Exception {
        SlowSink sink = new SlowSink(STALL.minusSeconds(1));
        try (RawServer slow = new RawServer(out -> {
            out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 20; i++) {
                // one byte at a time, each after the one before has arrived
                sink.wants.acquire();
                out.write('x');
                out.flush();
            }
        })) {
            assertThat(exchange(slow.url("/"), sink)).isInstanceOf(HttpExchange.Ending.Done.class);
            assertThat(sink.written()).isEqualTo(20);
            assertThat(Duration.ofNanos(pacing.nanos())).isGreaterThan(STALL.multipliedBy(10));
            assertThat(pacing.armed()).as("timers left behind").isZero();
        }
    }

    @Test
    void bodyThatStandsStill_isGivenUp() throws Exception {
        SlowSink sink = new SlowSink(Duration.ZERO);
        CountDownLatch closing = new CountDownLatch(1);
        try (RawServer silent = new RawServer(out -> {
            out.write((HEAD + "x").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            closing.await();
        })) {
            CompletableFuture<HttpExchange.Ending> ending = CompletableFuture.supplyAsync(() -> {
                try {
                    return exchange(silent.url("/"), sink);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sink.begun.await();
            pacing.advance(STALL.minusNanos(1));
            assertThat(ending).isNotDone();
            // the read that waits may have begun after the first step
            while (!ending.isDone()) {
                pacing.advance(STALL);
                Thread.onSpinWait();
            }
            assertThat(ending.get()).isEqualTo(new HttpExchange.Ending.Failed(new TimedOut(STALL), true, ""));
            closing.countDown();
        }
    }
}
