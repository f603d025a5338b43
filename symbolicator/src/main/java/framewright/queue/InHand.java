package framewright.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node has of a broker that knows no leases as ours: until when each may stay. Whoever looks after it gives back
 * what is overdue.
 *
 * @param <D> equal to itself only
 */
final class InHand<D extends Delivery> {
    static final Duration LEASE = Duration.ofMinutes(1);

    /** How often is looked for what is overdue, and what the broker must hear of is said to it. */
    static final Duration LOOK = Duration.ofSeconds(5);

    private final Map<D, Instant> ends = new ConcurrentHashMap<>();
    private final InstantSource clock;

    InHand(InstantSource clock) {
        this.clock = clock;
    }

    void take(D delivery) {
        ends.put(delivery, end());
    }

    void renew(D delivery) {
        ends.computeIfPresent(delivery, (_, _) -> end());
    }

    boolean has(D delivery) {
        return ends.containsKey(delivery);
    }

    /** Whether it was still here: it is settled once. */
    boolean settle(D delivery) {
        return ends.remove(delivery) != null;
    }

    List<D> all() {
        return new ArrayList<>(ends.keySet());
    }

    /** Those whose lease is over. */
    List<D> overdue() {
        Instant now = clock.instant();
        return all().stream()
                .filter(delivery -> now.isAfter(ends.getOrDefault(delivery, Instant.MAX)))
                .toList();
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    /** The broker has them again. */
    void forget() {
        ends.clear();
    }

    private Instant end() {
        return clock.instant().plus(LEASE);
    }
}
