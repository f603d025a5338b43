package framewright.queue;

import framewright.database.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** The one producer of this node; it takes the messages of many threads. */
final class KafkaSender implements AutoCloseable {
    private final KafkaClients clients;
    private @Nullable Producer<byte[], byte[]> producer;

    KafkaSender(KafkaClients clients) {
        this.clients = clients;
    }

    /** Returns when all in-sync replicas have them. */
    void send(String topic, List<Message> messages) {
        String what = "cannot take messages for " + topic;
        try {
            Producer<byte[], byte[]> through = producer();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Message message : messages) {
                sent.add(through.send(KafkaRecords.record(topic, message)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RecordTooLargeException tooLarge
                    ? tooLarge(topic, messages, tooLarge)
                    : clients.failure(what, e);
        } catch (KafkaException e) {
            throw clients.failure(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw clients.failure(what, e);
        }
    }

    private StorageFailure tooLarge(String topic, List<Message> messages, RecordTooLargeException cause) {
        int largest = messages.stream()
                .mapToInt(message -> message.body().length)
                .max()
                .orElse(0);
        return new StorageFailure(
                "a message of " + largest + " bytes is larger than " + clients.place()
                        + " takes: max.message.bytes of the topic " + topic + " is " + clients.limit(topic)
                        + " bytes; raise it, or send a reference to the payload",
                cause);
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = clients.producer();
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(KafkaClients.CLOSE);
        }
    }
}
