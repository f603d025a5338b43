package framewright.store;

import static framewright.store.StoreFiles.CODE_ID;
import static framewright.store.StoreFiles.DEBUG_ID;
import static framewright.store.StoreFiles.elf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import framewright.api.Readiness;
import framewright.config.RetentionRule;
import framewright.config.StoreSettings;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds over each database and each place of blobs. */
abstract class StoreContract {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Digest NEW = StoreFiles.digest("of no file that is kept".getBytes(UTF_8));

    @TempDir
    Path folder;

    private volatile Instant now = Instant.parse("2026-11-26T08:00:00Z");
    private Store store;
    private Organization mine;
    private Project app;

    /** The same throughout a test, empty at its start. */
    abstract StoreSettings settings() throws Exception;

    /** Where a blob lies on the disk of whoever has it. */
    abstract Path fileOf(BlobKey key);

    @BeforeEach
    void open() throws Exception {
        store = node();
        mine = store.tenants().organization("mine", "Mine");
        app = store.tenants().project(mine, "app", "App");
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    /** Of those that share it all. */
    private Store node() throws Exception {
        return Store.open(settings(), () -> now);
    }

    @Test
    void store_openedAgain_hasWhatWasKept() throws Exception {
        Digest digest = keep("debug");
        store.debugFiles().add(app, digest, List.of(elf("app", Set.of("debug"))));
        store.close();
        store = node();
        DebugFile file = store.debugFiles().find(all(), DEBUG_ID, null).getFirst();
        assertThat(file.digest()).isEqualTo(digest);
        assertThat(file.size()).isEqualTo(5);
        try (var in = store.blobs().open(BlobKey.content(digest), 1, 2)) {
            assertThat(in).hasBinaryContent("eb".getBytes(UTF_8));
        }
    }

    @Test
    void debugFiles_ofOneId_comeWithTheOwnProjectFirstAndThenTheBetter() throws IOException {
        Project other = store.tenants().project(mine, "other", "Other");
        store.debugFiles().add(app, keep("1"), List.of(elf("stripped", Set.of("symtab"))));
        store.debugFiles().add(other, keep("2"), List.of(elf("full", Set.of("debug", "symtab"))));
        assertThat(names(new Tenancy(mine.id(), app.id()))).containsExactly("stripped", "full");
        assertThat(names(new Tenancy(mine.id(), other.id()))).containsExactly("full", "stripped");
        assertThat(names(all())).containsExactly("full", "stripped");
        assertThat(store.debugFiles().find(all(), null, CODE_ID)).hasSize(2);
    }

    @Test
    void debugFiles_areListedByName_orAll_newestFirst_withinTheOrganization() throws IOException {
        Project others = store.tenants().project(store.tenants().organization("others", "Others"), "app", "App");
        store.debugFiles().add(others, keep("0"), List.of(elf("lib/100%_a.so", Set.of())));
        store.debugFiles().add(app, keep("1"), List.of(elf("lib/100%_a.so", Set.of())));
        store.debugFiles().add(app, keep("2"), List.of(elf("lib/100%_A.so", Set.of())));
        store.debugFiles().add(app, keep("3"), List.of(elf("lib/100%_a.so", Set.of("debug"))));
        List<DebugFile> named = store.debugFiles().named(all(), "lib/100%_a.so", 10);
        assertThat(named).hasSize(2);
        assertThat(named.getFirst().entry().features()).containsExactly("debug");
        assertThat(store.debugFiles().named(all(), "lib/100%_a.so", 1)).containsExactly(named.getFirst());
        assertThat(store.debugFiles().named(all(), "lib/%", 10)).isEmpty();
        List<DebugFile> newest = store.debugFiles().newest(all(), Long.MAX_VALUE, 2);
        assertThat(newest.getFirst()).isEqualTo(named.getFirst());
        assertThat(store.debugFiles().newest(all(), newest.getLast().id(), 2)).containsExactly(named.getLast());
    }

    @Test
    void files_ofAnotherOrganization_areNotSeen() throws IOException {
        Organization others = store.tenants().organization("others", "Others");
        store.debugFiles().add(app, keep("1"), List.of(elf("app", Set.of("debug"))));
        assertThat(names(new Tenancy(others.id(), app.id()))).isEmpty();
    }

    @Test
    void chunks_thatWereKept_areNotMissing() throws IOException {
        Path file = store.blobs().newFile();
        Files.writeString(file, "chunk");
        store.chunks().keep(mine, List.of(new Chunks.Arrived("aa".repeat(20), file, 5)));
        assertThat(store.chunks().missing(mine, List.of("bb".repeat(20), "aa".repeat(20))))
                .containsExactly("bb".repeat(20));
        store.chunks().drop(mine, List.of("aa".repeat(20)));
        assertThat(store.chunks().missing(mine, List.of("aa".repeat(20)))).hasSize(1);
    }

    @Test
    void token_speaksForItsHolder_untilItExpiresOrIsRevoked() {
        String token = store.tokens().create(mine, app, "ci", Set.of(Permission.UPLOAD), now.plusSeconds(60));
        Principal holder = Objects.requireNonNull(store.tokens().authenticate(token));
        assertThat(holder.may(Permission.UPLOAD)).isTrue();
        assertThat(holder.may(Permission.READ)).isFalse();
        assertThat(holder.project()).isEqualTo(app);
        now = now.plusSeconds(60);
        assertThat(store.tokens().authenticate(token)).isNull();
        String other = store.tokens().create(mine, null, "dev", Set.of(Permission.ADMIN), null);
        long key = Objects.requireNonNull(store.tokens().authenticate(other)).token();
        assertThat(store.tokens().revoke(mine, key)).isTrue();
        assertThat(store.tokens().authenticate(other)).isNull();
    }

    @Test
    void bundles_areFoundByDebugIdAndByAddress() throws IOException {
        ArtifactBundle.File script =
                new ArtifactBundle.File("files/_/_/app.js", "~/js/app.min.js", "/js/app", "minified_source", DEBUG_ID);
        store.bundles()
                .add(mine, List.of(app), keep("b"), new ArtifactBundle.Description("one", "1.0", "", List.of(script)));
        assertThat(store.bundles().byDebugId(all(), DEBUG_ID, 5)).hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("/js/app"), 5))
                .hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("js/ap"), 5))
                .hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("js_ap"), 5))
                .isEmpty();
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("JS/ap"), 5))
                .isEmpty();
        assertThat(store.bundles().byAddress(all(), "2.0", "", List.of("/js/app"), 5))
                .isEmpty();
        assertThat(Objects.requireNonNull(store.releases().get(mine, "1.0")).projects())
                .containsExactly(app);
    }

    private Tenancy all() {
        return new Tenancy(mine.id(), null);
    }

    private List<String> names(Tenancy who) {
        return store.debugFiles().find(who, DEBUG_ID, null).stream()
                .map(file -> file.entry().name())
                .toList();
    }

    private Digest keep(String text) throws IOException {
        return StoreFiles.keep(store, text);
    }

    private void chunk(Store node, String text) throws IOException {
        Path file = node.blobs().newFile();
        Files.writeString(file, text);
        node.chunks()
                .keep(mine, List.of(new Chunks.Arrived(StoreFiles.sha1(text.getBytes(UTF_8)), file, text.length())));
    }

    private List<Verify.Problem> problems() {
        List<Verify.Problem> problems = new ArrayList<>();
        Verify.Checked checked = store.verify().run(problems::add);
        assertThat(checked.problems()).isEqualTo(problems.size());
        return problems;
    }

    private List<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".part"))
                    .toList();
        }
    }

    @Test
    void blob_isReadFromAnywhere_andGoneWhenItIsDeleted() throws Exception {
        BlobKey key = BlobKey.content(keep("0123456789"));
        assertThat(temporaryFiles()).isEmpty();
        assertThat(store.blobs().size(key)).isEqualTo(10);
        assertThat(read(key, 0, -1)).isEqualTo("0123456789");
        assertThat(read(key, 7, -1)).isEqualTo("789");
        assertThat(read(key, 2, 3)).isEqualTo("234");
        assertThat(read(key, 8, 100)).isEqualTo("89");
        assertThat(read(key, 10, -1)).isEmpty();
        assertThat(read(key, 5, 0)).isEmpty();
        switch (store.blobs().locate(key, Duration.ofMinutes(1))) {
            case Blobs.Place.OnDisk(Path path) -> assertThat(path).hasContent("0123456789");
            case Blobs.Place.AtUrl(URI url) -> {
                HttpResponse<String> answer;
                try (HttpClient client = HttpClient.newHttpClient()) {
                    answer = client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
                }
                assertThat(answer.body()).isEqualTo("0123456789");
            }
            case null -> fail("it is there");
        }
        store.blobs().delete(key);
        store.blobs().delete(key);
        assertThat(store.blobs().size(key)).isEqualTo(-1);
        assertThat(store.blobs().open(key, 0, -1)).isNull();
        assertThat(store.blobs().locate(key, Duration.ofMinutes(1))).isNull();
    }

    private String read(BlobKey key, long offset, long length) throws IOException {
        try (InputStream in = Objects.requireNonNull(store.blobs().open(key, offset, length))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void emptyFile_isKept() throws Exception {
        BlobKey key = BlobKey.content(keep(""));
        assertThat(store.blobs().size(key)).isZero();
        assertThat(read(key, 0, -1)).isEmpty();
    }

    @Test
    void content_thatTwoProjectsHave_isOneBlobUntilNeitherHas() throws Exception {
        Project other = store.tenants().project(mine, "other", "Other");
        Digest digest = keep("same");
        store.debugFiles().add(app, digest, List.of(elf("a", Set.of())));
        store.debugFiles().add(other, keep("same"), List.of(elf("b", Set.of())));
        List<DebugFile> files = store.debugFiles().find(all(), DEBUG_ID, null);
        now = now.plus(DAY).plusSeconds(1);
        assertThat(store.debugFiles().delete(app, ofProject(files, app))).isTrue();
        assertThat(store.housekeeping().run().freedBlobs()).isZero();
        assertThat(store.debugFiles().delete(other, ofProject(files, other))).isTrue();
        Housekeeping.Done done = store.housekeeping().run();
        assertThat(done.freedBlobs()).isEqualTo(1);
        assertThat(done.freedBytes()).isEqualTo(4);
        assertThat(store.blobs().size(BlobKey.content(digest))).isEqualTo(-1);
    }

    private static long ofProject(List<DebugFile> files, Project project) {
        return files.stream()
                .filter(file -> file.project() == project.id())
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void blob_thatWasJustKept_staysUntilItIsNamed() throws Exception {
        Digest digest = keep("fresh");
        now = now.plus(Duration.ofHours(23));
        assertThat(store.housekeeping().run().freedBlobs()).isZero();
        store.debugFiles().add(app, digest, List.of(elf("a", Set.of())));
        now = now.plus(DAY.multipliedBy(100));
        assertThat(store.housekeeping().run().freedBlobs()).isZero();
    }

    @Test
    void naming_whatIsNotHere_isAFailureThatSaysSo() {
        Digest digest = StoreFiles.digest(new byte[] {1});
        assertThatThrownBy(() -> store.debugFiles().add(app, digest, List.of(elf("a", Set.of()))))
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining("send it again");
        assertThat(names(all())).isEmpty();
    }

    @Test
    void oldUploads_areForgotten() throws Exception {
        chunk(store, "chunk");
        String sha1 = StoreFiles.sha1("chunk".getBytes(UTF_8));
        Assemblies.Key upload = new Assemblies.Key("debug-file/1", sha1);
        store.assemblies().set(mine, upload, Assemblies.State.OK, null);
        now = now.plus(Duration.ofHours(23)).plusMillis(1);
        assertThat(store.chunks().missing(mine, List.of(sha1)))
                .as("too old to count on")
                .hasSize(1);
        assertThat(store.housekeeping().run().chunks()).isZero();
        now = now.plus(Duration.ofHours(1));
        assertThat(store.housekeeping().run().chunks()).isEqualTo(1);
        assertThat(store.blobs().size(BlobKey.chunk(mine.id(), sha1))).isEqualTo(-1);
        assertThat(store.assemblies().all(mine, List.of(upload))).isEmpty();
    }

    @Test
    void chunk_ofAProcessThatWasKilled_goesInTheEnd() throws Exception {
        Path file = store.blobs().newFile();
        Files.writeString(file, "chunk");
        BlobKey key = BlobKey.chunk(mine.id(), "aa".repeat(20));
        store.blobs().put(key, file);
        now = Instant.now();
        assertThat(store.housekeeping().run().chunks()).isZero();
        now = now.plus(DAY.multipliedBy(3));
        assertThat(store.housekeeping().run().chunks()).isEqualTo(1);
        assertThat(store.blobs().size(key)).isEqualTo(-1);
    }

    @Test
    void use_isWrittenDownWithinAMinute() throws Exception {
        store.debugFiles().add(app, keep("1"), List.of(elf("app", Set.of())));
        store.bundles().add(mine, List.of(app), keep("b"), bundle("one", ""));
        long id = store.debugFiles().find(all(), DEBUG_ID, null).getFirst().id();
        now = now.plusSeconds(50);
        store.debugFiles().find(all(), DEBUG_ID, null);
        now = now.plusSeconds(5);
        store.bundles().byDebugId(all(), DEBUG_ID, 5);
        store.uses().write();
        assertThat(Objects.requireNonNull(store.debugFiles().get(all(), id)).used())
                .isEqualTo(now.minusSeconds(5));
        now = now.plus(DAY);
        store.close();
        store = Store.open(keepFor(DAY.plusMinutes(-1), 0), () -> now);
        assertThat(store.retention().plan())
                .extracting(Retention.Deletion::kind)
                .containsExactly("elf");
    }

    private StoreSettings keepFor(Duration window, int last) throws Exception {
        RetentionRule proguard = new RetentionRule(null, "app", "proguard", "com.app@1*", null, 0);
        return with(
                List.of(proguard, new RetentionRule(null, null, null, null, window, last)), StoreSettings.Quotas.NONE);
    }

    private StoreSettings with(List<RetentionRule> rules, StoreSettings.Quotas quotas) throws Exception {
        StoreSettings settings = settings();
        return new StoreSettings(
                settings.dir(), settings.database(), settings.s3(), rules, quotas, settings.maxFileBytes());
    }

    @Test
    void retention_keepsTheNewestReleases_andWhatAProjectWants() throws Exception {
        store.close();
        store = Store.open(keepFor(DAY, 2), () -> now);
        Project other = store.tenants().project(mine, "other", "Other");
        for (String release : List.of("1", "2", "3")) {
            now = now.plusSeconds(1);
            store.bundles().add(mine, List.of(app), keep(release), bundle("b" + release, release));
        }
        store.bundles().add(mine, List.of(app, other), keep("shared"), bundle("shared", "1"));
        for (String build : List.of("4", "5", "6")) {
            now = now.plusSeconds(1);
            store.debugFiles().add(app, keep(build), List.of(elf("app", Set.of())));
        }
        now = now.plus(DAY).plusSeconds(60);
        List<Retention.Deletion> plan = store.retention().plan();
        assertThat(plan).extracting(Retention.Deletion::name).containsExactly("app", "b1");
        assertThat(plan.getFirst().project()).isEqualTo("mine/app");
        assertThat(store.retention().run()).isEqualTo(plan);
        assertThat(store.retention().plan()).isEmpty();
        assertThat(store.debugFiles().find(all(), DEBUG_ID, null)).hasSize(2);
    }

    @Test
    void quota_refusesWhatIsBeyondIt_andCountsContentOnce() throws Exception {
        store.close();
        store = Store.open(with(List.of(), new StoreSettings.Quotas(10L, 15L)), () -> now);
        Project other = store.tenants().project(mine, "other", "Other");
        Digest digest = keep("12345678");
        store.debugFiles()
                .add(
                        app,
                        digest,
                        List.of(
                                elf("a", Set.of()),
                                elf("b", Objects.requireNonNull(DebugId.parse("1".repeat(32))), Set.of())));
        store.bundles().add(mine, List.of(app, other), digest, bundle("one", ""));
        assertThat(store.quotas().kept(app)).isEqualTo(8);
        assertThat(store.quotas().kept(mine)).isEqualTo(8);
        assertThat(store.quotas().refusal(app, NEW, 2)).isNull();
        Quotas.Refusal refusal = Objects.requireNonNull(store.quotas().refusal(app, NEW, 1));
        assertThat(refusal.describe()).contains("project app", "10", "store.quotas.project");
        assertThat(store.quotas().refusal(other, NEW, 2)).isNull();
        assertThat(Objects.requireNonNull(store.quotas().refusal(store.tenants().project(mine, "x", "X"), NEW, 4))
                        .key())
                .isEqualTo("store.quotas.organization");
        assertThat(store.quotas().refused()).isEqualTo(2);
        assertThat(store.quotas().refusal(app, digest, 8)).as("what it has").isNull();
        now = now.plusSeconds(10);
        assertThat(store.quotas().refusal(app, NEW, 2)).as("what did not come").isNull();
    }

    @Test
    void verify_findsWhatIsDamagedMissingAndUnknown() throws Exception {
        for (String text : List.of("sound", "wrong", "short", "absent")) {
            store.debugFiles().add(app, keep(text), List.of(elf(text, Set.of())));
        }
        assertThat(problems()).isEmpty();
        Files.writeString(fileOf(contentOf("wrong")), "gnorw");
        Files.writeString(fileOf(contentOf("short")), "sh");
        store.blobs().delete(contentOf("absent"));
        Path file = store.blobs().newFile();
        store.blobs().put(contentOf("unknown"), file);
        assertThat(problems())
                .extracting(Verify.Problem::kind)
                .containsExactlyInAnyOrder(
                        Verify.Kind.WRONG_CONTENT, Verify.Kind.WRONG_SIZE, Verify.Kind.MISSING, Verify.Kind.ORPHANED);
        keep("short");
        keep("absent");
        assertThat(problems())
                .as("sent again")
                .extracting(Verify.Problem::kind)
                .containsExactlyInAnyOrder(Verify.Kind.WRONG_CONTENT, Verify.Kind.ORPHANED);
    }

    private static BlobKey contentOf(String text) {
        return BlobKey.content(StoreFiles.digest(text.getBytes(UTF_8)));
    }

    @Test
    void hostileNames_areKept() throws Exception {
        store.debugFiles().add(app, keep("1"), List.of(elf("a\0b'; DROP TABLE blob; --\uD800", Set.of())));
        assertThat(names(all())).singleElement().asString().startsWith("a\uFFFDb'");
    }

    @Test
    void counts_areOfWhatIsThere() throws Exception {
        store.debugFiles().add(app, keep("123"), List.of(elf("a", Set.of())));
        store.bundles().add(mine, List.of(app), keep("12"), bundle("one", ""));
        Await.until("it is counted", () -> store.counts().blobs().files() == 2);
        assertThat(store.counts().blobs().bytes()).isEqualTo(5);
        assertThat(store.counts().of("elf")).isEqualTo(new Counts.Amount(1, 3));
        assertThat(store.counts().of("artifact_bundle")).isEqualTo(new Counts.Amount(1, 2));
        assertThat(store.check()).allMatch(Readiness.Check::ok);
    }

    private static ArtifactBundle.Description bundle(String id, String release) {
        return new ArtifactBundle.Description(
                id,
                release,
                "",
                List.of(new ArtifactBundle.File("files/_/_/app.js", "~/app.js", "/app", "minified_source", DEBUG_ID)));
    }

    @Test
    void nodes_thatAddTheSameAtOnce_haveItOnce() throws Exception {
        try (Store other = node();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Store node = i % 2 == 0 ? store : other;
                String text = "content " + i / 8;
                done.add(executor.submit(() -> {
                    Digest digest = StoreFiles.keep(node, text);
                    node.debugFiles().add(app, digest, List.of(elf(text, Set.of("debug"))));
                    node.bundles().add(mine, List.of(app), digest, bundle(text, "1.0"));
                    chunk(node, text);
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        assertThat(names(all())).containsExactlyInAnyOrder("content 0", "content 1", "content 2");
        assertThat(store.bundles().list(app, Long.MAX_VALUE, 10)).hasSize(3);
        assertThat(problems()).isEmpty();
        assertThat(temporaryFiles()).isEmpty();
    }

    /** Whether it was not deleted before it could be named. */
    private boolean comesAndGoes() throws IOException {
        Digest digest = keep("content");
        try {
            store.debugFiles().add(app, digest, List.of(elf("app", Set.of())));
        } catch (StorageFailure e) {
            return false;
        }
        DebugFile file = store.debugFiles().find(all(), DEBUG_ID, null).getFirst();
        assertThat(read(BlobKey.content(digest), 0, -1)).isEqualTo("content");
        return store.debugFiles().delete(app, file.id());
    }

    /** With a grace of nothing: its clock is two days ahead. */
    @Test
    void whatIsNamed_isThere_whoeverDeletesMeanwhile() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Store cleaner = Store.open(settings(), () -> now.plus(DAY.multipliedBy(2)));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> cleaning = executor.submit(() -> {
                long freed = 0;
                while (!ended.get()) {
                    freed += cleaner.housekeeping().run().freedBlobs();
                }
                return freed + cleaner.housekeeping().run().freedBlobs();
            });
            long lost = 0;
            try {
                for (int i = 0; i < 40; i++) {
                    lost += comesAndGoes() ? 0 : 1;
                }
            } finally {
                ended.set(true);
            }
            assertThat(cleaning.get())
                    .as("freed, and %s times before it was named", lost)
                    .isPositive();
        }
    }
}
