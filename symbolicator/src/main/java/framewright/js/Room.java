package framewright.js;

import java.util.concurrent.Semaphore;

/**
 * Memory that reading files may take at a time. Who wants more than is left waits, so that many large maps are read one
 * after the other rather than all at once.
 */
final class Room {
    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore left;

    /** @param bytes in all */
    Room(long bytes) {
        this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        this.left = new Semaphore(units, true);
    }

    /** Room that is given back by closing it; more calls do nothing. For one thread at a time. */
    static final class Taken implements AutoCloseable {
        private final Semaphore from;
        private int units;

        private Taken(Semaphore from, int units) {
            this.from = from;
            this.units = units;
        }

        /** The same room for who goes on with what is in it; closing this one does nothing any more. */
        Taken handOver() {
            Taken heir = new Taken(from, units);
            units = 0;
            return heir;
        }

        @Override
        public void close() {
            from.release(units);
            units = 0;
        }
    }

    /** Waits for room; what is larger than all gets all. */
    Taken take(long bytes) throws InterruptedException {
        int wanted = Math.clamp(bytes / UNIT + 1, 1, units);
        left.acquire(wanted);
        return new Taken(left, wanted);
    }

    /** Whether half of it is left and nobody waits for more. */
    boolean isAmple() {
        return left.availablePermits() >= units / 2 && !left.hasQueuedThreads();
    }
}
