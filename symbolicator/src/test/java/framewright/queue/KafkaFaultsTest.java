package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.database.StorageFailure;
import framewright.testkit.Await;
import framewright.testkit.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with clusters of Kafka beyond a broker that is away. */
@Timeout(180)
class KafkaFaultsTest {
    @TempDir
    Path folder;

    private static Map<String, String> credentials(String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password=\""
                        + password + "\";");
    }

    @Test
    void refusedCredentials_areSaid_withoutThem_andRightOnesServe() throws Exception {
        Map<String, String> secured = Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\""
                                + " password=\"right\" user_app=\"right\";");
        try (KafkaBroker broker = KafkaBroker.start(folder, true, secured)) {
            try (QueueEngine refused = open(broker.bootstrap(), credentials("wrong-password"))) {
                assertThatThrownBy(() -> refused.send(Lane.WARM, List.of(message(1))))
                        .isInstanceOf(StorageFailure.class)
                        .hasMessageContaining("refuses the credentials")
                        .hasMessageNotContaining("wrong-password");
                assertThatThrownBy(refused::check)
                        .isInstanceOf(StorageFailure.class)
                        .hasMessageContaining("refuses the credentials");
            }
            try (QueueEngine queue = open(broker.bootstrap(), credentials("right"))) {
                queue.send(Lane.WARM, List.of(message(1)));
                assertThat(drain(queue, 1)).containsExactly("app/1");
            }
        }
    }

    @Test
    void partitionsWhoseLeaderGoes_areReadFromTheNext_andNothingIsLost() throws Exception {
        Map<String, String> replicated = Map.of(
                "default.replication.factor", "2",
                "offsets.topic.replication.factor", "2",
                "share.coordinator.state.topic.replication.factor", "2",
                "broker.session.timeout.ms", "3000",
                "broker.heartbeat.interval.ms", "500");
        try (KafkaBroker first = KafkaBroker.start(folder, true, replicated);
                KafkaBroker second = first.another(folder, 2, replicated);
                QueueEngine queue = open(first.bootstrap() + "," + second.bootstrap(), Map.of())) {
            queue.send(Lane.WARM, messages(0, 40));
            Set<String> done = new HashSet<>(drain(queue, 10));
            second.stop();
            Await.until("messages are taken again", () -> isSent(queue));
            queue.send(Lane.WARM, messages(40, 60));
            Set<String> all = new HashSet<>();
            messages(0, 60).forEach(one -> all.add(one.key()));
            while (!done.containsAll(all)) {
                done.addAll(drain(queue, 1));
            }
        }
    }

    private static QueueEngine open(String bootstrap, Map<String, String> properties) {
        return new KafkaQueue(
                new KafkaQueue.Place(bootstrap, "faults", properties, 4, Duration.ofDays(1)), InstantSource.system());
    }

    private static boolean isSent(QueueEngine queue) {
        try {
            queue.send(Lane.LATE, List.of(message(0)));
            return true;
        } catch (StorageFailure e) {
            return false;
        }
    }

    private static Message message(int number) {
        return new Message("app/" + number, 0, Map.of(), new byte[] {1});
    }

    private static List<Message> messages(int from, int to) {
        return IntStream.range(from, to).mapToObj(KafkaFaultsTest::message).toList();
    }

    /** Takes so many or more, and settles them; what the cluster fails at meanwhile is tried again. */
    private static Set<String> drain(QueueEngine queue, int least) throws InterruptedException {
        Set<String> keys = new HashSet<>();
        while (keys.size() < least) {
            try {
                List<Delivery> some = queue.receive(Lane.WARM, 10, Duration.ofSeconds(1));
                queue.acknowledge(some);
                some.forEach(one -> keys.add(one.message().key()));
            } catch (StorageFailure e) {
                // it mends itself
            }
        }
        return keys;
    }
}
