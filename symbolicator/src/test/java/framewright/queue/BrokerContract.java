package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.api.Cause;
import framewright.database.Database;
import framewright.database.StorageFailure;
import framewright.telemetry.Metrics;
import framewright.testkit.Await;
import framewright.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds beyond the rest over each engine that is a server of its own. */
abstract class BrokerContract extends QueueContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    static final Duration KEPT = Duration.ofDays(1);

    /** Of the names of this test's queues. */
    final String prefix = "test" + TESTS.incrementAndGet();

    abstract QueueEngine open(InstantSource clock);

    /** What the engine does by itself every few seconds. */
    abstract void keep(QueueEngine queue);

    abstract void stopBroker() throws Exception;

    abstract void startBroker() throws Exception;

    /** The bodies of what is in a queue or topic, read as others would. */
    abstract List<String> read(String name, int count) throws Exception;

    @Override
    final QueueEngine open() {
        return open(InstantSource.system());
    }

    @Test
    void brokerGoes_andComesBack_andNobodyIsMadeAnew() throws Exception {
        QueueEngine queue = node();
        queue.send(Lane.WARM, List.of(message("before"), message("held")));
        List<Delivery> held = receive(queue, Lane.WARM, 1);
        stopBroker();
        try {
            assertThatThrownBy(() -> queue.send(Lane.WARM, List.of(message("during"))))
                    .isInstanceOf(StorageFailure.class);
            assertThatThrownBy(queue::check).isInstanceOf(StorageFailure.class);
        } finally {
            startBroker();
        }
        Await.until("messages are taken again", () -> isSent(queue, "after"));
        queue.check();
        try {
            queue.release(held);
        } catch (StorageFailure e) {
            // the broker has forgotten who had it
        }
        Set<String> keys = new HashSet<>();
        while (!keys.containsAll(Set.of("before", "held", "after"))) {
            List<Delivery> some = receive(queue, Lane.WARM, 1);
            some.forEach(one -> keys.add(one.message().key()));
            queue.acknowledge(some);
        }
    }

    private static boolean isSent(QueueEngine queue, String key) {
        try {
            queue.send(Lane.WARM, List.of(message(key)));
            return true;
        } catch (StorageFailure e) {
            return false;
        }
    }

    @Test
    void releasedAnyNumberOfTimes_isNotDropped() throws Exception {
        QueueEngine queue = node();
        queue.send(Lane.WARM, List.of(message("unwanted")));
        for (int i = 0; i < 25; i++) {
            List<Delivery> got = receive(queue, Lane.WARM, 1);
            assertThat(got.getFirst().deliveries()).isEqualTo(counts() ? 1 + i % most() : 0);
            queue.release(got);
        }
        queue.acknowledge(receive(queue, Lane.WARM, 1));
    }

    /** After how many deliveries what is given back is a new message. */
    abstract int most();

    @Test
    void whatNobodyRenews_isDeliveredAgain() throws Exception {
        ManualClock clock = new ManualClock();
        QueueEngine queue = closedAfterwards(open(clock));
        queue.send(Lane.WARM, List.of(message("lost"), message("renewed")));
        List<Delivery> both = receive(queue, Lane.WARM, 2);
        clock.advance(queue.lease());
        queue.renew(both.stream()
                .filter(one -> one.message().key().equals("renewed"))
                .toList());
        clock.advance(Duration.ofSeconds(1));
        keep(queue);
        Delivery again = receive(queue, Lane.WARM, 1).getFirst();
        assertThat(again.message().key()).isEqualTo("lost");
        assertThat(again.deliveries()).isEqualTo(counts() ? 2 : 0);
        // who was overtaken settles nothing of the other, who renewed in time does
        queue.acknowledge(both);
        queue.release(List.of(again));
        assertThat(receive(queue, Lane.WARM, 1).getFirst().message().key()).isEqualTo("lost");
    }

    /**
     * @param most how often the broker hands something out
     * @param dead where it puts it then
     */
    final void assertThatWhatNobodyFinishes_endsAmongTheDead(int most, String dead) throws Exception {
        ManualClock clock = new ManualClock();
        QueueEngine queue = closedAfterwards(open(clock));
        queue.send(Lane.WARM, List.of(message("poison")));
        for (int i = 1; i <= most; i++) {
            assertThat(receive(queue, Lane.WARM, 1).getFirst().deliveries()).isEqualTo(i);
            clock.advance(queue.lease().plusSeconds(1));
            keep(queue);
        }
        assertThat(queue.receive(Lane.WARM, 1, Duration.ofMillis(100))).isEmpty();
        assertThat(read(dead, 1)).containsExactly("poison");
    }

    @Test
    void whatANodeHadThatStops_goesToAnother() throws Exception {
        QueueEngine first = open(InstantSource.system());
        first.send(Lane.WARM, List.of(message("orphan")));
        Delivery held = receive(first, Lane.WARM, 1).getFirst();
        first.close();
        Delivery again = receive(node(), Lane.WARM, 1).getFirst();
        assertThat(again.message().key()).isEqualTo("orphan");
        assertThat(again.deliveries()).isEqualTo(counts() ? held.deliveries() + 1 : 0);
    }

    @Test
    void messageThatIsTooLarge_isRefused_withTheLimit() throws Exception {
        QueueEngine queue = node();
        assertThatThrownBy(() -> queue.send(Lane.DUMP, List.of(new Message("app/big", 0, Map.of(), noise(2_000_000)))))
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining("2000000 bytes")
                .hasMessageContaining(limit());
        queue.send(Lane.DUMP, List.of(message("small")));
        assertThat(receive(queue, Lane.DUMP, 1)).hasSize(1);
    }

    /** As the broker is set. */
    abstract String limit();

    @Test
    void depths_tellWhatWaits() throws Exception {
        QueueEngine queue = node();
        queue.send(Lane.SCRAPE, List.of(message("a"), message("b"), message("c")));
        queue.acknowledge(receive(queue, Lane.SCRAPE, 1));
        Await.until(
                "two are left", () -> new Depth(2, null).equals(queue.depths().get(Lane.SCRAPE)));
        assertThat(queue.depths()).containsOnlyKeys(Lane.values()).containsEntry(Lane.LATE, new Depth(0, null));
    }

    /** What is due stands in the database, and the event goes through the broker again. */
    @Test
    void eventThatIsDueAgain_isSentOnce_andItsNextGenerationComes(@TempDir Path folder) throws Exception {
        String one = "502fc0a5-1ec1-3e47-9998-684fa139dca7";
        String other = "0f1e2d3c-0000-4000-8000-000000000001";
        ManualClock clock = new ManualClock();
        QueueNode.World world = new QueueNode.World();
        world.cause = Cause.TIMEOUT;
        try (QueueNode node = new QueueNode(open(), Database.sqlite(folder.resolve("store.db")), world, clock)) {
            node.start().submit("acme", "e", one, other);
            awaitGenerations(node, 1);
            String due = node.database.read(sql -> sql.first(
                    "SELECT task_instance FROM scheduled_tasks WHERE task_name = '" + Ledger.RESEND + "'",
                    row -> row.getString(1)));
            world.files.add(one);
            lookLater(node, clock);
            awaitGenerations(node, 1, 2);
            assertThat(world.resolved).hasSize(2);

            // as of a node that died after it had sent the event, and before it could say so
            new Resends(node.database, node.queue.engine(), new Metrics()).send(Objects.requireNonNull(due));
            world.files.add(other);
            lookLater(node, clock);
            awaitGenerations(node, 1, 2, 3);
            assertThat(world.resolved).hasSize(3);
            assertThat(node.count("scheduled_tasks WHERE task_name = '" + Ledger.RESEND + "'"))
                    .isZero();
            assertThat(read(prefix + ".results", 3))
                    .satisfiesExactlyInAnyOrder(
                            first -> assertThat(first).contains("\"generation\":1,"),
                            second -> assertThat(second).contains("\"generation\":2,", "\"reason\":\"retry\""),
                            third -> assertThat(third).contains("\"generation\":3,", "\"status\":\"complete\""));
        }
    }

    /** When any retry is due. */
    private static void lookLater(QueueNode node, ManualClock clock) {
        clock.advance(Duration.ofMinutes(5));
        node.schedule.look();
    }

    private static void awaitGenerations(QueueNode node, Integer... generations) throws Exception {
        Await.until(
                List.of(generations) + " with nothing under way",
                () -> node.generations("acme", "e").equals(List.of(generations))
                        && node.count("queue_result WHERE sent = 0") == 0
                        && node.count("scheduled_tasks WHERE task_name = '" + Ledger.RESEND + "' AND picked") == 0);
    }

    @Test
    void results_areForOthersToRead() throws Exception {
        QueueEngine queue = node();
        queue.publish(List.of(message("one"), message("two")));
        assertThat(read(prefix + ".results", 2)).containsExactlyInAnyOrder("one", "two");
    }

    /** Does not get smaller by compression. */
    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new java.util.Random(1).nextBytes(bytes);
        return bytes;
    }
}
