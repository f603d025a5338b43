package framewright.objects;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Candidate;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Candidate.UseStatus;
import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Common;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.EgressAllow;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.Fetcher;
import framewright.nativebridge.NativePool;
import framewright.sources.Sources;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectFinderTest {
    private static final String ID = "C0BCC3F19827FE653058404B2831D9E60";
    private static final String OTHER_ID = "D0BCC3F19827FE653058404B2831D9E60";
    private static final ObjectId MODULE = new ObjectId(
            ObjectType.ELF, null, "/usr/lib/a", Objects.requireNonNull(DebugId.parse(ID)), "/usr/lib/a", null);

    private static final String HEAD = "MODULE Linux x86_64 " + ID + " a\n";
    private static final byte[] WITH_FUNCTIONS = bytes(HEAD + "FILE 0 a.c\nFUNC 1000 10 0 main\n1000 10 7 0\n");
    private static final byte[] WITH_SYMBOLS = bytes(HEAD + "PUBLIC 1000 0 main\n");
    private static final byte[] WITH_UNWINDING =
            bytes(HEAD + "STACK CFI INIT 1000 10 .cfa: $rsp 8 + .ra: .cfa -8 + ^\n");
    private static final byte[] OF_ANOTHER_BUILD =
            bytes(HEAD.replace(ID, OTHER_ID) + "FILE 0 a.c\nFUNC 1000 10 0 main\n1000 10 7 0\n");

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();
    private final FakeSymbolServer server = new FakeSymbolServer();
    private final NativePool pool = new NativePool("test", 2);
    private final FetchSettings settings = settings(Duration.ofHours(1));

    @SuppressWarnings("NullAway.Init") // before each test
    private Caches caches;

    @SuppressWarnings("NullAway.Init") // before each test
    private Fetcher fetcher;

    @SuppressWarnings("NullAway.Init") // before each test
    private ObjectFinder finder;

    private static FetchSettings settings(Duration slowSourceTimeout) {
        return new FetchSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1 << 20,
                true,
                new DenyList(false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Set.of()),
                EgressAllow.NOTHING,
                Duration.ofSeconds(30),
                slowSourceTimeout);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @BeforeEach
    void open() {
        open(64 << 20);
    }

    private void open(long maxBytes) {
        Lifetimes lifetimes =
                new Lifetimes(Duration.ofDays(7), Duration.ofHours(1), Duration.ofHours(24), Duration.ofHours(24));
        caches = new Caches(new CacheSettings(dir, maxBytes, lifetimes, lifetimes), clock);
        fetcher = new Fetcher(settings, clock, "framewright/test");
        finder = finder(settings);
    }

    private ObjectFinder finder(FetchSettings with) {
        Sources sources = new Sources(fetcher, clock, Duration.ofHours(1), List.of());
        return new ObjectFinder(caches, sources, fetcher, pool, with, clock);
    }

    @AfterEach
    void close() {
        shut();
        pool.close();
        server.close();
    }

    private void shut() {
        fetcher.close();
        caches.close();
    }

    private void reopen(long maxBytes) {
        shut();
        open(maxBytes);
    }

    private SourceConfig source(String name) {
        return source(name, false, FileType.BREAKPAD);
    }

    private SourceConfig source(String name, boolean isPublic, FileType... types) {
        Common common = new Common(List.of(types), List.of(), false, Layout.DEFAULT, isPublic, false);
        return new SourceConfig.Http(name, common, server.url("/" + name), Map.of(), false);
    }

    private static String place(String name) {
        return "/" + name + "/a/" + ID + "/a.sym";
    }

    private FindResult find(Purpose purpose, SourceConfig... sources) throws InterruptedException {
        return finder.find(MODULE, purpose, List.of(sources), new Scope("scope"));
    }

    private FindResult find(SourceConfig... sources) throws InterruptedException {
        return find(Purpose.DEBUG, sources);
    }

    private static FoundObject best(FindResult result) {
        if (result.best() instanceof Found<FoundObject>(FoundObject best)) {
            return best;
        }
        throw new AssertionError("nothing found: " + result);
    }

    private static Failure failure(FindResult result) {
        if (result.best() instanceof Failed<FoundObject>(Failure failure)) {
            return failure;
        }
        throw new AssertionError("found: " + result);
    }

    private static List<DownloadStatus> statuses(FindResult result) {
        return result.candidates().stream()
                .map(candidate -> candidate.download().status())
                .toList();
    }

    // ---- not waiting

    /** An origin that begins its answer and holds the rest, until the other side hangs up. */
    private static final class HeldOrigin implements AutoCloseable {
        private final ServerSocket socket;
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch hungUp = new CountDownLatch(1);

        private HeldOrigin() throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.startVirtualThread(this::serve);
        }

        private void serve() {
            try (Socket connection = socket.accept()) {
                connection.getInputStream().read();
                connection.getOutputStream().write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nMODULE"));
                connection.getOutputStream().flush();
                asked.countDown();
                while (connection.getInputStream().read() >= 0) {
                    // the rest of the request
                }
            } catch (IOException e) {
                // reset, which is hanging up too
            }
            hungUp.countDown();
        }

        private SourceConfig source() {
            Common common = new Common(List.of(FileType.BREAKPAD), List.of(), false, Layout.DEFAULT, false, false);
            String url = "http://localhost:" + socket.getLocalPort() + "/";
            return new SourceConfig.Http("held", common, url, Map.of(), false);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void slowFile_thatCannotWinAnyMore_isGivenUp_andLeavesNothingBehind() throws Exception {
        server.put(place("good"), WITH_FUNCTIONS);
        try (HeldOrigin held = new HeldOrigin()) {
            FindResult result = find(source("good"), held.source());
            assertThat(best(result).source()).isEqualTo("good");
            assertThat(held.asked.getCount()).as("asked too").isZero();
            assertThat(statuses(result)).containsExactly(DownloadStatus.OK, DownloadStatus.ERROR);
            assertThat(result.candidates().getLast().finding().cause()).isEqualTo(Cause.NOT_AWAITED);
            held.hungUp.await();
            assertThat(held.socket.isClosed()).isFalse();
            // the question is not asked again at once
            assertThat(statuses(find(source("good"), held.source())))
                    .containsExactly(DownloadStatus.OK, DownloadStatus.ERROR);
        }
        shut();
        try (Stream<Path> leftovers = Files.walk(dir.resolve("tmp"))) {
            assertThat(leftovers.filter(Files::isRegularFile)).isEmpty();
        }
        try (Stream<Path> objects = Files.walk(dir.resolve("objects"))) {
            assertThat(objects.filter(Files::isRegularFile)).as("the good one").hasSize(1);
        }
        open(64 << 20);
    }

    @Test
    void slowFile_thatCouldStillWin_isWaitedFor() throws Exception {
        server.put(place("good"), WITH_FUNCTIONS);
        CountDownLatch goodIsThere = new CountDownLatch(1);
        server.on(place("first"), exchange -> {
            awaitQuietly(goodIsThere);
            FakeSymbolServer.answer(exchange, 200, WITH_FUNCTIONS);
        });
        server.on(place("good"), exchange -> {
            FakeSymbolServer.answer(exchange, 200, WITH_FUNCTIONS);
            goodIsThere.countDown();
        });
        FindResult result = find(source("first"), source("good"));
        assertThat(best(result).source()).isEqualTo("first");
        assertThat(statuses(result)).containsExactly(DownloadStatus.OK, DownloadStatus.OK);
    }

    @Test
    void slowFile_thatStandsFirst_isWaitedForWithinLimits_andGoesOnForTheNextRequest() throws Exception {
        server.put(place("good"), WITH_FUNCTIONS);
        CountDownLatch answered = new CountDownLatch(1);
        server.on(place("first"), exchange -> {
            awaitQuietly(answered);
            FakeSymbolServer.answer(exchange, 200, WITH_FUNCTIONS);
        });
        List<SourceConfig> sources = List.of(source("first"), source("good"));
        FindResult result =
                finder(settings(Duration.ofMillis(1))).find(MODULE, Purpose.DEBUG, sources, new Scope("scope"));
        assertThat(best(result).source()).isEqualTo("good");
        assertThat(result.candidates().getFirst().finding().cause()).isEqualTo(Cause.NOT_AWAITED);
        answered.countDown();
        assertThat(best(find(source("first"), source("good"))).source()).isEqualTo("first");
        assertThat(server.hits(place("first"))).isEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void slowFile_thatAnotherRequestWaitsFor_isNotAborted() throws Exception {
        server.put(place("good"), WITH_FUNCTIONS);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        server.on(place("slow"), exchange -> {
            asked.countDown();
            awaitQuietly(released);
            FakeSymbolServer.answer(exchange, 200, WITH_FUNCTIONS);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<FindResult> alone = threads.submit(() -> find(source("slow")));
            asked.await();
            FindResult result = find(source("good"), source("slow"));
            assertThat(best(result).source()).isEqualTo("good");
            released.countDown();
            assertThat(best(alone.get()).source()).isEqualTo("slow");
            assertThat(server.hits(place("slow"))).isEqualTo(1);
        }
    }

    // ---- choosing

    @Test
    void find_ofAFileWithDebugInformation_givesAllThatIsKnownOfIt() throws Exception {
        server.put(place("one"), WITH_FUNCTIONS);
        FindResult result = find(source("one"));
        FoundObject best = best(result);
        assertThat(best.source()).isEqualTo("one");
        assertThat(best.location()).isEqualTo(server.url(place("one")));
        assertThat(best.fileFormat()).isEqualTo("breakpad");
        assertThat(best.arch()).isEqualTo("x86_64");
        assertThat(best.debugId()).isEqualTo(MODULE.debugId());
        assertThat(best.scope()).isEqualTo(new Scope("scope"));
        assertThat(best.features().hasDebugInfo()).isTrue();
        assertThat(result.candidates())
                .containsExactly(new Candidate(
                        "one",
                        server.url(place("one")),
                        new Candidate.Download(DownloadStatus.OK, best.features(), null),
                        null,
                        null,
                        result.candidates().getFirst().finding()));
        assertThat(result.finding().cause()).isEqualTo(Cause.FOUND);
        try (CachedFile file = opened(best)) {
            assertThat(file.path()).hasBinaryContent(WITH_FUNCTIONS);
        }
    }

    private static CachedFile opened(FoundObject object) throws InterruptedException {
        if (object.open() instanceof Found<CachedFile>(CachedFile file)) {
            return file;
        }
        throw new AssertionError("not opened");
    }

    @Test
    void debugInformation_beatsSymbols_andEqualsAreDecidedByOrder() throws Exception {
        server.put(place("symbols"), WITH_SYMBOLS);
        server.put(place("one"), WITH_FUNCTIONS);
        server.put(place("two"), WITH_FUNCTIONS);
        FindResult result = find(source("symbols"), source("one"), source("two"));
        assertThat(best(result).source()).isEqualTo("one");
        assertThat(statuses(result)).containsOnly(DownloadStatus.OK).hasSize(3);
        assertThat(best(find(source("two"), source("one"))).source()).isEqualTo("two");
        assertThat(best(find(source("symbols"))).source()).isEqualTo("symbols");
    }

    @Test
    void file_thatDoesNotServeThePurpose_isNotChosen() throws Exception {
        server.put(place("unwind"), WITH_UNWINDING);
        server.put(place("one"), WITH_FUNCTIONS);
        assertThat(failure(find(source("unwind")))).isEqualTo(new Missing());
        assertThat(best(find(Purpose.UNWIND, source("one"), source("unwind"))).source())
                .isEqualTo("unwind");
        assertThat(best(find(source("unwind"), source("one"))).source()).isEqualTo("one");
    }

    @Test
    void nothingUsable_isTheFirstFailureInOrder() throws Exception {
        server.status(place("broken"), 500);
        server.status(place("denied"), 403);
        server.put(place("garbage"), bytes("garbage"));
        assertThat(failure(find(source("broken"), source("denied"))))
                .isEqualTo(new Unreachable("500 Internal Server Error"));
        assertThat(failure(find(source("denied"), source("broken")))).isEqualTo(new Denied("403 Forbidden"));
        assertThat(failure(find(source("missing"), source("denied")))).isEqualTo(new Missing());
        FindResult result = find(source("garbage"), source("missing"), source("broken"), source("denied"));
        assertThat(failure(result)).isInstanceOf(Malformed.class);
        assertThat(statuses(result))
                .containsExactly(
                        DownloadStatus.MALFORMED, DownloadStatus.NOTFOUND, DownloadStatus.ERROR, DownloadStatus.NOPERM);
        assertThat(result.candidates().stream()
                        .map(candidate -> candidate.download().details()))
                .containsExactly(null, null, "download failed: 500 Internal Server Error", "403 Forbidden");
    }

    @Test
    void malformedFile_thatIsTheAnswer_hasBeenOfNoUse_andNoOther() throws Exception {
        server.put(place("one"), bytes("garbage"));
        server.put(place("two"), bytes("garbage"));
        FindResult debug = find(source("one"), source("two"));
        Candidate.Use use = debug.candidates().getFirst().debug();
        assertThat(use).isEqualTo(new Candidate.Use(UseStatus.MALFORMED, null));
        assertThat(debug.candidates().getLast().debug()).isNull();
        FindResult unwind = find(Purpose.UNWIND, source("one"));
        assertThat(unwind.candidates().getFirst().unwind()).isNotNull();
        assertThat(unwind.candidates().getFirst().debug()).isNull();
        FindResult missingFirst = find(source("missing"), source("one"));
        assertThat(missingFirst.candidates().getLast().debug()).isNull();
    }

    @Test
    void source_thatListsNothing_isToldOf() throws Exception {
        FindResult result = find(source("none", false, FileType.MACH_CODE));
        assertThat(failure(result)).isEqualTo(new Missing());
        assertThat(result.candidates())
                .containsExactly(new Candidate(
                        "none",
                        "No object files listed on this source",
                        new Candidate.Download(DownloadStatus.NOTFOUND, null, null),
                        null,
                        null,
                        Finding.of(Cause.FILTERED, "none", "it has no such files (filetypes)")));
        assertThat(find().candidates()).isEmpty();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void sourceWithAllKinds_isAskedForEachPlaceOnce() throws Exception {
        ObjectId dotnet = new ObjectId(
                ObjectType.PE_DOTNET,
                null,
                null,
                Objects.requireNonNull(DebugId.parse("b6919861-510c-4887-9994-943f64f70c37-870b9ef9")),
                "portable-embedded.pdb",
                null);
        SourceConfig all = source("all", false);
        finder.find(dotnet, Purpose.DEBUG, List.of(all), Scope.GLOBAL);
        finder.find(dotnet, Purpose.SOURCE, List.of(all), Scope.GLOBAL);
        String base = "/all/portable-embedded.pdb/B6919861510C48879994943F64F70C37";
        assertThat(server.requests().stream().map(FakeSymbolServer.Request::target))
                .containsExactlyInAnyOrder(
                        base + "ffffffff/portable-embedded.pdb",
                        base + "ffffffff/portable-embedded.pd_",
                        base + "ffffffff/portable-embedded.src.zip",
                        base + "870b9ef9/portable-embedded.src.zip");
    }

    // ---- the wrong file

    @Test
    void fileOfAnotherBuild_isRefused_andTheModuleCountsAsMissing() throws Exception {
        server.put(place("wrong"), OF_ANOTHER_BUILD);
        FindResult result = find(source("wrong"));
        assertThat(failure(result)).isEqualTo(new Missing());
        assertThat(result.candidates().getFirst().download())
                .isEqualTo(new Candidate.Download(
                        DownloadStatus.ERROR,
                        null,
                        "wrong id: file is d0bcc3f1-9827-fe65-3058-404b2831d9e6, wanted"
                                + " c0bcc3f1-9827-fe65-3058-404b2831d9e6"));
        server.put(place("right"), WITH_SYMBOLS);
        assertThat(best(find(source("wrong"), source("right"))).source()).isEqualTo("right");
    }

    @Test
    void idMatch_oneIdThatAgreesIsEnough_andWhatIsAbsentProvesNothing() {
        DebugId id = Objects.requireNonNull(DebugId.parse(ID));
        DebugId older = new DebugId(id.uuid(), 7);
        DebugId other = Objects.requireNonNull(DebugId.parse(OTHER_ID));
        CodeId code = Objects.requireNonNull(CodeId.parse("5ab380779000"));
        CodeId otherCode = Objects.requireNonNull(CodeId.parse("6ab380779000"));
        assertThat(IdMatch.mismatch(meta(older, null), wanted(id, code))).isNull();
        assertThat(IdMatch.mismatch(meta(other, code), wanted(id, code))).isNull();
        assertThat(IdMatch.mismatch(meta(id, otherCode), wanted(id, code))).isNull();
        assertThat(IdMatch.mismatch(meta(null, null), wanted(id, code))).isNull();
        assertThat(IdMatch.mismatch(meta(id, code), wanted(null, null))).isNull();
        assertThat(IdMatch.mismatch(meta(null, code), wanted(id, null))).isNull();
        assertThat(IdMatch.mismatch(meta(other, otherCode), wanted(id, code))).isNotNull();
        assertThat(IdMatch.mismatch(meta(other, null), wanted(id, code))).isNotNull();
        assertThat(IdMatch.mismatch(meta(null, otherCode), wanted(id, code)))
                .isEqualTo("wrong id: file is 6ab380779000, wanted 5ab380779000");
    }

    private static ObjectMeta meta(@Nullable DebugId debug, @Nullable CodeId code) {
        return new ObjectMeta(debug, code, "x86_64", "elf", Features.NONE, 7);
    }

    private static ObjectId wanted(@Nullable DebugId debug, @Nullable CodeId code) {
        return new ObjectId(ObjectType.PE, code, null, debug, null, null);
    }

    // ---- unpacking

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void compressedFile_isUnpackedOnce() throws Exception {
        server.put(place("gz"), gzip(WITH_FUNCTIONS));
        server.put(place("twice"), gzip(gzip(WITH_FUNCTIONS)));
        try (CachedFile file = opened(best(find(source("gz"))))) {
            assertThat(file.path()).hasBinaryContent(WITH_FUNCTIONS);
        }
        assertThat(failure(find(source("twice")))).isInstanceOf(Malformed.class);
    }

    @Test
    void file_thatUnpacksToMoreThanAllowed_isMalformed() throws Exception {
        byte[] padding = new byte[(1 << 20) + 1];
        server.put(place("bomb"), gzip(padding));
        assertThat(failure(find(source("bomb")))).isInstanceOf(Malformed.class);
        byte[] most = Arrays.copyOf(WITH_FUNCTIONS, 1 << 20);
        Arrays.fill(most, WITH_FUNCTIONS.length, most.length, (byte) '\n');
        server.put(place("most"), gzip(most));
        assertThat(best(find(source("most"))).features().hasDebugInfo()).isTrue();
    }

    @Test
    void damagedCompression_isMalformed() throws Exception {
        byte[] whole = gzip(WITH_FUNCTIONS);
        server.put(place("cut"), Arrays.copyOf(whole, whole.length - 12));
        assertThat(failure(find(source("cut")))).isInstanceOf(Malformed.class);
    }

    // ---- caching

    @Test
    void find_again_asksNobody_alsoAfterARestart() throws Exception {
        server.put(place("one"), WITH_FUNCTIONS);
        FindResult first = find(source("one"), source("missing"));
        assertThat(server.requests()).hasSize(2);
        FindResult again = find(source("one"), source("missing"));
        assertThat(again).isEqualTo(first.asKnown());
        assertThat(again.candidates().getLast().finding().cause()).isEqualTo(Cause.NEGATIVE_CACHED);
        assertThat(find(source("one"), source("missing"))).as("the very same").isSameAs(again);
        clock.advance(Duration.ofMinutes(2));
        assertThat(find(source("one"), source("missing")).candidates()).isEqualTo(again.candidates());
        reopen(64 << 20);
        FindResult later = find(source("one"), source("missing"));
        assertThat(later.candidates()).isEqualTo(again.candidates());
        assertThat(best(later).key()).isEqualTo(best(first).key());
        opened(best(later)).close();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void failure_isForgottenInTime() throws Exception {
        find(source("late"));
        server.put(place("late"), WITH_FUNCTIONS);
        clock.advance(Duration.ofMinutes(54));
        assertThat(failure(find(source("late")))).isEqualTo(new Missing());
        clock.advance(Duration.ofMinutes(6));
        assertThat(best(find(source("late"))).source()).isEqualTo("late");
        assertThat(server.hits(place("late"))).isEqualTo(2);
    }

    @Test
    void scopes_areApart_unlessTheSourceIsPublic() throws Exception {
        server.put(place("private"), WITH_FUNCTIONS);
        server.put(place("public"), WITH_FUNCTIONS);
        for (String scope : new String[] {"a", "b", "a"}) {
            for (SourceConfig config : List.of(source("private"), source("public", true, FileType.BREAKPAD))) {
                FoundObject best = best(finder.find(MODULE, Purpose.DEBUG, List.of(config), new Scope(scope)));
                assertThat(best.scope()).isEqualTo(config.id().equals("public") ? Scope.GLOBAL : new Scope(scope));
            }
        }
        assertThat(server.hits(place("private"))).isEqualTo(2);
        assertThat(server.hits(place("public"))).isEqualTo(1);
    }

    @Test
    void twentyAtOnce_fetchOnce() throws Exception {
        server.put(place("one"), WITH_FUNCTIONS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FindResult>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(() -> find(source("one"), source("missing"))));
            }
            for (Future<FindResult> future : waiting) {
                assertThat(best(future.get()).source()).isEqualTo("one");
            }
        }
        assertThat(server.hits(place("one"))).isEqualTo(1);
        assertThat(server.hits(place("missing"))).isEqualTo(1);
    }

    @Test
    void evictedFile_isStillFound_andComesBackWhenItIsOpened() throws Exception {
        server.put(place("one"), WITH_FUNCTIONS);
        FoundObject best = best(find(source("one")));
        Path object;
        try (CachedFile file = opened(best)) {
            object = file.path();
        }
        Files.delete(object);
        reopen(64 << 20);
        FoundObject again = best(find(source("one")));
        assertThat(again.features()).isEqualTo(best.features());
        assertThat(server.hits(place("one"))).isEqualTo(1);
        opened(again).close();
        assertThat(server.hits(place("one"))).isEqualTo(2);
    }

    @Test
    void noteOnAFile_thatIsLost_isMadeAgainWithoutFetching() throws Exception {
        server.put(place("one"), gzip(WITH_FUNCTIONS));
        Features features = best(find(source("one"))).features();
        try (var files = Files.walk(dir.resolve("object_meta"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        reopen(64 << 20);
        assertThat(best(find(source("one"))).features()).isEqualTo(features);
        assertThat(server.hits(place("one"))).isEqualTo(1);
    }

    @Test
    void noteOnAFile_thatIsDamaged_isDoneWithout() throws Exception {
        server.put(place("one"), WITH_FUNCTIONS);
        Features features = best(find(source("one"))).features();
        try (var files = Files.walk(dir.resolve("object_meta"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] zeros = new byte[Math.toIntExact(Files.size(file))];
                zeros[0] = (byte) 0xFF;
                Files.write(file, zeros);
            }
        }
        reopen(64 << 20);
        assertThat(best(find(source("one"))).features()).isEqualTo(features);
        assertThat(server.hits(place("one"))).isEqualTo(1);
    }

    @Test
    void meta_survivesItsFile() {
        for (ObjectMeta meta : List.of(
                new ObjectMeta(null, null, "unknown", "pdb", new Features(true, false, true, false, "perforce"), 7),
                new ObjectMeta(
                        MODULE.debugId(),
                        CodeId.parse("abc"),
                        "arm64",
                        "macho",
                        new Features(false, true, false, true, null),
                        7))) {
            assertThat(ObjectMeta.parse(meta.format())).isEqualTo(meta);
            String text = meta.format();
            for (int length = 0; length < text.length() - 1; length++) {
                ObjectMeta cut = ObjectMeta.parse(text.substring(0, length));
                assertThat(cut == null || length > text.lastIndexOf('\n')).isTrue();
            }
        }
    }

    // ---- side files

    @Test
    void bcSymbolMap_isFoundThroughItsPlist() throws Exception {
        String original = "2D10C42F591D265A8A1A3F3B9A0F5C9E";
        String dashed = "2D10C42F-591D-265A-8A1A-3F3B9A0F5C9E";
        byte[] plist = bytes("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <plist version="1.0"><dict><key>DBGOriginalUUID</key><string>%s</string></dict></plist>
                """.formatted(dashed));
        byte[] map = bytes("BCSymbolMap Version: 2.0\n-[Foo bar]\n");
        Common unified = new Common(
                List.of(), List.of(), false, new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT), false, false);
        SourceConfig config = new SourceConfig.Http("maps", unified, server.url("/maps"), Map.of(), false);
        ObjectId module = new ObjectId(ObjectType.MACHO, null, null, MODULE.debugId(), null, null);
        String id = ID.substring(0, 32).toLowerCase(Locale.ROOT);
        server.put("/maps/" + id.substring(0, 2) + "/" + id.substring(2) + "/uuidmap", plist);
        String target = original.toLowerCase(Locale.ROOT);
        String mapPlace = "/maps/" + target.substring(0, 2) + "/" + target.substring(2) + "/bcsymbolmap";
        server.put(mapPlace, map);
        Auxiliary auxiliary = new Auxiliary(
                caches, new Sources(fetcher, clock, Duration.ofHours(1), List.of()), fetcher, pool, settings, clock);
        for (int i = 0; i < 3; i++) {
            Outcome<CachedFile> outcome = auxiliary.find(FileType.BCSYMBOLMAP, module, List.of(config), Scope.GLOBAL);
            assertThat(outcome).isInstanceOf(Found.class);
            if (outcome instanceof Found<CachedFile>(CachedFile file)) {
                assertThat(file.path()).hasBinaryContent(map);
                file.close();
            }
        }
        assertThat(server.requests()).hasSize(2);
        assertThat(auxiliary.find(FileType.IL2CPP, module, List.of(config), Scope.GLOBAL))
                .isEqualTo(Outcome.failed(new Missing()));
        assertThat(auxiliary.find(FileType.IL2CPP, module, List.of(config), Scope.GLOBAL))
                .isEqualTo(Outcome.failed(new Missing()));
        assertThat(server.requests()).hasSize(3);
        server.put(mapPlace, plist);
        assertThat(auxiliary.find(FileType.BCSYMBOLMAP, module, List.of(config), new Scope("other")))
                .isEqualTo(Outcome.failed(new Malformed("the file is no bcsymbolmap")));
    }
}
