package framewright.queue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

/**
 * Lanes that share slots: what they hold, and whose turn it is. Of several lanes that have something, each gets slots by
 * its weight.
 */
final class LanePool {
    /** How many may wait for a slot besides those that have one, for each slot; beyond, work goes back to the engine. */
    private static final int WAITING_PER_SLOT = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Lane, FairBuffer<Held>> buffers = new EnumMap<>(Lane.class);
    private final Map<Lane, Integer> credit = new EnumMap<>(Lane.class);
    private final int slots;
    private final Semaphore free;

    LanePool(List<Lane> lanes, int slots, int room, ToDoubleFunction<String> weights) {
        this.slots = slots;
        this.free = new Semaphore(slots, true);
        for (Lane lane : lanes) {
            buffers.put(lane, new FairBuffer<>(room, weights));
            credit.put(lane, 0);
        }
    }

    /** Of ten turns, how many are a lane's while others want some too. */
    private static int weight(Lane lane) {
        return lane == Lane.CROWDED || lane == Lane.LATE ? 1 : 8;
    }

    /** Waits until the lane has room, and says how much; what is beyond a project's share is taken out to make some. */
    int awaitRoom(Lane lane, List<Held> excess) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            FairBuffer<Held> buffer = buffer(lane);
            while (true) {
                if (lane != Lane.CROWDED) {
                    excess.addAll(buffer.excess());
                }
                if (buffer.free() > 0) {
                    return buffer.free();
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many more the lane holds. */
    int room(Lane lane) {
        lock.lock();
        try {
            return buffer(lane).free();
        } finally {
            lock.unlock();
        }
    }

    void add(List<Held> all) {
        lock.lock();
        try {
            all.forEach(held -> buffer(held.lane()).add(held.project(), held));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to do and a slot to do it in; the caller gives the slot back. */
    Held take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        free.acquire();
        lock.lock();
        try {
            // only this pool's one starter takes
            Held next = buffer(nextLane()).poll();
            changed.signalAll();
            if (next == null) {
                throw new IllegalStateException("a lane that has something has nothing");
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return buffers.values().stream().allMatch(buffer -> buffer.size() == 0);
    }

    /** Each lane that has something earns its weight; the richest pays all of it. */
    private Lane nextLane() {
        int total = 0;
        Lane richest = null;
        for (Map.Entry<Lane, FairBuffer<Held>> entry : buffers.entrySet()) {
            if (entry.getValue().size() > 0) {
                Lane lane = entry.getKey();
                total += weight(lane);
                int now = credit.merge(lane, weight(lane), Integer::sum);
                if (richest == null || now > credit.getOrDefault(richest, 0)) {
                    richest = lane;
                }
            }
        }
        if (richest == null) {
            throw new IllegalStateException("no lane has anything");
        }
        credit.merge(richest, -total, Integer::sum);
        return richest;
    }

    /** A slot for work that comes from another pool; false: as many as may wait do. */
    boolean enter() throws InterruptedException {
        if (free.tryAcquire()) {
            return true;
        }
        if (free.getQueueLength() >= slots * WAITING_PER_SLOT) {
            return false;
        }
        free.acquire();
        return true;
    }

    void leave() {
        free.release();
    }

    /** Slots in use. */
    int running() {
        return slots - free.availablePermits();
    }

    int buffered(Lane lane) {
        lock.lock();
        try {
            return buffer(lane).size();
        } finally {
            lock.unlock();
        }
    }

    Map<String, Integer> projects(Lane lane) {
        lock.lock();
        try {
            return buffer(lane).sizes();
        } finally {
            lock.unlock();
        }
    }

    /** Takes out what nobody has begun. */
    List<Held> clear() {
        lock.lock();
        try {
            List<Held> all = new ArrayList<>();
            buffers.values().forEach(buffer -> all.addAll(buffer.clear()));
            return all;
        } finally {
            lock.unlock();
        }
    }

    private FairBuffer<Held> buffer(Lane lane) {
        FairBuffer<Held> buffer = buffers.get(lane);
        if (buffer == null) {
            throw new IllegalArgumentException(lane + " is of another pool");
        }
        return buffer;
    }
}
