package framewright.shared;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Missing;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.HostDenyList;
import framewright.fetch.StoreClient.Body;
import framewright.telemetry.Seldom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A store that is left alone for a while when it keeps failing, so that nobody waits for it meanwhile. */
final class GuardedStore implements Store {
    private static final Logger LOG = Logger.getLogger(GuardedStore.class.getName());

    private static final DenyList LIMITS =
            new DenyList(true, Duration.ofMinutes(1), Duration.ofSeconds(5), 5, Duration.ofSeconds(30), Set.of());

    private final Store store;
    private final InstantSource clock;
    private final HostDenyList breaker;
    private final Seldom failing = new Seldom();

    GuardedStore(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.breaker = new HostDenyList(LIMITS, clock);
    }

    @FunctionalInterface
    private interface Attempt<T> {
        Outcome<T> run() throws InterruptedException;
    }

    private <T> Outcome<T> guarded(Attempt<T> attempt) throws InterruptedException {
        Failure blocked = breaker.blocked(location());
        if (blocked != null) {
            return Outcome.failed(blocked);
        }
        boolean ended = false;
        try {
            Outcome<T> outcome = attempt.run();
            ended = true;
            if (outcome instanceof Failed<T>(Failure failure) && !(failure instanceof Missing)) {
                breaker.failed(location(), failure);
                tell(failure);
            } else {
                breaker.answered(location());
            }
            return outcome;
        } finally {
            if (!ended) {
                breaker.abandoned(location());
            }
        }
    }

    private void tell(Failure failure) {
        if (failing.isDue(clock.millis())) {
            LOG.log(Level.WARNING, "the shared cache at {0} fails, this node goes on without: {1}", new Object[] {
                location(), failure.describe()
            });
        }
    }

    @Override
    public <T> Outcome<T> read(String name, Reader<T> reader) throws InterruptedException {
        return guarded(() -> store.read(name, reader));
    }

    @Override
    public Outcome<Boolean> create(String name, Body body) throws InterruptedException {
        return guarded(() -> store.create(name, body));
    }

    @Override
    public Outcome<Boolean> write(String name, Body body) throws InterruptedException {
        return guarded(() -> store.write(name, body));
    }

    @Override
    public Outcome<Boolean> remove(String name) throws InterruptedException {
        return guarded(() -> store.remove(name));
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void close() {
        store.close();
    }
}
