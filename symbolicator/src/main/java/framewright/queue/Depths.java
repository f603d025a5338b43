package framewright.queue;

import framewright.database.StorageFailure;
import java.time.InstantSource;
import java.util.Map;

/** How full the lanes are, as of a moment ago: an engine is not asked for every event and every metric. */
final class Depths {
    private static final long MAX_AGE_MILLIS = 1_000;

    private final QueueEngine engine;
    private final InstantSource clock;
    private Map<Lane, Depth> last = Map.of();
    private long at = Long.MIN_VALUE / 2;

    Depths(QueueEngine engine, InstantSource clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /** As it was last known, where the engine does not tell. */
    private synchronized Map<Lane, Depth> now() {
        long now = clock.millis();
        if (now - at >= MAX_AGE_MILLIS) {
            at = now;
            try {
                last = engine.depths();
            } catch (StorageFailure e) {
                // the same engine tells those who send and take
            }
        }
        return last;
    }

    Depth of(Lane lane) {
        return now().getOrDefault(lane, new Depth(0, null));
    }

    long total() {
        return now().values().stream().mapToLong(Depth::messages).sum();
    }
}
