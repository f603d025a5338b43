package framewright.queue;

import static java.util.stream.Collectors.partitioningBy;

import framewright.database.StorageFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * One member of a lane's share group, with what it took last. Who settles is whoever comes, one thread at a time; what came
 * meanwhile from others goes along in the same request.
 */
final class ShareHand implements KafkaDelivery.Holder, AutoCloseable {
    /**
     * From this delivery on what is given back is sent anew instead: brokers drop what they have handed out too often, 5
     * times if not told otherwise, though nobody has tried.
     */
    private static final int MANY = 3;

    private static final Duration COMMIT = Duration.ofSeconds(10);

    private static final long ANSWER_NANOS = 1_000_000;

    private final Lane lane;
    private final String topic;
    private final int size;
    private final ShareLane owner;
    private final KafkaClients clients;
    private final KafkaSender sender;
    private final ShareConsumer<byte[], byte[]> consumer;
    private final InHand<KafkaDelivery> inHand;
    private final Queue<Settlement> settlements = new ConcurrentLinkedQueue<>();

    /** Of the consumer, which takes no two calls at a time. */
    private final ReentrantLock lock = new ReentrantLock();

    /** What the brokers have answered about, of what was renewed. */
    private final Set<String> renewed = new HashSet<>();

    private volatile boolean lost;
    private volatile boolean fetching;

    /** @throws KafkaException where no host is known */
    ShareHand(
            Lane lane,
            String topic,
            int size,
            ShareLane owner,
            KafkaClients clients,
            KafkaSender sender,
            InstantSource clock) {
        this.lane = lane;
        this.topic = topic;
        this.size = size;
        this.owner = owner;
        this.clients = clients;
        this.sender = sender;
        this.inHand = new InHand<>(clock);
        this.consumer = clients.shareConsumer(topic, size);
        consumer.setAcknowledgementCommitCallback((offsets, _) -> offsets.forEach(
                (partition, of) -> of.forEach(offset -> renewed.add(place(partition.partition(), offset)))));
    }

    /** What one caller wants done with some, and how it went. */
    private static final class Settlement {
        final List<KafkaDelivery> deliveries;
        final AcknowledgeType type;
        boolean done;

        @Nullable
        StorageFailure failure;

        Settlement(List<KafkaDelivery> deliveries, AcknowledgeType type) {
            this.deliveries = deliveries;
            this.type = type;
        }
    }

    /** How many it takes at once, at most. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return inHand.isEmpty();
    }

    /** Nothing came when it was last asked: its consumer goes on asking the brokers, and may have got something since. */
    boolean isFetching() {
        return fetching;
    }

    /** Something went wrong with it such that another has to be made. What it had the brokers deliver again. */
    boolean isLost() {
        return lost;
    }

    /** To be called while it is empty. */
    List<Delivery> poll(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (lost) {
                return List.of();
            }
            List<Delivery> taken = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
                KafkaDelivery delivery = new KafkaDelivery(this, lane, record);
                inHand.take(delivery);
                taken.add(delivery);
            }
            fetching = taken.isEmpty();
            return taken;
        } catch (InterruptException e) {
            lose();
            // Kafka has set the flag again
            var _ = Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("while waiting for messages");
            interrupted.initCause(e);
            throw interrupted;
        } catch (WakeupException e) {
            return List.of();
        } catch (KafkaException e) {
            lose();
            throw clients.failure("cannot be read", e);
        } finally {
            lock.unlock();
        }
    }

    private void lose() {
        lost = true;
        inHand.forget();
    }

    @Override
    public void acknowledge(List<KafkaDelivery> deliveries) {
        settle(deliveries, AcknowledgeType.ACCEPT);
    }

    @Override
    public void release(List<KafkaDelivery> deliveries) {
        Map<Boolean, List<KafkaDelivery>> often =
                deliveries.stream().collect(partitioningBy(delivery -> delivery.deliveries() >= MANY));
        List<KafkaDelivery> anew = often.getOrDefault(true, List.of());
        if (!anew.isEmpty()) {
            sender.send(topic, anew.stream().map(KafkaDelivery::message).toList());
            settle(anew, AcknowledgeType.ACCEPT);
        }
        settle(often.getOrDefault(false, List.of()), AcknowledgeType.RELEASE);
    }

    @Override
    public void renew(List<KafkaDelivery> deliveries) {
        // the brokers' own, shorter lock is renewed in any case
        deliveries.forEach(inHand::renew);
    }

    private void settle(List<KafkaDelivery> deliveries, AcknowledgeType type) {
        if (deliveries.isEmpty()) {
            return;
        }
        Settlement mine = new Settlement(deliveries, type);
        settlements.add(mine);
        lock.lock();
        try {
            if (!mine.done) {
                settleAll();
            }
        } finally {
            lock.unlock();
        }
        owner.giveBack(this);
        if (mine.failure != null) {
            throw mine.failure;
        }
    }

    private void settleAll() {
        List<Settlement> now = new ArrayList<>();
        for (Settlement next = settlements.poll(); next != null; next = settlements.poll()) {
            now.add(next);
        }
        StorageFailure failure = null;
        try {
            for (Settlement settlement : now) {
                for (KafkaDelivery delivery : settlement.deliveries) {
                    if (inHand.settle(delivery)) {
                        consumer.acknowledge(delivery.record(), settlement.type);
                    }
                }
            }
            commit();
        } catch (KafkaException | IllegalStateException e) {
            lose();
            failure = clients.failure("cannot be told what is done; it is delivered again", e);
        }
        for (Settlement settlement : now) {
            settlement.failure = failure;
            settlement.done = true;
        }
    }

    /** @throws KafkaException where some of it may not have arrived */
    private void commit() {
        Map<TopicIdPartition, Optional<KafkaException>> failures = consumer.commitSync(COMMIT);
        for (Optional<KafkaException> failure : failures.values()) {
            // what a broker has taken back already is nobody's loss
            if (failure.isPresent() && !(failure.get() instanceof InvalidRecordStateException)) {
                throw failure.get();
            }
        }
    }

    /** Renews the brokers' locks, and gives back what is overdue. */
    void keep() {
        lock.lock();
        try {
            if (lost || inHand.isEmpty()) {
                return;
            }
            for (KafkaDelivery late : inHand.overdue()) {
                inHand.settle(late);
                consumer.acknowledge(late.record(), AcknowledgeType.RELEASE);
            }
            renew();
        } catch (KafkaException | IllegalStateException e) {
            lose();
        } finally {
            lock.unlock();
        }
        owner.giveBack(this);
    }

    private void renew() {
        Map<String, KafkaDelivery> held = new HashMap<>();
        for (KafkaDelivery delivery : inHand.all()) {
            consumer.acknowledge(delivery.record(), AcknowledgeType.RENEW);
            held.put(place(delivery.record().partition(), delivery.record().offset()), delivery);
        }
        renewed.clear();
        commit();
        if (held.isEmpty()) {
            return;
        }
        // the answers come by another way than the commit's own, and before them a poll would fetch new messages
        long end = System.nanoTime() + COMMIT.toNanos();
        while (!renewed.containsAll(held.keySet()) && System.nanoTime() < end) {
            consumer.commitAsync();
            LockSupport.parkNanos(ANSWER_NANOS);
        }
        // a consumer returns what was renewed once more, and only then takes settlements of it
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
            held.remove(place(record.partition(), record.offset()));
        }
        if (!held.isEmpty()) {
            throw new IllegalStateException("some locks were over already");
        }
    }

    private static String place(int partition, long offset) {
        return partition + "-" + offset;
    }

    /** Gives back what it has. */
    @Override
    public void close() {
        consumer.wakeup();
        lock.lock();
        try {
            lose();
            // the brokers take back what is not settled
            consumer.close(KafkaClients.CLOSE);
        } catch (KafkaException e) {
            // they do so in any case, in time
        } finally {
            lock.unlock();
        }
    }
}
