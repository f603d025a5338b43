package framewright.queue;

import framewright.database.StorageFailure;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What this node has taken from the engine and has not settled: each lane is filled while it has room, leases are renewed,
 * and what is not begun goes back at the end.
 */
final class Feed {
    /** How long a lane's engine is waited for in one go; a stop waits no longer than this. */
    private static final Duration RECEIVE = Duration.ofSeconds(2);

    /** Less than any engine lets go of. */
    private static final int MANY_DELIVERIES = 4;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final QueueEngine engine;
    private final Lanes lanes;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Consumer<StorageFailure> troubles;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();

    /** Lanes that had nothing more at the engine when this node looked last. */
    private final Set<Lane> emptied = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** @param troubles hears of what makes this wait */
    Feed(QueueEngine engine, Lanes lanes, InstantSource clock, Metrics metrics, Consumer<StorageFailure> troubles) {
        this.engine = engine;
        this.lanes = lanes;
        this.clock = clock;
        this.metrics = metrics;
        this.troubles = troubles;
    }

    /** Takes from a lane until this is closed. */
    void fill(Lane lane) throws InterruptedException {
        LanePool pool = lanes.pool(lane);
        Duration pause = PAUSE;
        while (!closed) {
            List<Held> excess = new ArrayList<>();
            int room = pool.awaitRoom(lane, excess);
            try {
                crowd(excess);
                List<Delivery> taken = engine.receive(lane, room, RECEIVE);
                if (taken.size() < room) {
                    emptied.add(lane);
                } else {
                    emptied.remove(lane);
                }
                take(lane, kept(lane, taken));
                pause = PAUSE;
            } catch (StorageFailure e) {
                troubles.accept(e);
                give(excess);
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    /**
     * Sends to a lane. Where nothing else waits there, this node takes at once what it has room for.
     *
     * @throws StorageFailure the engine does not take them; some may be there
     */
    void send(Lane lane, List<Message> messages) {
        int room = closed || !emptied.contains(lane) ? 0 : lanes.pool(lane).room(lane);
        if (messages.size() > room) {
            // the rest waits there
            emptied.remove(lane);
        }
        take(lane, engine.send(lane, messages, room));
    }

    /** What was handed out often is sent anew before the engine lets go of it: nobody may have begun with it. */
    private List<Delivery> kept(Lane lane, List<Delivery> taken) {
        Map<Boolean, List<Delivery>> often = taken.stream()
                .collect(Collectors.partitioningBy(one -> engine.letsGo() && one.deliveries() >= MANY_DELIVERIES));
        List<Delivery> anew = often.getOrDefault(true, List.of());
        if (!anew.isEmpty()) {
            engine.send(lane, anew.stream().map(Delivery::message).toList());
            engine.acknowledge(anew);
        }
        return often.getOrDefault(false, List.of());
    }

    private void take(Lane lane, List<Delivery> taken) {
        long now = clock.millis();
        List<Held> all = taken.stream().map(delivery -> Held.of(delivery, now)).toList();
        held.addAll(all);
        if (closed) {
            give(all);
            return;
        }
        all.forEach(_ -> metrics.count(Metric.QUEUE_RECEIVED, lane.text()));
        lanes.pool(lane).add(all);
    }

    /** Sends on what one project has beyond its share, so that others get to the front. */
    private void crowd(List<Held> excess) {
        if (excess.isEmpty()) {
            return;
        }
        engine.send(
                Lane.CROWDED,
                excess.stream().map(Held::message).map(Run::sentOn).toList());
        engine.acknowledge(excess.stream().map(Held::delivery).toList());
        excess.forEach(held::remove);
        excess.forEach(_ -> metrics.count(Metric.QUEUE_SENT_ON, Lane.CROWDED.text()));
    }

    /** It is settled. */
    void ended(Held one) {
        held.remove(one);
    }

    /** Gives back what this node does not do. */
    void give(List<Held> back) {
        back.forEach(held::remove);
        try {
            engine.release(back.stream().map(Held::delivery).toList());
        } catch (StorageFailure e) {
            // it comes back when its lease is over
            troubles.accept(e);
        }
    }

    /** Renews the leases of all until this is closed. */
    void keepRenewing() throws InterruptedException {
        while (!closed) {
            Thread.sleep(engine.lease().dividedBy(3));
            try {
                Map<Lane, List<Delivery>> byLane =
                        held.stream().map(Held::delivery).collect(Collectors.groupingBy(Delivery::lane));
                byLane.values().forEach(engine::renew);
            } catch (StorageFailure e) {
                troubles.accept(e);
            }
        }
    }

    /** Takes nothing more, and gives back what nobody has begun. */
    void close() {
        closed = true;
        List<Held> left = new ArrayList<>();
        lanes.pools().forEach(pool -> left.addAll(pool.clear()));
        give(left);
    }

    /** Gives back what is still begun, once nobody works on it any more. */
    void giveAll() {
        give(List.copyOf(held));
    }
}
