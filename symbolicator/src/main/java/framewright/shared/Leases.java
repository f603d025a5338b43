package framewright.shared;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who makes what. A lease is an object {@code leases/<name>.<epoch>} that its holder created where there was none, and
 * writes anew, with another number in it, for as long as it lives. It ends when it is removed.
 *
 * <p><b>Dead holders.</b> Whoever waits measures by its own clock how long it has seen a lease unchanged. After the
 * lease time it creates the lease of the next epoch; of several who wait, one succeeds. No clock is compared with
 * another, and nobody removes what another may just have created.
 */
final class Leases implements AutoCloseable {
    /** A holder that lives may still be stuck. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    /** For the removal of one lease at the end. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    /** Within the lease time, so that one lost write does not end a lease. */
    private static final int RENEWALS = 3;

    /** How taking a lease ended. */
    sealed interface Taking {
        /** It is ours until it is closed. */
        record Taken(Lease lease) implements Taking {}

        /** Another node had it and has let go. */
        record Ended() implements Taking {}

        /** There are no leases to be had now. */
        record Unavailable() implements Taking {}
    }

    private final Store store;
    private final Duration time;
    private final String node = UUID.randomUUID().toString();
    private final AtomicLong beats = new AtomicLong();
    private final Set<Lease> held = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private final LongAdder waits = new LongAdder();
    private final LongAdder takeOvers = new LongAdder();

    /** @param time for which a lease may stay unchanged */
    Leases(Store store, Duration time) {
        this.store = store;
        this.time = time;
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .name("shared-leases")
                        .inheritInheritableThreadLocals(false)
                        .factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A lease that is held and renewed until it is closed. */
    final class Lease implements AutoCloseable {
        private final String name;
        private final int epoch;
        private final Future<?> renewal;

        private Lease(String name, int epoch) {
            this.name = name;
            this.epoch = epoch;
            long step = Math.max(1, time.toMillis() / RENEWALS);
            held.add(this);
            this.renewal = timer.scheduleAtFixedRate(
                    () -> Thread.startVirtualThread(this::renew), step, step, TimeUnit.MILLISECONDS);
        }

        private void renew() {
            try {
                var _ = store.write(object(name, epoch), Text.of(beat()));
                if (renewal.isCancelled()) {
                    // it ended meanwhile, and must not come to life again
                    var _ = store.remove(object(name, epoch));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Lets go, with what dead holders left; soon. */
        @Override
        public void close() {
            var _ = end();
        }

        private Thread end() {
            held.remove(this);
            renewal.cancel(false);
            return Thread.startVirtualThread(() -> {
                try {
                    for (int old = epoch; old >= 0; old--) {
                        var _ = store.remove(object(name, old));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /** Takes the lease on a name, or waits until whoever has it lets go or dies. */
    Taking take(String name) throws InterruptedException {
        int epoch = 0;
        Taking first = create(name, epoch);
        if (!(first instanceof Taking.Ended)) {
            return first;
        }
        waits.increment();
        long start = System.nanoTime();
        long unchangedSince = start;
        String seen = "";
        long pause = FIRST_PAUSE.toNanos();
        while (System.nanoTime() - start < MAX_WAIT.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(
                    (long) (pause * (0.5 + ThreadLocalRandom.current().nextDouble())));
            pause = Math.min(MAX_PAUSE.toNanos(), pause + pause / 2);
            switch (store.read(object(name, epoch), Text::read)) {
                case Failed<String>(Failure failure) -> {
                    return failure instanceof Missing ? new Taking.Ended() : new Taking.Unavailable();
                }
                case Found<String>(String content) -> {
                    if (!content.equals(seen)) {
                        seen = content;
                        unchangedSince = System.nanoTime();
                    } else if (System.nanoTime() - unchangedSince > time.toNanos()) {
                        epoch++;
                        Taking taking = create(name, epoch);
                        if (!(taking instanceof Taking.Ended)) {
                            takeOvers.increment();
                            return taking;
                        }
                        seen = "";
                    }
                }
            }
        }
        return new Taking.Unavailable();
    }

    /** {@link Taking.Ended} where another node has it. */
    private Taking create(String name, int epoch) throws InterruptedException {
        Outcome<Boolean> created = store.create(object(name, epoch), Text.of(beat()));
        return switch (created) {
            case Failed<Boolean> _ -> new Taking.Unavailable();
            case Found<Boolean>(Boolean first) -> {
                if (!first) {
                    yield new Taking.Ended();
                }
                try {
                    yield new Taking.Taken(new Lease(name, epoch));
                } catch (RejectedExecutionException e) {
                    // closing; the others will find nobody alive
                    yield new Taking.Unavailable();
                }
            }
        };
    }

    private String beat() {
        return node + " " + beats.incrementAndGet();
    }

    private static String object(String name, int epoch) {
        return "leases/" + name + "." + epoch;
    }

    /** How often this node has waited for another. */
    long waits() {
        return waits.sum();
    }

    /** How often it took over from one that was dead. */
    long takeOvers() {
        return takeOvers.sum();
    }

    /** Lets go of all leases, so that nobody waits for who has left; those that cannot be removed now are taken over. */
    @Override
    public void close() {
        try {
            for (Thread ending : held.stream().map(Lease::end).toList()) {
                if (!ending.join(LAST_WAIT)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }
}
