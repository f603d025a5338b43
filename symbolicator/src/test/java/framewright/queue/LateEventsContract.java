package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import framewright.api.Cause;
import framewright.api.Shortfall;
import framewright.database.Database;
import framewright.testkit.Await;
import framewright.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How events run again, over either database. */
abstract class LateEventsContract {
    private static final String ID = "502fc0a5-1ec1-3e47-9998-684fa139dca7";
    private static final String OTHER = "0f1e2d3c-0000-4000-8000-000000000001";

    private static final String LATE = "scheduled_tasks WHERE task_instance LIKE '%#late-%'";

    private final QueueNode.World world = new QueueNode.World();
    private final ManualClock clock = new ManualClock();
    private final List<QueueNode> nodes = new ArrayList<>();

    /** As another process has it. */
    abstract Database open() throws Exception;

    @AfterEach
    final void end() {
        nodes.forEach(QueueNode::close);
    }

    private QueueNode node() throws Exception {
        QueueNode node = new QueueNode(open(), world, clock);
        nodes.add(node);
        return node;
    }

    private void stop(QueueNode node) {
        nodes.remove(node);
        node.close();
    }

    private static void awaitGenerations(QueueNode node, String event, Integer... generations) throws Exception {
        Await.until(
                event + " with " + List.of(generations),
                () -> node.generations("acme", event).equals(List.of(generations)));
    }

    private void arrived(QueueNode node, String id, String artifact) {
        world.files.add(id);
        node.queue.lateSymbols().arrived("acme", List.of(id), artifact);
        node.queue.lateSymbols().sweep();
    }

    /** Lets time pass until nothing late is scheduled any more; retries of what is not there are a day away. */
    private void settle(QueueNode node) throws Exception {
        Await.until("nothing is due", () -> {
            clock.advance(Duration.ofSeconds(1));
            node.schedule.look();
            return node.count(LATE) == 0 && node.count("queue_message") == 0;
        });
    }

    @Test
    void lateFile_runsEachWaitingEventOnce_andGivesTheNextGeneration() throws Exception {
        QueueNode node = node().start();
        for (int i = 0; i < 20; i++) {
            node.submit("acme", "e" + i, ID);
        }
        node.submit("other", "e0", ID);
        awaitGenerations(node, "e19", 1);
        Await.until("all have run", () -> world.resolved.size() == 21 && node.count("queue_waiting") == 21);

        arrived(node, ID, "a1");
        settle(node);
        // the same file again, and a sweep for nothing
        arrived(node, ID, "a1");
        settle(node);

        for (int i = 0; i < 20; i++) {
            assertThat(node.generations("acme", "e" + i)).containsExactly(1, 2);
        }
        assertThat(node.generations("other", "e0")).containsExactly(1);
        assertThat(world.resolved).hasSize(41);
        assertThat(node.count("queue_waiting")).isEqualTo(1);
    }

    @Test
    void eachOfTwoFiles_givesAGeneration_andOneThatHelpsNobody_isTriedOnce() throws Exception {
        QueueNode node = node().start();
        node.submit("acme", "e", ID, OTHER);
        awaitGenerations(node, "e", 1);
        // stripped, say: it has the id, and the answer is the same
        node.queue.lateSymbols().arrived("acme", List.of(ID), "useless");
        for (int i = 0; i < 3; i++) {
            node.queue.lateSymbols().sweep();
            settle(node);
        }
        assertThat(world.resolved).hasSize(2);
        arrived(node, ID, "a1");
        settle(node);
        arrived(node, OTHER, "a2");
        settle(node);
        assertThat(node.generations("acme", "e")).containsExactly(1, 2, 3);
        assertThat(world.resolved).hasSize(4);
    }

    @Test
    void lateEvents_areSpread() throws Exception {
        QueueNode node = node();
        node.queue.start();
        for (int i = 0; i < 100; i++) {
            node.submit("acme", "e" + i, ID);
        }
        Await.until("all have run", () -> node.count("queue_waiting") == 100);
        arrived(node, ID, "a1");
        long now = clock.millis();
        String due = node.database.isShared() ? "EXTRACT(EPOCH FROM execution_time) * 1000" : "execution_time";
        assertThat(node.count(LATE + " AND " + due + " <= " + (now + 1_000))).isEqualTo(1);
        assertThat(node.count(LATE + " AND " + due + " <= " + (now + 1_999))).isEqualTo(50);
        assertThat(node.count(LATE)).isEqualTo(100);
    }

    @Test
    void retry_isDurable_overARestart() throws Exception {
        world.cause = Cause.TIMEOUT;
        QueueNode first = node().start();
        first.submit("acme", "e", ID);
        awaitGenerations(first, "e", 1);
        stop(first);
        world.files.add(ID);
        clock.advance(Duration.ofMinutes(1));
        QueueNode second = node().start();
        awaitGenerations(second, "e", 1, 2);
        assertThat(world.resolved).hasSize(2);
    }

    @Test
    void retries_areSharedBetweenNodes_andEachIsDoneOnce() throws Exception {
        world.cause = Cause.TIMEOUT;
        QueueNode first = node().start();
        QueueNode second = node().start();
        for (int i = 0; i < 50; i++) {
            first.submit("acme", "e" + i, ID);
        }
        Await.until("all have run", () -> first.count("queue_waiting") == 50);
        world.files.add(ID);
        clock.advance(Duration.ofMinutes(1));
        first.schedule.look();
        second.schedule.look();
        Await.until("all are whole", () -> first.count("queue_waiting") == 0);
        settle(first);
        for (int i = 0; i < 50; i++) {
            assertThat(second.generations("acme", "e" + i)).containsExactly(1, 2);
        }
        // by now a node may have asked for the file itself, for an event or two
        assertThat(world.resolved).hasSizeBetween(100, 104);
    }

    @Test
    void whatADeadNodeHasTaken_isTakenOver() throws Exception {
        world.cause = Cause.TIMEOUT;
        QueueNode dead = node();
        dead.queue.start();
        dead.submit("acme", "e", ID);
        awaitGenerations(dead, "e", 1);
        long now = clock.millis();
        String time = dead.database.isShared() ? "to_timestamp(" + now + " / 1000.0)" : String.valueOf(now);
        dead.database.write(sql -> sql.update("UPDATE scheduled_tasks SET picked = TRUE, picked_by = 'dead',"
                + " last_heartbeat = " + time + ", execution_time = " + time));
        stop(dead);
        world.files.add(ID);
        clock.advance(Duration.ofMinutes(3));
        QueueNode alive = node().start();
        Await.until("it is taken over", () -> {
            alive.schedule.look();
            return alive.generations("acme", "e").equals(List.of(1, 2));
        });
    }

    @Test
    void whatASourceHasOfLate_isFoundForOne_andTheOthersFollow() throws Exception {
        QueueNode node = node().start();
        for (int i = 0; i < 5; i++) {
            node.submit("acme", "e" + i, ID);
        }
        Await.until("all have run", () -> node.count("queue_waiting") == 5);
        world.files.add(ID);
        clock.advance(Duration.ofHours(7));
        node.queue.lateSymbols().ask();
        settle(node);
        // by now the node may have looked for the others itself
        assertThat(world.resolved).hasSizeBetween(6, 10);
        node.queue.lateSymbols().sweep();
        settle(node);
        assertThat(world.resolved).hasSize(10);
        assertThat(node.count("queue_waiting")).isZero();
        assertThat(node.queue.missingFiles().list("acme/", null, "", 10)).isEmpty();
    }

    @Test
    void missing_isListedByEvents_andByWhatIsAsked() throws Exception {
        QueueNode node = node();
        node.queue.start();
        node.submit("acme", "e1", ID, OTHER);
        node.submit("acme", "e2", OTHER);
        node.submit("other", "e3", ID);
        Await.until("all have run", () -> node.count("queue_waiting") == 4);
        assertThat(node.queue.missingFiles().list("acme/", null, "", 10))
                .extracting(MissingFiles.MissingFile::id, MissingFiles.MissingFile::events)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(OTHER, 2L), org.assertj.core.groups.Tuple.tuple(ID, 1L));
        assertThat(node.queue.missingFiles().list("acme/app", "debug_file", "LIB502F", 10))
                .extracting(MissingFiles.MissingFile::id)
                .containsExactly(ID);
        assertThat(node.queue.missingFiles().list("acme/app", "mapping", "", 10))
                .isEmpty();
    }

    private static Shortfall lacking(String id, Cause cause) {
        return new Shortfall(Shortfall.Kind.DEBUG_FILE, id, "lib.so", cause, "");
    }

    @Test
    void whatRequestsLack_isCounted_asFarAsAFileWouldHelp() throws Exception {
        QueueNode node = node();
        MissingNotes notes = node.queue.missingNotes();
        notes.write();
        for (int i = 0; i < 3; i++) {
            notes.note(
                    "acme/p",
                    List.of(
                            lacking(ID, Cause.NOT_FOUND),
                            lacking(OTHER, Cause.TOO_LARGE),
                            new Shortfall(Shortfall.Kind.DEBUG_FILE, null, "a", Cause.NOT_FOUND, "")));
            notes.write();
        }
        notes.note("acme/", List.of(lacking(ID, Cause.STRIPPED)));
        notes.note("other/p", List.of(lacking(ID, Cause.TIMEOUT)));
        notes.write();
        MissingFiles missing = node.queue.missingFiles();
        assertThat(missing.list("acme/", null, "", 9))
                .extracting(
                        MissingFiles.MissingFile::project,
                        MissingFiles.MissingFile::id,
                        MissingFiles.MissingFile::events)
                .containsExactly(tuple("acme/p", ID, 3L), tuple("acme/", ID, 1L));

        // an event waits for it, too, and tells when it was there
        node.start().submit("acme", "e", ID);
        Await.until("it waits", () -> node.count("queue_waiting") == 1);
        node.queue.lateSymbols().arrived("acme", List.of(ID), "a1");
        assertThat(missing.list("acme/", null, "", 9))
                .singleElement()
                .satisfies(one -> assertThat(one.waiting()).isEqualTo(1));
        assertThat(missing.list("other/", null, "", 9)).hasSize(1);
        node.queue.lateSymbols().arrived(null, List.of(ID), "a1");
        assertThat(missing.list("other/", null, "", 9)).isEmpty();
    }

    @Test
    void moreMissingThanAreCounted_areNot() throws Exception {
        QueueNode node = node();
        MissingNotes notes = node.queue.missingNotes();
        for (int i = 0; i < 10_100; i++) {
            notes.note("acme/p", List.of(lacking("id-" + i, Cause.NOT_FOUND)));
        }
        notes.write();
        assertThat(node.count("queue_missing")).isEqualTo(10_000);
    }

    @Test
    void namesOfHostileLength_areCut_andSuchIdsPassedOver() throws Exception {
        QueueNode node = node();
        MissingNotes notes = node.queue.missingNotes();
        String name = "\ud83d\ude00".repeat(1_000_000) + "\0/end.so";
        notes.note(
                "acme/p",
                List.of(
                        new Shortfall(Shortfall.Kind.DEBUG_FILE, ID, name, Cause.NOT_FOUND, ""),
                        lacking("i".repeat(1_000_000), Cause.NOT_FOUND)));
        notes.write();
        assertThat(node.queue.missingFiles().list("acme/", null, "", 9))
                .singleElement()
                .satisfies(one -> assertThat(one.name())
                        .hasSizeLessThanOrEqualTo(256)
                        .startsWith("\ud83d\ude00")
                        .endsWith("/end.so"));
    }

    @Test
    void whatWaitsForTooLong_isForgotten_andRunsNoMore() throws Exception {
        QueueNode node = node();
        node.queue.start();
        node.submit("acme", "old", ID);
        awaitGenerations(node, "old", 1);
        clock.advance(Duration.ofDays(20));
        node.submit("acme", "new", ID);
        awaitGenerations(node, "new", 1);
        Await.until("both are sent", () -> node.count("queue_result WHERE sent = 1") == 2);
        clock.advance(Duration.ofDays(11));
        new Expiry(node.database, QueueNode.SETTINGS, clock).run();
        assertThat(node.count("queue_waiting WHERE event = 'old'")).isZero();
        assertThat(node.count("queue_waiting WHERE event = 'new'")).isEqualTo(1);
        assertThat(node.count("queue_event WHERE event = 'old'")).isZero();
        assertThat(node.count("queue_event WHERE envelope IS NOT NULL")).isEqualTo(1);
        assertThat(node.count("queue_result")).isZero();
        clock.advance(Duration.ofDays(30));
        new Expiry(node.database, QueueNode.SETTINGS, clock).run();
        assertThat(node.count("queue_missing")).isZero();
        assertThat(node.count("queue_event")).isZero();
    }

    private void expire(QueueNode node, Expiry.Bounds bounds) {
        new Expiry(node.database, QueueNode.SETTINGS, clock, bounds).run();
    }

    @Test
    void answersBeyondTheirBytes_goOldestFirst_howeverYoungTheyAre() throws Exception {
        QueueNode node = node();
        for (int i = 0; i < 10; i++) {
            String event = "e" + i;
            node.database.write(sql -> sql.update(
                    "INSERT INTO queue_result (project, event, generation, status, at, sent, body)"
                            + " VALUES ('acme/app', ?, 1, 'complete', ?, 1, ?)",
                    event,
                    clock.millis(),
                    new byte[10 << 10]));
        }
        expire(node, new Expiry.Bounds(100 << 10, 10, 10));
        assertThat(node.count("queue_result")).isEqualTo(10);
        expire(node, new Expiry.Bounds(40 << 10, 10, 10));
        assertThat(node.queue.results().read(0, "acme/app", 100, Duration.ZERO))
                .extracting(EventResults.Item::event)
                .containsExactly("e6", "e7", "e8", "e9");
    }

    @Test
    void moreWaitingThanThereMayBe_goesByAge_andMissingFilesByEvents() throws Exception {
        QueueNode node = node();
        node.queue.start();
        for (String event : List.of("first", "second", "third")) {
            node.submit("acme", event, event.equals("first") ? OTHER : ID);
            awaitGenerations(node, event, 1);
            clock.advance(Duration.ofSeconds(1));
        }
        expire(node, new Expiry.Bounds(1 << 20, 3, 2));
        assertThat(node.count("queue_waiting")).isEqualTo(3);
        assertThat(node.count("queue_missing")).isEqualTo(2);
        expire(node, new Expiry.Bounds(1 << 20, 1, 1));
        assertThat(node.count("queue_waiting WHERE event = 'third'")).isEqualTo(1);
        assertThat(node.count("queue_waiting")).isEqualTo(1);
        assertThat(node.queue.missingFiles().list("acme/", null, "", 10))
                .extracting(MissingFiles.MissingFile::id)
                .containsExactly(ID);
    }

    @Test
    void deadMessages_areKeptForThirtyDays() throws Exception {
        QueueNode node = node();
        node.queue.start();
        node.queue.submit(Map.of(
                Lane.WARM, List.of(new Message("acme/app/bad", 0, Map.of(), "{".getBytes(StandardCharsets.UTF_8)))));
        Await.until("it is dead", () -> node.count("queue_dead") == 1);
        clock.advance(Duration.ofDays(30));
        new Expiry(node.database, QueueNode.SETTINGS, clock).run();
        assertThat(node.count("queue_dead")).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        new Expiry(node.database, QueueNode.SETTINGS, clock).run();
        assertThat(node.count("queue_dead")).isZero();
    }

    @Test
    void answersThatANodeLeftUnsent_areSentByWhoeverIsThere() throws Exception {
        QueueNode node = node();
        node.queue.start();
        node.submit("acme", "e", ID);
        awaitGenerations(node, "e", 1);
        node.database.write(sql -> sql.update("UPDATE queue_result SET sent = 0"));
        clock.advance(Duration.ofMinutes(1));
        node.queue.sendUnsent();
        assertThat(node.count("queue_result WHERE sent = 1")).isEqualTo(1);
    }

    @Test
    void manyAtOnce_keepNobodyFromWriting() throws Exception {
        world.cause = Cause.TIMEOUT;
        QueueNode node = node().start();
        IntStream.range(0, 300).forEach(i -> node.submit("acme", "e" + i, ID));
        Await.until("all have run", () -> node.count("queue_waiting") == 300);
        world.files.add(ID);
        clock.advance(Duration.ofMinutes(1));
        node.schedule.look();
        // while those are sent again, others come
        IntStream.range(300, 400).forEach(i -> node.submit("acme", "e" + i, ID));
        Await.until("all are whole", () -> node.count("queue_waiting") == 0 && node.count("queue_result") == 700);
    }
}
