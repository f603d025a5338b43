package framewright.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import framewright.testkit.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What both tests of Kafka need. */
final class KafkaPlaces {
    /** Kafka's own default. */
    static final String LIMIT = "1048588";

    private KafkaPlaces() {}

    /** Clients that give up soon. */
    static KafkaQueue.Place at(KafkaBroker broker, String prefix, int partitions) {
        return new KafkaQueue.Place(
                broker.bootstrap(),
                prefix,
                Map.of(
                        "delivery.timeout.ms", "4000",
                        "request.timeout.ms", "3000",
                        "max.block.ms", "4000",
                        "linger.ms", "0",
                        "default.api.timeout.ms", "4000"),
                partitions);
    }

    static List<String> read(KafkaBroker broker, String topic, int count) {
        List<String> bodies = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
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
}
