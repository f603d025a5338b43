package framewright.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One piece of work on its way to its end. Ends once, whoever is first: the work or the wall limit. */
final class Job {
    private final UUID id = UUID.randomUUID();
    private final List<Consumer<JobState.Ended>> listeners = new ArrayList<>();
    private final CompletableFuture<JobState.Ended> end = new CompletableFuture<>();
    private JobState.@Nullable Ended state;

    UUID id() {
        return id;
    }

    /** Ends the job, unless it has ended: tells the listeners in their order, then all who wait. */
    void end(JobState.Ended ended) {
        if (claim(ended)) {
            listeners.forEach(listener -> listener.accept(ended));
            end.complete(ended);
        }
    }

    /** Calls {@code listener} with the end before anyone who waits learns it; at once where it has come. */
    void whenEnded(Consumer<JobState.Ended> listener) {
        JobState.Ended ended = addIfOpen(listener);
        if (ended != null) {
            listener.accept(ended);
        }
    }

    /**
     * Waits for the end.
     *
     * @param wait null: as long as it takes
     */
    JobState await(@Nullable Duration wait, Timers timers) throws InterruptedException {
        JobState.Ended now = end.getNow(null);
        if (now != null) {
            return now;
        }
        CompletableFuture<JobState> first = end.thenApply(ended -> ended);
        Runnable cancel = wait == null ? () -> {} : timers.after(wait, () -> first.complete(new JobState.Pending(id)));
        try {
            return first.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            cancel.run();
        }
    }

    private synchronized boolean claim(JobState.Ended ended) {
        boolean first = state == null;
        if (first) {
            state = ended;
        }
        return first;
    }

    private synchronized JobState.@Nullable Ended addIfOpen(Consumer<JobState.Ended> listener) {
        if (state == null) {
            listeners.add(listener);
        }
        return state;
    }
}
