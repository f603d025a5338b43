package framewright.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Keeps messages, and hands each to one node at a time. At least once: whoever works on a message must know whether that
 * was done before. Whatever an engine fails at is a {@link framewright.database.StorageFailure}; it mends itself, and the
 * next call may succeed. All methods may be called by many threads, and wait without holding a carrier.
 */
public interface QueueEngine extends AutoCloseable {
    /** Stable name: {@code sqlite}, {@code postgres}, {@code kafka}, {@code rabbitmq}. */
    String name();

    /** Puts messages into a lane; when this returns, they outlive any crash. On failure some may be there. */
    void send(Lane lane, List<Message> messages);

    /**
     * The same, for a node that takes the first of them itself where that saves the way there and back.
     *
     * @param most none is taken beyond these
     * @return what this node has now, as if it had received them; empty: an engine need not do so
     */
    default List<Delivery> send(Lane lane, List<Message> messages, int most) {
        send(lane, messages);
        return List.of();
    }

    /**
     * Takes messages off a lane; they are this node's for {@link #lease}, and again with each {@link #renew}. One that is
     * neither settled nor renewed by then is delivered again, to whichever node.
     *
     * @param most none is taken beyond these, so that other nodes can have them
     * @param wait how long to wait for the first; the rest are those that are there by then
     * @return empty: none came
     */
    List<Delivery> receive(Lane lane, int most, Duration wait) throws InterruptedException;

    /** The work is done: the messages go. One whose lease was over may be delivered again all the same. */
    void acknowledge(List<? extends Delivery> deliveries);

    /** Gives back what this node does not do: the messages are delivered again, soon. */
    void release(List<? extends Delivery> deliveries);

    /** Goes on having these for another {@link #lease}. */
    void renew(List<? extends Delivery> deliveries);

    /** How long a delivery is this node's without being renewed. */
    Duration lease();

    /**
     * Whether a delivery that is not settled keeps this node from taking others: then work that turns out slow is sent on
     * at once, and not waited for.
     */
    default boolean isHeldUpBySlowWork() {
        return false;
    }

    /** Whether it lets go of what it has handed out many times, though nobody may have begun with it. */
    default boolean letsGo() {
        return true;
    }

    /** Whether there are readers to send results to. */
    default boolean hasReadersOfItsOwn() {
        return true;
    }

    /** Sends results to where readers of this engine look for them; nothing where they look into the database. */
    void publish(List<Message> results);

    /** How full each lane is. */
    Map<Lane, Depth> depths();

    /**
     * How many messages of each project a lane has, by {@code organisation/project}, of those projects that have most; nothing
     * of an engine that cannot tell.
     */
    default Map<String, Long> projects(Lane lane) {
        return Map.of();
    }

    /** @throws framewright.database.StorageFailure where it does not answer */
    void check();

    /** Gives back what is in hand. */
    @Override
    void close();
}
