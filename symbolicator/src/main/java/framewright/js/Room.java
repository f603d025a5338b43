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

    /** Room that is given back by closing it. */
    interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for room; what is larger than all gets all. */
    Taken take(long bytes) throws InterruptedException {
        int wanted = Math.clamp(bytes / UNIT + 1, 1, units);
        left.acquire(wanted);
        return () -> left.release(wanted);
    }
}
