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
 * Before that moment, a result of the best kind waits for those that stand before it no longer than a given time; they
 * go on without anyone, for whoever asks next.
 */
final class Race<R> {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(5);

    /** One that takes part. */
    interface Runner<R> {
        R run(Interest.Waiter waiter) throws InterruptedException;
    }

    /** Whether nothing could be better, and only what stands before it as good. */
    interface Verdict<R> {
        boolean isBest(R result);
    }

    private record Arrival<R>(int place, R result) {}

    private record Lane<R>(int place, Interest.Waiter waiter, Future<Arrival<R>> end) {}

    private final List<@Nullable R> results;
    private final Verdict<R> verdict;
    private final Duration patience;

    /**
     * @param known results that are there already, null for those that are to come
     * @param patience with those that stand before a result of the best kind
     */
    Race(List<@Nullable R> known, Verdict<R> verdict, Duration patience) {
        this.results = new ArrayList<>(known);
        this.verdict = verdict;
        this.patience = patience;
    }

    /**
     * Runs one for each result that is to come, in their order. An interrupt of the caller reaches all; what one
     * throws is thrown here, after all have ended.
     *
     * @param late the result of those that were not waited for
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
                int best = best();
                lanes.stream().filter(lane -> lane.place > best).forEach(lane -> lane.waiter.giveUp());
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
        return new Lane<>(place, waiter, arrivals.submit(() -> new Arrival<>(place, runner.run(waiter))));
    }

    /** Place of the first result of the best kind; -1: there is none yet. */
    private int best() {
        for (int i = 0; i < results.size(); i++) {
            R result = results.get(i);
            if (result != null && verdict.isBest(result)) {
                return i;
            }
        }
        return -1;
    }

    private void await(int running, CompletionService<Arrival<R>> arrivals) throws InterruptedException {
        long started = System.nanoTime();
        long left = Long.MAX_VALUE;
        boolean certain = false;
        for (int i = 0; i < running; i++) {
            int best = best();
            long took = System.nanoTime() - started;
            if (best >= 0 && left == Long.MAX_VALUE) {
                left = took + patience.toNanos();
            }
            if (!certain && best >= 0 && !results.subList(0, best).contains(null)) {
                certain = true;
                left = took + Math.clamp(took, LEAST.toNanos(), MOST.toNanos());
            }
            Future<Arrival<R>> next = best < 0 ? arrivals.take() : arrivals.poll(left - took, TimeUnit.NANOSECONDS);
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
