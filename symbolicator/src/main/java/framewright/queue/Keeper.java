package framewright.queue;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Does something again and again, until it is closed. */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Keeper.class.getName());

    private final Thread thread;

    Keeper(String name, Duration every, Runnable work) {
        this.thread = Thread.ofVirtual().name(name).start(() -> run(every, work));
    }

    private static void run(Duration every, Runnable work) {
        while (true) {
            try {
                Thread.sleep(every);
                work.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // whoever needs the broker hears of it
                LOG.log(Level.FINE, "not looked after for now", e);
            }
        }
    }

    /** Returns when nothing is being done any more. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
