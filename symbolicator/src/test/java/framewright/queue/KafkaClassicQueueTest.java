package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.testkit.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups, over a broker without share groups. */
class KafkaClassicQueueTest extends KafkaContract {
    @TempDir
    private static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder, false, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    KafkaBroker broker() {
        return broker;
    }

    @Override
    int partitions() {
        return 3;
    }

    @Override
    boolean counts() {
        return false;
    }

    @Override
    int most() {
        return 1;
    }

    /** A partition is one node's as a whole: others have the rest when that one goes. */
    @Test
    @Override
    void noMoreIsTaken_thanWasAsked() throws Exception {
        QueueEngine first = open(InstantSource.system());
        first.send(
                Lane.WARM,
                IntStream.range(0, 20).mapToObj(i -> message("m" + i)).toList());
        List<Delivery> some = receive(first, Lane.WARM, 3);
        assertThat(some).hasSize(3);
        first.acknowledge(some);
        first.close();
        Set<String> rest = new HashSet<>();
        receive(node(), Lane.WARM, 17).forEach(one -> rest.add(one.message().key()));
        assertThat(rest).hasSize(17);
        some.forEach(one -> assertThat(rest).doesNotContain(one.message().key()));
    }

    /** The group knows only up to where all is done. */
    @Test
    void doneBeyondWhatIsOpen_isDoneAgain_byWhoeverTakesOver() throws Exception {
        QueueEngine first = closedAfterwards(new KafkaQueue(place(prefix + "one", 1), InstantSource.system()));
        first.send(Lane.WARM, List.of(message("done"), message("open"), message("beyond")));
        List<Delivery> got = receive(first, Lane.WARM, 3);
        first.acknowledge(List.of(got.get(2), got.get(0)));
        first.close();
        QueueEngine other = closedAfterwards(new KafkaQueue(place(prefix + "one", 1), InstantSource.system()));
        assertThat(receive(other, Lane.WARM, 2))
                .extracting(one -> one.message().key())
                .containsExactly("open", "beyond");
        assertThat(other.receive(Lane.WARM, 1, Duration.ofMillis(100))).isEmpty();
    }
}
