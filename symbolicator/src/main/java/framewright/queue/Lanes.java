package framewright.queue;

import framewright.config.QueueSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The lanes of this node. Those whose work the processor does share its slots; each of the others has its own. */
final class Lanes {
    /** Held by a lane and not begun. Few, so that other nodes find work, and enough to see that one project has most. */
    private static final int ROOM = 64;

    private final Map<Lane, LanePool> pools = new EnumMap<>(Lane.class);

    Lanes(QueueSettings settings) {
        QueueSettings.Slots slots = settings.slots();
        add(List.of(Lane.WARM, Lane.CROWDED, Lane.LATE), slots.warm(), settings);
        add(List.of(Lane.CONVERT), slots.convert(), settings);
        add(List.of(Lane.DOWNLOAD), slots.download(), settings);
        add(List.of(Lane.SCRAPE), slots.scrape(), settings);
        add(List.of(Lane.DUMP), slots.dump(), settings);
    }

    private void add(List<Lane> lanes, int slots, QueueSettings settings) {
        LanePool pool = new LanePool(lanes, slots, Math.max(ROOM, 2 * slots), settings::weight);
        lanes.forEach(lane -> pools.put(lane, pool));
    }

    LanePool pool(Lane lane) {
        LanePool pool = pools.get(lane);
        if (pool == null) {
            throw new IllegalArgumentException("no pool for " + lane);
        }
        return pool;
    }

    /** Each once. */
    List<LanePool> pools() {
        return pools.values().stream().distinct().toList();
    }
}
