package framewright.queue;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record, with whoever took it and settles it. Equal to itself only. */
final class KafkaDelivery implements Delivery {
    private final Holder holder;
    private final Lane lane;
    private final ConsumerRecord<byte[], byte[]> record;
    private final Message message;

    KafkaDelivery(Holder holder, Lane lane, ConsumerRecord<byte[], byte[]> record) {
        this.holder = holder;
        this.lane = lane;
        this.record = record;
        this.message = KafkaRecords.message(record);
    }

    /** Has a consumer. What it does not have any more it passes over. */
    interface Holder {
        void acknowledge(List<KafkaDelivery> deliveries);

        void release(List<KafkaDelivery> deliveries);

        void renew(List<KafkaDelivery> deliveries);
    }

    Holder holder() {
        return holder;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int deliveries() {
        return record.deliveryCount().map(Short::intValue).orElse(0);
    }
}
