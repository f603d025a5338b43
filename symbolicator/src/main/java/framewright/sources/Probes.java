package framewright.sources;

import framewright.api.Readiness.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Checks of what is elsewhere, made behind the answer: whoever asks is told how the last one ended, and never waits for
 * a server that does not answer.
 */
public final class Probes {
    private static final Logger LOG = Logger.getLogger(Probes.class.getName());
    private static final Duration KEPT = Duration.ofSeconds(30);

    /** One check, which may take its time. */
    @FunctionalInterface
    public interface Probe {
        Check run() throws InterruptedException;
    }

    /** How a check last ended, and when the next one is due. */
    private record Last(Check check, Instant due) {}

    private record Watched(String name, Probe probe, AtomicReference<Last> last) {}

    private final InstantSource clock;
    private final List<Watched> all = new ArrayList<>();

    public Probes(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a check; before the first question. */
    public void add(String name, Probe probe) {
        Check unknown = new Check(name, true, "is being asked", false);
        all.add(new Watched(name, probe, new AtomicReference<>(new Last(unknown, Instant.MIN))));
    }

    /** How all checks last ended; those that are due are made anew, for whoever asks next. */
    public List<Check> last() {
        Instant now = clock.instant();
        for (Watched watched : all) {
            Last known = watched.last.get();
            Last asked = new Last(known.check, now.plus(KEPT));
            if (!now.isBefore(known.due) && watched.last.compareAndSet(known, asked)) {
                Thread.ofVirtual().name("probe").start(() -> run(watched));
            }
        }
        return all.stream().map(watched -> watched.last.get().check).toList();
    }

    private void run(Watched watched) {
        try {
            watched.last.set(new Last(watched.probe.run(), clock.instant().plus(KEPT)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a check of " + watched.name + " failed by a bug of ours", e);
        }
    }
}
