package framewright.queue;

import framewright.database.StorageFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A lane that is read as a member of a consumer group, for brokers without share groups. A partition is one node's, with all
 * its messages. Kafka only knows up to where a partition is done: that is behind the last one before which nothing is open.
 * So whoever takes a partition over does again what was done beyond. What is given back goes to the end of the lane as a new
 * message.
 */
final class ClassicLane implements KafkaLane, KafkaDelivery.Holder {
    private static final int AT_ONCE = 100;

    /** Who settles waits for this at most. */
    private static final Duration SLICE = Duration.ofMillis(20);

    private final Lane lane;
    private final String topic;
    private final KafkaClients clients;
    private final KafkaSender sender;
    private final InHand<KafkaDelivery> inHand;

    /** Of all that follows. Fair, so that those who settle come between those who wait for messages. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
    private final Map<TopicPartition, Progress> progress = new HashMap<>();
    private @Nullable Consumer<byte[], byte[]> consumer;

    ClassicLane(Lane lane, String topic, KafkaClients clients, KafkaSender sender, InstantSource clock) {
        this.lane = lane;
        this.topic = topic;
        this.clients = clients;
        this.sender = sender;
        this.inHand = new InHand<>(clock);
    }

    /** How far a partition is. */
    private static final class Progress {
        /** Fetched and not done. */
        final TreeSet<Long> open = new TreeSet<>();

        /** Behind all that was fetched. */
        long end;

        OffsetAndMetadata done() {
            return new OffsetAndMetadata(open.isEmpty() ? end : open.first());
        }
    }

    @Override
    public List<Delivery> receive(int most, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            long left = end - System.nanoTime();
            lock.lockInterruptibly();
            try {
                if (fetched.isEmpty()) {
                    fetch(Duration.ofNanos(Math.clamp(left, 0, SLICE.toNanos())));
                }
                List<Delivery> taken = take(most);
                if (!taken.isEmpty() || left <= 0) {
                    return taken;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void fetch(Duration wait) throws InterruptedException {
        try {
            Consumer<byte[], byte[]> from = consumer();
            from.resume(from.paused());
            keepFetched(from.poll(wait));
        } catch (InterruptException e) {
            lose();
            // Kafka has set the flag again
            var _ = Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("while waiting for messages");
            interrupted.initCause(e);
            throw interrupted;
        } catch (WakeupException e) {
            // it is being closed
        } catch (KafkaException e) {
            lose();
            throw clients.failure("cannot be read", e);
        }
    }

    private void keepFetched(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Progress of = progress.computeIfAbsent(partition(record), _ -> new Progress());
            of.open.add(record.offset());
            of.end = record.offset() + 1;
            fetched.add(record);
        }
    }

    private List<Delivery> take(int most) {
        List<Delivery> taken = new ArrayList<>();
        while (taken.size() < most && !fetched.isEmpty()) {
            KafkaDelivery delivery = new KafkaDelivery(this, lane, fetched.remove());
            inHand.take(delivery);
            taken.add(delivery);
        }
        return taken;
    }

    @Override
    public void acknowledge(List<KafkaDelivery> deliveries) {
        lock.lock();
        try {
            done(deliveries.stream().filter(inHand::settle).toList());
        } finally {
            lock.unlock();
        }
    }

    private void done(List<KafkaDelivery> deliveries) {
        for (KafkaDelivery delivery : deliveries) {
            Progress of = progress.get(partition(delivery.record()));
            if (of != null) {
                of.open.remove(delivery.record().offset());
            }
        }
        try {
            commit();
        } catch (RetriableException | RebalanceInProgressException e) {
            // goes along with the next, at the latest with that of the keeper
            return;
        } catch (KafkaException e) {
            lose();
            throw clients.failure("cannot be told what is done; it is delivered again", e);
        }
    }

    private void commit() {
        if (consumer != null && !progress.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
            progress.forEach((partition, of) -> done.put(partition, of.done()));
            consumer.commitSync(done);
        }
    }

    @Override
    public void release(List<KafkaDelivery> deliveries) {
        lock.lock();
        try {
            List<KafkaDelivery> mine = deliveries.stream().filter(inHand::has).toList();
            // before it is done here: better twice than not at all
            sender.send(topic, mine.stream().map(KafkaDelivery::message).toList());
            mine.forEach(inHand::settle);
            done(mine);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void renew(List<KafkaDelivery> deliveries) {
        deliveries.forEach(inHand::renew);
    }

    /** Stays a member though nobody may be asking, commits what could not be, and gives back what is overdue. */
    @Override
    public void keep() {
        try {
            release(inHand.overdue());
        } catch (StorageFailure e) {
            // they are still here, and are given back later
        }
        lock.lock();
        try {
            if (consumer != null) {
                consumer.pause(consumer.assignment());
                keepFetched(consumer.poll(Duration.ZERO));
            }
        } catch (KafkaException e) {
            lose();
        } finally {
            lock.unlock();
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = clients.consumer(topic, AT_ONCE);
            consumer.subscribe(List.of(topic), new Rebalance());
        }
        return consumer;
    }

    /** Called by the consumer while it polls. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                commit();
            } catch (KafkaException e) {
                // the next does again what was done since the last time
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(progress::remove);
            fetched.removeIf(record -> partitions.contains(partition(record)));
            inHand.all().stream()
                    .filter(delivery -> partitions.contains(partition(delivery.record())))
                    .forEach(inHand::settle);
        }
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** Begins anew where the group stands. */
    private void lose() {
        Consumer<byte[], byte[]> was = consumer;
        consumer = null;
        fetched.clear();
        progress.clear();
        inHand.forget();
        if (was != null) {
            Thread.ofVirtual().name("kafka-close").start(() -> was.close(CloseOptions.timeout(KafkaClients.CLOSE)));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            Consumer<byte[], byte[]> was = consumer;
            consumer = null;
            if (was != null) {
                was.close(CloseOptions.timeout(KafkaClients.CLOSE));
            }
            inHand.forget();
        } finally {
            lock.unlock();
        }
    }
}
