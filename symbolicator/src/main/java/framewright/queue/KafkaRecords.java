package framewright.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Messages as records: headers are headers of the same names, and the priority is one more. */
final class KafkaRecords {
    /** Kafka knows none, it only carries it. */
    private static final String PRIORITY = "framewright-priority";

    private KafkaRecords() {}

    static ProducerRecord<byte[], byte[]> record(String topic, Message message) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, message.key().getBytes(UTF_8), message.body());
        record.headers().add(PRIORITY, Integer.toString(message.priority()).getBytes(UTF_8));
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    /** Others may send, too: what is not there is empty. */
    static Message message(ConsumerRecord<byte[], byte[]> record) {
        int priority = 0;
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            String value = text(header.value());
            if (header.key().equals(PRIORITY)) {
                priority = value.matches("[0-9]") ? Integer.parseInt(value) : 0;
            } else {
                headers.put(header.key(), value);
            }
        }
        byte @Nullable [] body = record.value();
        return new Message(text(record.key()), priority, headers, body == null ? new byte[0] : body);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }
}
