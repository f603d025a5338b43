package framewright.fetch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that a test moves, and chance that it chooses. A pause takes none of the test's time. */
final class HandPacing implements Pacing {
    private record Timer(long due, Runnable task) {}

    private final double chance;
    private final List<Timer> timers = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private long now;

    HandPacing(double chance) {
        this.chance = chance;
    }

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public void pause(Duration time) {
        synchronized (this) {
            pauses.add(time);
        }
        advance(time);
    }

    @Override
    public double chance() {
        return chance;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> remove(timer);
    }

    private synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    /** Runs what is due by then. */
    void advance(Duration time) {
        List<Timer> due;
        synchronized (this) {
            now += time.toNanos();
            due = timers.stream().filter(timer -> timer.due <= now).toList();
            timers.removeAll(due);
        }
        due.forEach(timer -> timer.task.run());
    }

    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    synchronized int armed() {
        return timers.size();
    }

    @Override
    public void close() {}
}
