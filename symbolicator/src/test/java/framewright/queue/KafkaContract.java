package framewright.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.testkit.Await;
import framewright.testkit.KafkaBroker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** Both ways to read Kafka. */
abstract class KafkaContract extends BrokerContract {
    /** The broker of the class. */
    abstract KafkaBroker broker();

    /** Of topics that are made. */
    abstract int partitions();

    /** Clients that give up soon. */
    final KafkaQueue.Place place(String prefix, int partitions) {
        return new KafkaQueue.Place(
                broker().bootstrap(),
                prefix,
                Map.of(
                        "delivery.timeout.ms", "4000",
                        "request.timeout.ms", "3000",
                        "max.block.ms", "4000",
                        "linger.ms", "0",
                        "default.api.timeout.ms", "4000"),
                partitions,
                KEPT);
    }

    @Override
    final QueueEngine open(InstantSource clock) {
        return new KafkaQueue(place(prefix, partitions()), clock);
    }

    @Override
    final void keep(QueueEngine queue) {
        ((KafkaQueue) queue).keep();
    }

    @Override
    final void stopBroker() {
        broker().stop();
    }

    @Override
    final void startBroker() {
        broker().startAgain();
    }

    /** Kafka's own default. */
    @Override
    final String limit() {
        return "1048588";
    }

    @Override
    final List<String> read(String topic, int count) {
        List<String> bodies = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            while (bodies.size() < count) {
                consumer.poll(Duration.ofSeconds(10)).forEach(record -> bodies.add(new String(record.value(), UTF_8)));
            }
        }
        return bodies;
    }

    /** Brokers keep what was read: what is done goes, and what waits stays. */
    @Test
    void whatIsDone_isDeleted_andWhatWaitsStays() throws Exception {
        KafkaQueue queue = closedAfterwards(new KafkaQueue(place(prefix, 1), InstantSource.system()));
        // a group says how far it is a little later
        Await.until("the group is so far", () -> {
            queue.send(Lane.WARM, List.of(message("done")));
            queue.acknowledge(receive(queue, Lane.WARM, 1));
            queue.trim();
            return first(prefix + ".warm") > 1;
        });
        queue.send(Lane.WARM, List.of(message("waits")));
        queue.trim();
        assertThat(keys(receive(queue, Lane.WARM, 1))).containsExactly("waits");
    }

    /** The oldest offset of a topic of one partition. */
    private long first(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            TopicPartition only = new TopicPartition(topic, 0);
            return consumer.beginningOffsets(List.of(only)).values().iterator().next();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker().bootstrap(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
