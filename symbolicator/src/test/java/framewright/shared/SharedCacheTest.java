package framewright.shared;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.CacheQuery;
import framewright.api.CacheReport.Purged;
import framewright.api.Outcome;
import framewright.api.Outcome.Missing;
import framewright.cache.CacheKind;
import framewright.cache.Loaded;
import framewright.cache.SharedKey;
import framewright.shared.SharedCounts.Event;
import framewright.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedCacheTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final CacheQuery ALL = new CacheQuery(null, null, null, false);

    @TempDir
    private Path folder;

    private Path shared;
    private Store store;
    private final List<Node> nodes = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        shared = Files.createDirectories(folder.resolve("shared"));
        store = new FolderStore(shared, InstantSource.system());
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node node(Duration leaseTime) {
        Node node = new Node(folder.resolve("node" + nodes.size()), store, leaseTime);
        nodes.add(node);
        return node;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path entry(CacheKind kind, String name) {
        return shared.resolve(new SharedKey(kind, Node.key(name)).path());
    }

    private void awaitPublished(CacheKind kind, String name) throws Exception {
        Await.until(name + " is published", () -> Files.exists(entry(kind, name)));
        Await.until(
                "its lease has ended",
                () -> !Files.exists(shared.resolve("leases/" + new SharedKey(kind, Node.key(name)).path() + ".0")));
    }

    // ---- entries

    @Test
    void whatOneNodeHas_anotherNeedNotLoad() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        assertThat(node(LONG).get(CacheKind.OBJECTS, "a", content)).isEqualTo(content);
        awaitPublished(CacheKind.OBJECTS, "a");
        Node other = node(LONG);
        assertThat(other.get(CacheKind.OBJECTS, "a", bytes("another"))).isEqualTo(content);
        assertThat(other.loads).hasValue(0);
        assertThat(other.shared.counts().get(CacheKind.OBJECTS, Event.HIT)).isEqualTo(1);
    }

    @Test
    void entries_areCompressed() throws Exception {
        var _ = node(LONG).get(CacheKind.TABLES, "a", new byte[1_000_000]);
        awaitPublished(CacheKind.TABLES, "a");
        assertThat(Files.size(entry(CacheKind.TABLES, "a"))).isLessThan(10_000);
    }

    @Test
    void emptyFile_isShared() throws Exception {
        var _ = node(LONG).get(CacheKind.OBJECT_META, "a", new byte[0]);
        awaitPublished(CacheKind.OBJECT_META, "a");
        Node other = node(LONG);
        assertThat(other.get(CacheKind.OBJECT_META, "a", bytes("another"))).isEmpty();
        assertThat(other.loads).hasValue(0);
    }

    @Test
    void whatWebPagesLinkTo_isNotShared() throws Exception {
        var _ = node(LONG).get(CacheKind.SOURCE_FILES, "a", bytes("text"));
        var _ = node(LONG).get(CacheKind.OBJECTS, "b", bytes("later"));
        awaitPublished(CacheKind.OBJECTS, "b");
        assertThat(shared.resolve("sourcefiles")).doesNotExist();
    }

    @Test
    void failures_areNotShared() throws Exception {
        Node first = node(LONG);
        assertThat(first.get(CacheKind.OBJECTS, "a", staging -> Outcome.failed(new Missing())))
                .isNull();
        assertThat(node(LONG).get(CacheKind.OBJECTS, "a", bytes("found"))).isEqualTo(bytes("found"));
    }

    @Test
    void damagedEntry_isAMiss_countedAndReplaced() throws Exception {
        var _ = node(LONG).get(CacheKind.TABLES, "a", bytes("sound"));
        awaitPublished(CacheKind.TABLES, "a");
        Path entry = entry(CacheKind.TABLES, "a");
        byte[] damaged = Files.readAllBytes(entry);
        damaged[damaged.length - 1] ^= 1;
        Files.write(entry, damaged);
        Node other = node(LONG);
        assertThat(other.get(CacheKind.TABLES, "a", bytes("made anew"))).isEqualTo(bytes("made anew"));
        assertThat(other.shared.counts().get(CacheKind.TABLES, Event.DAMAGED)).isPositive();
        Await.until("it is gone", () -> !Files.exists(entry) || !Arrays.equals(Files.readAllBytes(entry), damaged));
    }

    @Test
    void entryOfAnotherKey_isAMissAndRemoved() throws Exception {
        var _ = node(LONG).get(CacheKind.TABLES, "a", bytes("of a"));
        awaitPublished(CacheKind.TABLES, "a");
        Path lying = entry(CacheKind.TABLES, "b");
        Files.createDirectories(lying.getParent());
        Files.move(entry(CacheKind.TABLES, "a"), lying);
        Node other = node(LONG);
        assertThat(other.get(CacheKind.TABLES, "b", bytes("of b"))).isEqualTo(bytes("of b"));
        assertThat(other.shared.counts().get(CacheKind.TABLES, Event.DAMAGED)).isPositive();
    }

    @Test
    void discardedTable_goesFromTheTierToo() throws Exception {
        Node node = node(LONG);
        var _ = node.get(CacheKind.TABLES, "a", bytes("no good"));
        awaitPublished(CacheKind.TABLES, "a");
        node.caches.discard(CacheKind.TABLES, Node.key("a"));
        Await.until("the entry is gone", () -> !Files.exists(entry(CacheKind.TABLES, "a")));
    }

    // ---- a tier that fails

    @Test
    void tierThatCannotBeHad_failsNoLoad() throws Exception {
        Files.delete(shared);
        Files.writeString(shared, "no folder");
        Node node = node(LONG);
        for (int i = 0; i < 20; i++) {
            assertThat(node.get(CacheKind.OBJECTS, "a" + i, bytes("x"))).isEqualTo(bytes("x"));
        }
        assertThat(node.shared.check().ok()).isFalse();
        assertThat(node.shared.check().required()).isFalse();
    }

    // ---- leases

    @Test
    void manyNodes_loadEachEntryOnce() throws Exception {
        List<Node> four = List.of(node(LONG), node(LONG), node(LONG), node(LONG));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Node node = four.get(i % 4);
                String name = "object " + i / 8 % 25;
                all.add(() -> node.get(CacheKind.OBJECTS, name, bytes(name)));
            }
            for (Future<byte[]> one : threads.invokeAll(all)) {
                assertThat(one.get()).startsWith(bytes("object "));
            }
        }
        assertThat(four.stream().mapToInt(node -> node.loads.get()).sum()).isEqualTo(25);
    }

    @Test
    void leaseOfADeadNode_isTakenOver() throws Exception {
        String lease = "leases/" + new SharedKey(CacheKind.TABLES, Node.key("a")).path() + ".0";
        assertThat(store.create(lease, Text.of("dead 1"))).isEqualTo(Outcome.found(true));
        Node node = node(SHORT);
        assertThat(node.get(CacheKind.TABLES, "a", bytes("x"))).isEqualTo(bytes("x"));
        assertThat(node.shared.takeOvers()).isEqualTo(1);
        Await.until("both leases are gone", () -> !Files.exists(shared.resolve(lease)));
    }

    @Test
    void leaseOfASlowNode_isRenewedAndNotTakenOver() throws Exception {
        Node slow = node(SHORT);
        Node other = node(SHORT);
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> first = threads.submit(() -> slow.get(CacheKind.TABLES, "a", staging -> {
                working.countDown();
                enough.await();
                if (!staging.reserve(1)) {
                    return staging.noRoom();
                }
                Files.write(staging.file(), bytes("slow"));
                return Loaded.ok();
            }));
            working.await();
            Future<byte[]> second = threads.submit(() -> other.get(CacheKind.TABLES, "a", bytes("other")));
            Path lease = shared.resolve("leases/" + new SharedKey(CacheKind.TABLES, Node.key("a")).path() + ".0");
            for (int renewals = 0; renewals < 5; renewals++) {
                String before = Files.readString(lease);
                Await.until(
                        "the lease is renewed", () -> !Files.readString(lease).equals(before));
            }
            enough.countDown();
            assertThat(first.get()).isEqualTo(bytes("slow"));
            assertThat(second.get()).isEqualTo(bytes("slow"));
        }
        assertThat(other.loads).hasValue(0);
        assertThat(other.shared.takeOvers()).isZero();
    }

    @Test
    void failureOfTheHolder_letsTheOthersTryAtOnce() throws Exception {
        Node first = node(LONG);
        Node second = node(LONG);
        CountDownLatch anotherWaits = new CountDownLatch(1);
        CountDownLatch working = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> failing = threads.submit(() -> first.get(CacheKind.OBJECTS, "a", staging -> {
                working.countDown();
                anotherWaits.await();
                return Outcome.failed(new Missing());
            }));
            working.await();
            Future<byte[]> waiting = threads.submit(() -> second.get(CacheKind.OBJECTS, "a", bytes("found")));
            Await.until("another waits", () -> second.shared.waits() == 1);
            anotherWaits.countDown();
            assertThat(waiting.get()).isEqualTo(bytes("found"));
            assertThat(failing.get()).isNull();
        }
    }

    @Test
    void nodeThatLeaves_letsGoOfWhatItHolds() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        Node leaving = new Node(folder.resolve("leaving"), store, LONG);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> never = threads.submit(() -> leaving.get(CacheKind.TABLES, "a", staging -> {
                working.countDown();
                new CountDownLatch(1).await();
                return Loaded.ok();
            }));
            working.await();
            leaving.close();
            assertThat(node(LONG).get(CacheKind.TABLES, "a", bytes("x"))).isEqualTo(bytes("x"));
            never.cancel(true);
        }
    }

    // ---- revocations

    @Test
    void purgeOnOneNode_clearsFailuresAndEntriesOnAll() throws Exception {
        Node first = node(LONG);
        Node second = node(LONG);
        var _ = first.get(CacheKind.OBJECTS, "there", bytes("old"));
        awaitPublished(CacheKind.OBJECTS, "there");
        var _ = second.get(CacheKind.OBJECTS, "there", bytes("old"));
        assertThat(second.get(CacheKind.OBJECTS, "missing", staging -> Outcome.failed(new Missing())))
                .isNull();
        assertThat(first.caches.report(CacheQuery.Command.PURGE, ALL))
                .isInstanceOfSatisfying(
                        Purged.class, purged -> assertThat(purged.everywhere()).isTrue());
        Await.until(
                "the failure is forgotten", () -> second.caches.peek(CacheKind.OBJECTS, Node.key("missing")) == null);
        Await.until("the entry is gone", () -> second.caches.peek(CacheKind.OBJECTS, Node.key("there")) == null);
        assertThat(second.get(CacheKind.OBJECTS, "there", bytes("new"))).isEqualTo(bytes("new"));
    }

    @Test
    void purge_ofSomeEntries_leavesTheOthersShared() throws Exception {
        Node first = node(LONG);
        for (String name : List.of("one", "two")) {
            var _ = first.get(CacheKind.OBJECTS, name, bytes("old"));
            awaitPublished(CacheKind.OBJECTS, name);
        }
        var _ = first.caches.report(CacheQuery.Command.PURGE, new CacheQuery(null, null, "location: one", false));
        Node later = node(LONG);
        assertThat(later.get(CacheKind.OBJECTS, "one", bytes("new"))).isEqualTo(bytes("new"));
        assertThat(later.get(CacheKind.OBJECTS, "two", bytes("new"))).isEqualTo(bytes("old"));
    }

    @Test
    void purgeWhileANodeIsDown_isFollowedAtItsStart() throws Exception {
        Path dir = folder.resolve("comes back");
        try (Node node = new Node(dir, store, LONG)) {
            // it has followed something, so that it knows where it stands
            var _ = node.caches.report(CacheQuery.Command.PURGE, ALL);
            assertThat(node.get(CacheKind.OBJECTS, "a", staging -> Outcome.failed(new Missing())))
                    .isNull();
        }
        assertThat(node(LONG).caches.report(CacheQuery.Command.PURGE, new CacheQuery(null, null, null, true)))
                .isInstanceOfSatisfying(
                        Purged.class, purged -> assertThat(purged.everywhere()).isTrue());
        try (Node back = new Node(dir, store, LONG)) {
            Await.until("it is followed", () -> back.caches.peek(CacheKind.OBJECTS, Node.key("a")) == null);
        }
    }

    @Test
    void revocations_areKeptInANumberThatIsBounded() throws Exception {
        Node node = node(LONG);
        for (int i = 0; i < RevocationLog.KEPT + 5; i++) {
            assertThat(node.shared.revoke(new CacheQuery("objects", null, "id " + i, false)))
                    .isTrue();
        }
        try (var files = Files.list(shared.resolve("revocations/purges"))) {
            assertThat(files.count()).isLessThanOrEqualTo(RevocationLog.KEPT + 1);
        }
    }

    @Test
    void revocation_comesBackAsItWas() {
        CacheQuery query = new CacheQuery("objects", "org 1", "a&b=c\n%", true);
        assertThat(RevocationLog.parse(RevocationLog.format(query))).isEqualTo(query);
        assertThat(RevocationLog.parse(RevocationLog.format(ALL))).isEqualTo(ALL);
        assertThat(RevocationLog.parse("&what=this")).isNull();
    }

    @Test
    void tryOut_ofAFolderThatMayBeWritten_findsNothingWrong() throws Exception {
        assertThat(node(LONG).shared.tryOut()).isNull();
        assertThat(shared.resolve("probes")).isEmptyDirectory();
    }

    @Test
    void fullQueue_dropsUploadsAndHoldsUpNobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (Node node = new Node(folder.resolve("busy"), new SlowStore(store, blocked), LONG, 1)) {
            for (int i = 0; i < 10; i++) {
                assertThat(node.get(CacheKind.OBJECT_META, "a" + i, bytes("x"))).isEqualTo(bytes("x"));
            }
            assertThat(node.shared.counts().get(CacheKind.OBJECT_META, Event.DROPPED))
                    .isPositive();
            blocked.countDown();
        }
    }
}
