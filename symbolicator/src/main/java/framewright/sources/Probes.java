package framewright.sources;

import framewright.api.Readiness.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final InstantSource clock;
    private final Map<String, Probe> probes = new LinkedHashMap<>();
    private final Map<String, AtomicReference<Last>> last = new LinkedHashMap<>();

    public Probes(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a check; before the first question. */
    public void add(String name, Probe probe) {
        probes.put(name, probe);
        last.put(name, new AtomicReference<>(new Last(new Check(name, true, "is being asked", false), Instant.MIN)));
    }

    /** How all checks last ended; those that are due are made anew, for whoever asks next. */
    public List<Check> last() {
        Instant now = clock.instant();
        last.forEach((name, kept) -> {
            Last known = kept.get();
            if (!now.isBefore(known.due) && kept.compareAndSet(known, new Last(known.check, now.plus(KEPT)))) {
                Thread.ofVirtual().name("probe").start(() -> run(name, kept));
            }
        });
        return last.values().stream().map(kept -> kept.get().check).toList();
    }

    private void run(String name, AtomicReference<Last> kept) {
        Probe probe = probes.get(name);
        try {
            Check check = probe == null ? kept.get().check : probe.run();
            kept.set(new Last(check, clock.instant().plus(KEPT)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a check of " + name + " failed by a bug of ours", e);
        }
    }
}
