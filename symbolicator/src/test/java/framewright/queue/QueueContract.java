package framewright.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds over each engine. */
abstract class QueueContract {
    /** Longer than any engine takes; what comes ends the wait. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Duration NOW = Duration.ofMillis(1);

    private final List<QueueEngine> nodes = new ArrayList<>();
    private QueueEngine queue;

    /** A node; all of a test share one broker, whose lanes are empty at the start of each. */
    abstract QueueEngine open() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        queue = node();
    }

    @AfterEach
    final void end() {
        nodes.forEach(QueueEngine::close);
    }

    /** As {@link #open}, closed after the test. */
    final QueueEngine node() throws Exception {
        return closedAfterwards(open());
    }

    final <T extends QueueEngine> T closedAfterwards(T node) {
        nodes.add(node);
        return node;
    }

    /** Whether messages are counted each time they are handed out. */
    boolean counts() {
        return true;
    }

    @Test
    void message_comesAsItWasSent() throws Exception {
        queue.send(
                Lane.WARM,
                List.of(new Message("app/e1", 3, Map.of("attempt", "2", "note", "\u00fcber=all\nx"), bytes(1000))));
        Delivery got = receive(queue, Lane.WARM, 1).getFirst();
        assertThat(got.message().key()).isEqualTo("app/e1");
        assertThat(got.message().priority()).isEqualTo(3);
        assertThat(got.message().headers()).isEqualTo(Map.of("attempt", "2", "note", "\u00fcber=all x"));
        assertThat(got.message().body()).isEqualTo(bytes(1000));
        assertThat(got.lane()).isEqualTo(Lane.WARM);
        assertThat(got.deliveries()).isEqualTo(counts() ? 1 : 0);
        queue.acknowledge(List.of(got));
    }

    @Test
    void lanes_areApart() throws Exception {
        queue.send(Lane.DOWNLOAD, List.of(message("slow")));
        queue.send(Lane.WARM, List.of(message("fast")));
        assertThat(keys(receive(queue, Lane.WARM, 1))).containsExactly("fast");
        assertThat(keys(receive(queue, Lane.DOWNLOAD, 1))).containsExactly("slow");
    }

    @Test
    void acknowledged_neverComesAgain() throws Exception {
        queue.send(Lane.WARM, List.of(message("done"), message("other")));
        List<Delivery> both = receive(queue, Lane.WARM, 2);
        queue.acknowledge(
                both.stream().filter(one -> one.message().key().equals("done")).toList());
        queue.release(
                both.stream().filter(one -> one.message().key().equals("other")).toList());
        assertThat(keys(receive(queue, Lane.WARM, 1))).containsExactly("other");
        assertThat(queue.receive(Lane.WARM, 10, NOW)).isEmpty();
    }

    @Test
    void released_comesAgain_toAnotherNodeToo() throws Exception {
        queue.send(Lane.WARM, List.of(message("again")));
        queue.release(receive(queue, Lane.WARM, 1));
        queue.close();
        nodes.remove(queue);
        QueueEngine other = node();
        Delivery again = receive(other, Lane.WARM, 1).getFirst();
        assertThat(again.message().key()).isEqualTo("again");
        other.acknowledge(List.of(again));
    }

    @Test
    void manyNodes_shareTheWork_withoutDoingItTwice() throws Exception {
        int messages = 300;
        queue.send(
                Lane.WARM,
                IntStream.range(0, messages).mapToObj(i -> message("m" + i)).toList());
        Set<String> got = ConcurrentHashMap.newKeySet();
        List<String> twice = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (QueueEngine node : List.of(queue, node(), node())) {
                done.add(threads.submit(() -> {
                    while (got.size() < messages) {
                        List<Delivery> some = node.receive(Lane.WARM, 7, Duration.ofMillis(200));
                        for (Delivery one : some) {
                            if (!got.add(one.message().key())) {
                                synchronized (twice) {
                                    twice.add(one.message().key());
                                }
                            }
                        }
                        node.acknowledge(some);
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        assertThat(got).hasSize(messages);
        assertThat(twice).isEmpty();
    }

    @Test
    void noMoreIsTaken_thanWasAsked() throws Exception {
        queue.send(
                Lane.WARM,
                IntStream.range(0, 20).mapToObj(i -> message("m" + i)).toList());
        List<Delivery> some = receive(queue, Lane.WARM, 3);
        assertThat(some).hasSize(3);
        QueueEngine other = node();
        Set<String> rest = new HashSet<>(keys(receive(other, Lane.WARM, 17)));
        assertThat(rest).hasSize(17).doesNotContainAnyElementsOf(keys(some));
    }

    @Test
    void renewed_staysWithItsNode() throws Exception {
        queue.send(Lane.WARM, List.of(message("long")));
        List<Delivery> mine = receive(queue, Lane.WARM, 1);
        queue.renew(mine);
        QueueEngine other = node();
        assertThat(other.receive(Lane.WARM, 1, Duration.ofMillis(500))).isEmpty();
        queue.acknowledge(mine);
        assertThat(other.receive(Lane.WARM, 1, Duration.ofMillis(500))).isEmpty();
    }

    @Test
    void megabytes_goThrough() throws Exception {
        queue.send(Lane.DUMP, List.of(new Message("app/big", 0, Map.of(), bytes(700_000))));
        assertThat(receive(queue, Lane.DUMP, 1).getFirst().message().body()).isEqualTo(bytes(700_000));
    }

    /** As many as are wanted, in as many goes as that takes. */
    static List<Delivery> receive(QueueEngine queue, Lane lane, int count) throws InterruptedException {
        List<Delivery> got = new ArrayList<>();
        while (got.size() < count) {
            List<Delivery> some = queue.receive(lane, count - got.size(), LONG);
            assertThat(some).as("%s of %s in %s", got.size(), count, lane).isNotEmpty();
            got.addAll(some);
        }
        return got;
    }

    static Message message(String key) {
        return new Message(key, 0, Map.of(), key.getBytes(UTF_8));
    }

    static List<String> keys(List<Delivery> deliveries) {
        return deliveries.stream().map(one -> one.message().key()).toList();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }
}
