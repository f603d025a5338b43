package framewright.objects;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for several things at once. From the moment at which the best of them is certain, those under way get as long
 * again as that took, within bounds: what comes in time is told like everything else, and what is slower is given up.
 */
final class Race<R> {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(5);

    /** One that takes part. */
    interface Runner<R> {
        R run(Interest.Waiter waiter) throws InterruptedException;
    }

    /** Whether nothing that could still come from those without a result would change what is chosen. */
    interface Verdict<R> {
        boolean isCertain(List<@Nullable R> results);
    }

    private record Arrival<R>(int place, R result) {}

    private record Lane<R>(Interest.Waiter waiter, Future<Arrival<R>> end) {}

    private final List<@Nullable R> results;
    private final Verdict<R> verdict;

    /** @param known results that are there already, null for those that are to come */
    Race(List<@Nullable R> known, Verdict<R> verdict) {
        this.results = new ArrayList<>(known);
        this.verdict = verdict;
    }

    /**
     * Runs one for each result that is to come, in their order. An interrupt of the caller reaches all; what one
     * throws is thrown here, after all have ended.
     *
     * @param late the result of those that were given up
     */
    List<R> run(List<Runner<R>> runners, R late) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<Arrival<R>> arrivals = new ExecutorCompletionService<>(threads);
            List<Lane<R>> lanes = new ArrayList<>(runners.size());
            int place = -1;
            for (Runner<R> runner : runners) {
                place = nextGap(place);
                lanes.add(start(place, runner, arrivals));
            }
            try {
                await(lanes.size(), arrivals);
                lanes.forEach(lane -> lane.waiter.giveUp());
            } finally {
                lanes.forEach(lane -> lane.end.cancel(true));
            }
        }
        List<R> all = new ArrayList<>(results.size());
        results.forEach(result -> all.add(result == null ? late : result));
        return all;
    }

    private int nextGap(int place) {
        int next = place + 1;
        while (results.get(next) != null) {
            next++;
        }
        return next;
    }

    private static <R> Lane<R> start(int place, Runner<R> runner, CompletionService<Arrival<R>> arrivals) {
        Interest.Waiter waiter = new Interest.Waiter();
        return new Lane<>(waiter, arrivals.submit(() -> new Arrival<>(place, runner.run(waiter))));
    }

    private void await(int running, CompletionService<Arrival<R>> arrivals) throws InterruptedException {
        long started = System.nanoTime();
        long end = 0;
        boolean certain = false;
        for (int i = 0; i < running; i++) {
            if (!certain && verdict.isCertain(results)) {
                certain = true;
                long took = System.nanoTime() - started;
                end = started + took + Math.clamp(took, LEAST.toNanos(), MOST.toNanos());
            }
            Future<Arrival<R>> next =
                    certain ? arrivals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) : arrivals.take();
            if (next == null) {
                return;
            }
            try {
                Arrival<R> arrival = next.get();
                results.set(arrival.place, arrival.result);
            } catch (ExecutionException e) {
                throw Parallel.unchecked(e.getCause());
            }
        }
    }
}
