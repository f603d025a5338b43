package framewright.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock and its timers, moved by hand. */
public final class HandTimers implements Timers, InstantSource {
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final List<Task> tasks = new ArrayList<>();

    private record Task(Instant due, Runnable run) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public Runnable after(Duration delay, Runnable run) {
        if (delay.isZero()) {
            run.run();
            return () -> {};
        }
        return add(delay, run);
    }

    /** Lets time pass and runs what is due, in order. */
    public void advance(Duration by) {
        for (Task task : due(by)) {
            task.run().run();
        }
    }

    /** Waits until so many tasks are set. */
    public synchronized void awaitTasks(int count) throws InterruptedException {
        while (tasks.size() < count) {
            wait();
        }
    }

    public synchronized int tasks() {
        return tasks.size();
    }

    @Override
    public void close() {}

    private synchronized Runnable add(Duration delay, Runnable run) {
        Task task = new Task(now.plus(delay), run);
        tasks.add(task);
        notifyAll();
        return () -> cancel(task);
    }

    private synchronized List<Task> due(Duration by) {
        now = now.plus(by);
        List<Task> due = tasks.stream()
                .filter(task -> !task.due().isAfter(now))
                .sorted(Comparator.comparing(Task::due))
                .toList();
        tasks.removeAll(due);
        return due;
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }
}
