package framewright.api;

import java.time.Duration;

/** Durations as text, the way the peer's clients know them: {@code 1h 5m}, {@code 200ms}. */
public final class Durations {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Durations() {}

    /** Largest units first, zero units left out; {@code 0s} for nothing. */
    public static String text(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "day" + (duration.toDays() == 1 ? "" : "s"));
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toNanosPart() / NANOS_PER_MILLI, "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(text.isEmpty() ? "" : " ").append(amount).append(unit);
        }
    }
}
