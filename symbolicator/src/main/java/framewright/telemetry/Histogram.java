package framewright.telemetry;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations by size, from a millisecond to some minutes. */
final class Histogram {
    /** Upper bounds in seconds; what is longer counts in the last, unbounded bucket. */
    static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600
    };

    private static final double NANOS_PER_SECOND = 1e9;

    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Histogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    void record(Duration duration) {
        double seconds = duration.toNanos() / NANOS_PER_SECOND;
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        nanos.add(duration.toNanos());
    }

    /** How many were recorded in this bucket alone. */
    long count(int bucket) {
        return buckets[bucket].sum();
    }

    double sumSeconds() {
        return nanos.sum() / NANOS_PER_SECOND;
    }
}
