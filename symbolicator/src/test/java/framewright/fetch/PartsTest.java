package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unreachable;
import framewright.testkit.ManualClock;
import framewright.testkit.TestDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that later ones go on with, and downloads that come over several connections. */
class PartsTest {
    private static final String TAG = "\"v1\"";
    private static final byte[] FILE = Downloads.random(1_000_000);

    /** Large enough to be fetched over several connections. */
    private static final byte[] LARGE = Downloads.random(40 << 20);

    private static final long CAP = 256 << 20;
    private static final long SEGMENT = 8 << 20;

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();

    @SuppressWarnings("NullAway.Init") // before each test
    private Downloads downloads;

    @BeforeEach
    void open() {
        downloads = new Downloads(dir, clock, CAP, SEGMENT);
    }

    @AfterEach
    void close() {
        downloads.close();
    }

    private void restart() {
        close();
        open();
    }

    private static void whole(RangeServer.Request request, OutputStream out) throws IOException {
        RangeServer.answer(request, out, FILE, TAG);
    }

    /** Brings 300,000 bytes and then nothing more. */
    private static void aLittle(RangeServer.Request request, OutputStream out) throws IOException {
        RangeServer.answer(request, out, FILE, TAG, request.range() == null ? 300_000 : 0);
    }

    // ---- what is kept between loads

    @Test
    void downloadThatFailed_goesOnWithTheNextLoad_andIsNotRememberedAsAFailure() throws Exception {
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            assertThat(downloads.failure(server.url("/f"))).isEqualTo(new Unreachable("the answer ended early"));
            assertThat(downloads.partials()).isEqualTo(1);
            server.behave(PartsTest::whole);
            assertThat(downloads.file(server.url("/f"))).isEqualTo(FILE);
            assertThat(server.ranges()).last().isEqualTo("bytes=300000-");
            assertThat(server.requests()).last().extracting("ifRange").isEqualTo(TAG);
        }
        assertThat(downloads.partials()).isZero();
        assertThat(downloads.temporary()).isEmpty();
    }

    @Test
    void downloadThatBroughtNothingNew_isRememberedAsAFailure_andKeepsWhatThereWas() throws Exception {
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            downloads.failure(server.url("/f"));
            downloads.failure(server.url("/f"));
            int asked = server.requests().size();
            downloads.failure(server.url("/f"));
            assertThat(server.requests()).hasSize(asked);
            assertThat(downloads.partials()).isEqualTo(1);
        }
    }

    @Test
    void keptPart_survivesARestart() throws Exception {
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            downloads.failure(server.url("/f"));
            restart();
            server.behave(PartsTest::whole);
            assertThat(downloads.file(server.url("/f"))).isEqualTo(FILE);
            assertThat(server.ranges()).last().isEqualTo("bytes=300000-");
        }
    }

    @Test
    void keptPart_ofAFileThatHasChanged_isNotTaken() throws Exception {
        byte[] other = Downloads.random(900_000);
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            downloads.failure(server.url("/f"));
            server.behave((request, out) -> RangeServer.answer(request, out, other, "\"v2\""));
            assertThat(downloads.file(server.url("/f"))).isEqualTo(other);
        }
    }

    @Test
    void keptPart_ofAFileThatIsGone_goesToo() throws Exception {
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            downloads.failure(server.url("/f"));
            server.behave((request, out) -> RangeServer.head(out, "404 Not Found", 0));
            assertThat(downloads.failure(server.url("/f"))).isInstanceOf(Missing.class);
            assertThat(downloads.partials()).isZero();
            assertThat(downloads.temporary()).isEmpty();
        }
    }

    @Test
    void keptPart_thatIsTooOld_goes() throws Exception {
        try (RangeServer server = new RangeServer(PartsTest::aLittle)) {
            downloads.failure(server.url("/f"));
            clock.advance(Duration.ofDays(2));
            downloads.caches.maintain();
            assertThat(downloads.partials()).isZero();
        }
    }

    @Test
    void keptPart_isTakenOutOfAFullCache() throws Exception {
        close();
        long cap = 2_500_000;
        downloads = new Downloads(dir.resolve("small"), clock, cap, SEGMENT);
        try (RangeServer server = new RangeServer(PartsTest::whole)) {
            downloads.file(server.url("/other"));
            server.behave((request, out) ->
                    RangeServer.answer(request, out, FILE, TAG, request.range() == null ? 900_000 : 0));
            downloads.failure(server.url("/f"));
            assertThat(downloads.partials()).isEqualTo(1);
            assertThat(downloads.caches.usedBytes()).isBetween(cap - 500_000, cap);
            server.behave(PartsTest::whole);
            assertThat(downloads.file(server.url("/f"))).isEqualTo(FILE);
            assertThat(server.ranges()).last().isEqualTo("bytes=900000-");
            assertThat(downloads.caches.usedBytes()).isLessThanOrEqualTo(cap);
        }
    }

    /** Whether a file that is being written has so many bytes. */
    private boolean hasCome(String suffix, long bytes) throws IOException {
        return downloads.temporary().stream()
                .anyMatch(file ->
                        file.toString().endsWith(suffix) && file.toFile().length() >= bytes);
    }

    @Test
    void downloadThatIsUnderWayWhenTheServerStops_goesOnAfterTheStart() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (RangeServer server = new RangeServer((request, out) -> {
            RangeServer.answer(request, out, FILE, TAG, 300_000);
            stopped.await();
        })) {
            FutureTask<Failure> told = new FutureTask<>(() -> downloads.failure(server.url("/f")));
            Thread.startVirtualThread(told);
            while (!hasCome(".part", 300_000)) {
                Thread.onSpinWait();
            }
            downloads.fetcher.stop();
            assertThat(told.get()).isEqualTo(new Unreachable("the server is stopping"));
            stopped.countDown();
            restart();
            server.behave(PartsTest::whole);
            assertThat(downloads.file(server.url("/f"))).isEqualTo(FILE);
            assertThat(server.ranges()).last().isEqualTo("bytes=300000-");
        }
    }

    @Test
    void downloadOfAServerThatIsKilled_goesOnFromTheLastThirtyTwoMebibytes() throws Exception {
        Path disk = dir.resolve("killed");
        int half = 33 << 20;
        Semaphore copied = new Semaphore(0);
        CountDownLatch over = new CountDownLatch(1);
        try (RangeServer server = new RangeServer((request, out) -> {
            RangeServer.head(out, "200 OK", LARGE.length, "ETag: " + TAG);
            out.write(LARGE, 0, half);
            int sent = half;
            while (!hasCome(".checkpoint", 1)) {
                out.write(LARGE[sent++]);
                out.flush();
            }
            TestDisk.copy(dir, disk);
            copied.release();
            over.await();
        })) {
            Thread.startVirtualThread(new FutureTask<>(() -> downloads.failure(server.url("/f"))));
            copied.acquire();
            try (Downloads next = new Downloads(disk, clock, CAP, SEGMENT)) {
                assertThat(next.partials()).isEqualTo(1);
                server.behave((request, out) -> RangeServer.answer(request, out, LARGE, TAG));
                assertThat(next.file(server.url("/f"))).isEqualTo(LARGE);
                assertThat(server.requests().get(1).span(LARGE.length)[0]).isBetween(32 << 20, 34 << 20);
                assertThat(next.temporary()).isEmpty();
            }
            over.countDown();
        }
    }

    // ---- parts at a time

    @Test
    void largeFile_comesOverSeveralConnections() throws Exception {
        CountDownLatch tail = new CountDownLatch(3);
        try (RangeServer server = new RangeServer((request, out) -> {
            if (request.range() == null) {
                RangeServer.answer(request, out, LARGE, TAG, 1 << 20);
                // no sound client waits for this one first
                tail.await();
                out.write(LARGE, 1 << 20, LARGE.length - (1 << 20));
            } else {
                RangeServer.answer(request, out, LARGE, TAG);
                tail.countDown();
            }
        })) {
            assertThat(downloads.file(server.url("/f"))).isEqualTo(LARGE);
            assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(server.requests().stream().skip(1)).allSatisfy(request -> {
                assertThat(request.ifRange()).isEqualTo(TAG);
                int[] span = request.span(LARGE.length);
                assertThat(span[1] - span[0] + 1).isEqualTo(8 << 20);
            });
        }
    }

    @Test
    void partThatIsCut_isTakenFromTheFirstAnswer() throws Exception {
        try (RangeServer server = new RangeServer((request, out) ->
                RangeServer.answer(request, out, LARGE, TAG, request.range() == null ? LARGE.length : 5_000_000))) {
            assertThat(downloads.file(server.url("/f"))).isEqualTo(LARGE);
            assertThat(server.ranges()).filteredOn(range -> range == null).hasSize(1);
        }
    }

    @Test
    void firstAnswerThatIsCut_isContinued() throws Exception {
        try (RangeServer server = new RangeServer((request, out) ->
                RangeServer.answer(request, out, LARGE, TAG, request.number() == 1 ? 2 << 20 : LARGE.length))) {
            assertThat(downloads.file(server.url("/f"))).isEqualTo(LARGE);
            assertThat(server.ranges()).filteredOn(range -> range == null).hasSize(1);
        }
        assertThat(downloads.partials()).isZero();
        assertThat(downloads.temporary()).isEmpty();
    }

    @Test
    void originThatDoesNotSayThatItGivesParts_isAskedForNone() throws Exception {
        try (RangeServer server = new RangeServer((request, out) -> {
            RangeServer.head(out, "200 OK", LARGE.length, "ETag: " + TAG);
            out.write(LARGE);
        })) {
            assertThat(downloads.file(server.url("/f"))).isEqualTo(LARGE);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void originWithoutACertainVersion_isAskedForNone() throws Exception {
        try (RangeServer server = new RangeServer((request, out) -> {
            RangeServer.head(out, "200 OK", LARGE.length, "ETag: W/" + TAG, "Accept-Ranges: bytes");
            out.write(LARGE);
        })) {
            assertThat(downloads.file(server.url("/f"))).isEqualTo(LARGE);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void roomForTheWholeFile_isPromisedBeforeItsFirstByte() throws Exception {
        close();
        downloads = new Downloads(dir.resolve("small"), clock, 8 << 20, SEGMENT);
        try (RangeServer server = new RangeServer((request, out) -> RangeServer.answer(request, out, LARGE, TAG))) {
            assertThat(downloads.failure(server.url("/f")).describe()).contains("has no room");
            assertThat(server.requests()).hasSize(1);
            assertThat(downloads.temporary()).isEmpty();
        }
    }

    @Test
    void furtherConnections_areBounded_inAllAndForEachHost() {
        FurtherConnections further = new FurtherConnections();
        for (int i = 0; i < 6; i++) {
            assertThat(further.take("a")).isTrue();
            assertThat(further.take("b")).isTrue();
        }
        assertThat(further.take("c")).as("of all").isFalse();
        further.giveBack("b");
        assertThat(further.take("a")).as("of this host").isFalse();
        assertThat(further.take("c")).isTrue();
    }
}
