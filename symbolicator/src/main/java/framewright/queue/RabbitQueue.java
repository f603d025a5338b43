package framewright.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ as the engine: a quorum queue for each lane, and an exchange with a queue for results. A delivery is ours as long
 * as the channel lives on which it came; what a lost one had is delivered again.
 */
public final class RabbitQueue implements QueueEngine {
    private final RabbitConnection connection;
    private final RabbitConnection sending;
    private final RabbitSender sender;
    private final Map<Lane, RabbitLane> lanes = new EnumMap<>(Lane.class);
    private final Keeper keeper;

    /** @param place nothing is looked up there yet */
    public RabbitQueue(Place place, InstantSource clock) {
        this.connection = new RabbitConnection(place);
        // a broker that is full reads nothing of a connection that has published: nothing would be taken off it, either
        this.sending = new RabbitConnection(place);
        this.sender = new RabbitSender(sending);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new RabbitLane(lane, place.queue(lane), connection, sender, clock));
        }
        this.keeper = new Keeper("rabbitmq-keeper", InHand.LOOK, this::keep);
    }

    /**
     * Which RabbitMQ, and what is ours there.
     *
     * @param uri {@code amqp://user:password@host:port/vhost}, or {@code amqps}
     * @param prefix of the names of queues
     * @param resultsKept how long a result waits for its reader
     */
    public record Place(String uri, String prefix, Duration resultsKept) {
        String queue(Lane lane) {
            return prefix + "." + lane.text();
        }

        /** An exchange, to which readers may bind queues of their own, and the queue for those who do not. */
        String results() {
            return prefix + ".results";
        }

        /** Where goes what was handed out too often. */
        String dead() {
            return prefix + ".dead";
        }

        /** Without user and password. */
        @Override
        public String toString() {
            return "RabbitMQ at " + uri.replaceFirst("//[^/]*@", "//");
        }
    }

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public void send(Lane lane, List<Message> messages) {
        sender.send("", connection.place().queue(lane), messages);
    }

    @Override
    public List<Delivery> receive(Lane lane, int most, Duration wait) throws InterruptedException {
        return lane(lane).receive(most, wait);
    }

    private RabbitLane lane(Lane lane) {
        @Nullable RabbitLane found = lanes.get(lane);
        if (found == null) {
            throw new IllegalStateException("every lane has a queue");
        }
        return found;
    }

    @Override
    public void acknowledge(List<? extends Delivery> deliveries) {
        settle(deliveries, RabbitLane::acknowledge);
    }

    @Override
    public void release(List<? extends Delivery> deliveries) {
        settle(deliveries, RabbitLane::release);
    }

    @Override
    public void renew(List<? extends Delivery> deliveries) {
        settle(deliveries, RabbitLane::renew);
    }

    private void settle(List<? extends Delivery> deliveries, BiConsumer<RabbitLane, List<RabbitDelivery>> how) {
        deliveries.stream()
                .map(RabbitDelivery.class::cast)
                .collect(Collectors.groupingBy(RabbitDelivery::lane))
                .forEach((lane, of) -> how.accept(lane(lane), of));
    }

    @Override
    public Duration lease() {
        return InHand.LEASE;
    }

    @Override
    public void publish(List<Message> results) {
        sender.send(connection.place().results(), "", results);
    }

    /** Those that wait; of those in somebody's hands RabbitMQ tells only its managers. */
    @Override
    public Map<Lane, Depth> depths() {
        return connection.with("does not tell how full the lanes are", channel -> {
            Map<Lane, Depth> depths = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                long waiting = channel.queueDeclarePassive(connection.place().queue(lane))
                        .getMessageCount();
                depths.put(lane, new Depth(waiting, null));
            }
            return depths;
        });
    }

    @Override
    public void check() {
        // declaring nothing: opening a channel is a question that only a broker that works answers
        var _ = connection.with("does not answer", _ -> true);
    }

    /** Gives back what is there for too long; to be called again and again. */
    void keep() {
        lanes.values().forEach(RabbitLane::keep);
    }

    @Override
    public void close() {
        keeper.close();
        sending.close();
        connection.close();
    }
}
