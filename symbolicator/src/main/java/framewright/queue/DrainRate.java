package framewright.queue;

import java.time.Duration;
import java.time.InstantSource;

/** How many runs end in a second, over the last half minute or so. */
final class DrainRate {
    private static final int SECONDS = 30;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final long[] counts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];

    DrainRate(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void count() {
        long second = clock.millis() / 1000;
        int slot = (int) (second % SECONDS);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            counts[slot] = 0;
        }
        counts[slot]++;
    }

    synchronized double perSecond() {
        long now = clock.millis() / 1000;
        long total = 0;
        for (int i = 0; i < SECONDS; i++) {
            total += now - seconds[i] < SECONDS ? counts[i] : 0;
        }
        return total / (double) SECONDS;
    }

    /** How long so many take; within what a client may be told. */
    Duration timeFor(long messages) {
        double rate = perSecond();
        Duration time = rate <= 0 ? LONGEST : Duration.ofMillis((long) Math.min(messages * 1000 / rate, 1e9));
        return time.compareTo(SHORTEST) < 0 ? SHORTEST : time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }
}
