package framewright.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.database.StorageFailure;
import framewright.testkit.KafkaBroker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups. */
class KafkaQueueTest extends KafkaContract {
    @TempDir
    private static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder, true, Map.of());
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
        return 1;
    }

    @Override
    int most() {
        return 3;
    }

    @Test
    void whatNobodyFinishes_endsAmongTheDead() throws Exception {
        assertThatWhatNobodyFinishes_endsAmongTheDead(10, "dlq." + prefix);
    }

    @Test
    void nobodyAtTheAddress_isSaid() {
        try (QueueEngine queue = new KafkaQueue(
                new KafkaQueue.Place(
                        "127.0.0.1:1",
                        prefix,
                        Map.of("default.api.timeout.ms", "2000", "request.timeout.ms", "1000"),
                        1,
                        KEPT),
                InstantSource.system())) {
            assertThatThrownBy(queue::check)
                    .isInstanceOf(StorageFailure.class)
                    .hasMessageContaining("did not answer in time");
            assertThatThrownBy(() -> queue.send(Lane.WARM, List.of(message("m"))))
                    .isInstanceOf(StorageFailure.class);
        }
    }

    @Test
    void hostThatIsNotKnown_isSaid() {
        try (QueueEngine queue = new KafkaQueue(
                new KafkaQueue.Place("no-such-host.invalid:9092", prefix, Map.of(), 1, KEPT), InstantSource.system())) {
            assertThatThrownBy(queue::check)
                    .isInstanceOf(StorageFailure.class)
                    .hasMessageContaining("no-such-host.invalid");
        }
    }
}
