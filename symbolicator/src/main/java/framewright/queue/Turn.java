package framewright.queue;

import framewright.telemetry.Effort;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The slot that an event's work has. Work that turns out slower than its lane is for gives its slot back at once and goes
 * on in one of a slower lane; where too many wait there, it goes without what is slow, and is to be sent on.
 */
final class Turn implements Effort.Watch, AutoCloseable {
    private final Lanes lanes;
    private final InstantSource clock;
    private final List<String> path = new ArrayList<>();
    private final Map<Effort.Step, Integer> steps = new EnumMap<>(Effort.Step.class);
    private final boolean moves;
    private Lane lane;
    private @Nullable LanePool slot;
    private @Nullable Lane refused;

    /**
     * @param lane whose slot it has, and gives back
     * @param moves whether slow work goes on here, where there is a slot
     */
    Turn(Lanes lanes, Lane lane, boolean moves, InstantSource clock) {
        this.lanes = lanes;
        this.lane = lane;
        this.moves = moves;
        this.clock = clock;
        this.slot = lanes.pool(lane);
    }

    /** The lane where such a step belongs. */
    private static Lane laneOf(Effort.Step step) {
        return switch (step) {
            case CONVERT -> Lane.CONVERT;
            case DOWNLOAD -> Lane.DOWNLOAD;
            case SCRAPE -> Lane.SCRAPE;
        };
    }

    /** One thread of the event moves it, the others wait for that. */
    @Override
    public synchronized boolean mayBegin(Effort.Step step) throws InterruptedException {
        if (refused != null || slot == null) {
            return false;
        }
        steps.merge(step, 1, Integer::sum);
        Lane target = laneOf(step);
        if (!isFaster(lane, target)) {
            return true;
        }
        LanePool next = lanes.pool(target);
        LanePool left = slot;
        slot = null;
        left.leave();
        if (!moves || !next.enter()) {
            refused = target;
            return false;
        }
        slot = next;
        step("moved from " + lane.text() + " to " + target.text());
        lane = target;
        return true;
    }

    /** Whether work of the second lane does not belong into the first. Stacks of a dump are walked by then. */
    private static boolean isFaster(Lane lane, Lane other) {
        return rank(lane) < rank(other);
    }

    private static int rank(Lane lane) {
        return switch (lane) {
            case WARM, CROWDED, LATE, DUMP -> 0;
            case CONVERT -> 1;
            case DOWNLOAD -> 2;
            case SCRAPE -> 3;
        };
    }

    /** Where it is to be sent on to; null: it could do all. */
    synchronized @Nullable Lane refused() {
        return refused;
    }

    synchronized Lane lane() {
        return lane;
    }

    /** Notes what happened. */
    synchronized void step(String what) {
        path.add(clock.millis() + " " + what);
    }

    /** What has happened so far. */
    synchronized List<String> path() {
        return List.copyOf(path);
    }

    /** What was done that is slow, in words; empty: nothing. */
    synchronized String slowSteps() {
        List<String> words = new ArrayList<>();
        steps.forEach((step, times) -> words.add(step.text() + " x" + times));
        return String.join(", ", words);
    }

    /** Gives the slot back. */
    @Override
    public synchronized void close() {
        if (slot != null) {
            slot.leave();
            slot = null;
        }
    }
}
