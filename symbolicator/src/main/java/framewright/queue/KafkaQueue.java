package framewright.queue;

import framewright.database.StorageFailure;
import framewright.telemetry.Seldom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as the engine: a topic for each lane, read by a share group, in which messages are handed out, settled and counted
 * one by one (KIP-932). Where the brokers have no share groups it is a consumer group, see {@link ClassicLane}.
 */
public final class KafkaQueue implements QueueEngine {
    private static final Logger LOG = Logger.getLogger(KafkaQueue.class.getName());

    private final KafkaClients clients;
    private final KafkaTopics topics;
    private final KafkaSender sender;
    private final InstantSource clock;
    private final Keeper keeper;
    private final Seldom trimming = new Seldom();
    private volatile @Nullable Map<Lane, KafkaLane> lanes;

    /** @param place nothing is looked up there yet */
    public KafkaQueue(Place place, InstantSource clock) {
        this.clients = new KafkaClients(place);
        this.topics = new KafkaTopics(clients, place);
        this.sender = new KafkaSender(clients);
        this.clock = clock;
        this.keeper = new Keeper("kafka-keeper", InHand.LOOK, this::keep);
    }

    /**
     * Which Kafka, and what is ours there.
     *
     * @param bootstrap {@code host:port}, several with commas
     * @param prefix of the names of topics and groups
     * @param properties for all clients, as in Kafka's documentation: credentials, TLS, times
     * @param partitions of topics that are made because they are missing
     * @param resultsKept how long readers find results there
     */
    public record Place(
            String bootstrap, String prefix, Map<String, String> properties, int partitions, Duration resultsKept) {
        public Place {
            properties = Map.copyOf(properties);
        }

        /** The topic of a lane, and the name of the group that reads it. */
        String topic(Lane lane) {
            return prefix + "." + lane.text();
        }

        String results() {
            return prefix + ".results";
        }

        /** Where the brokers put what they have handed out too often; they take only names with this beginning for that. */
        String dead() {
            return "dlq." + prefix;
        }

        /** Without the properties, among which are secrets. */
        @Override
        public String toString() {
            return "Kafka at " + bootstrap;
        }
    }

    /** A member of the group gets nothing new before all of its batch is settled. */
    @Override
    public boolean isHeldUpBySlowWork() {
        return true;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public void send(Lane lane, List<Message> messages) {
        var _ = lanes();
        sender.send(topics.place().topic(lane), messages);
    }

    @Override
    public List<Delivery> receive(Lane lane, int most, Duration wait) throws InterruptedException {
        return lane(lane).receive(most, wait);
    }

    private KafkaLane lane(Lane lane) {
        KafkaLane found = lanes().get(lane);
        if (found == null) {
            throw new IllegalStateException("every lane has a topic");
        }
        return found;
    }

    @Override
    public void acknowledge(List<? extends Delivery> deliveries) {
        settle(deliveries, KafkaDelivery.Holder::acknowledge);
    }

    @Override
    public void release(List<? extends Delivery> deliveries) {
        settle(deliveries, KafkaDelivery.Holder::release);
    }

    @Override
    public void renew(List<? extends Delivery> deliveries) {
        settle(deliveries, KafkaDelivery.Holder::renew);
    }

    private static void settle(
            List<? extends Delivery> deliveries, BiConsumer<KafkaDelivery.Holder, List<KafkaDelivery>> how) {
        deliveries.stream()
                .map(KafkaDelivery.class::cast)
                .collect(Collectors.groupingBy(KafkaDelivery::holder))
                .forEach(how);
    }

    @Override
    public Duration lease() {
        return InHand.LEASE;
    }

    @Override
    public void publish(List<Message> results) {
        var _ = lanes();
        sender.send(topics.place().results(), results);
    }

    @Override
    public Map<Lane, Depth> depths() {
        var _ = lanes();
        return topics.depths();
    }

    @Override
    public void check() {
        topics.check();
    }

    /** Tells the brokers what is still in hand, and gives back what is there for too long; to be called again and again. */
    void keep() {
        Map<Lane, KafkaLane> made = lanes;
        if (made != null) {
            made.values().forEach(KafkaLane::keep);
            if (trimming.isDue(clock.millis())) {
                trim();
            }
        }
    }

    /** Deletes what is done. */
    void trim() {
        try {
            topics.trim();
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "{0}; its topics grow as long as nobody else does", e.getMessage());
        }
    }

    /** Topics and groups are looked after before their first use; what fails is tried again by the next call. */
    private Map<Lane, KafkaLane> lanes() {
        Map<Lane, KafkaLane> made = lanes;
        return made == null ? make() : made;
    }

    private synchronized Map<Lane, KafkaLane> make() {
        Map<Lane, KafkaLane> made = lanes;
        if (made != null) {
            return made;
        }
        boolean share = topics.prepare();
        made = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            String topic = topics.place().topic(lane);
            made.put(
                    lane,
                    share
                            ? new ShareLane(lane, topic, clients, sender, clock)
                            : new ClassicLane(lane, topic, clients, sender, clock));
        }
        lanes = made;
        return made;
    }

    @Override
    public synchronized void close() {
        keeper.close();
        Map<Lane, KafkaLane> made = lanes;
        if (made != null) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                made.values().forEach(lane -> threads.execute(lane::close));
            }
        }
        sender.close();
        clients.close();
    }
}
