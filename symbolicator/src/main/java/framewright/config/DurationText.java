package framewright.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the peer's files write them: {@code 1h 30m}, {@code 200ms}, {@code 5days}. */
public final class DurationText {
    private static final Pattern PART = Pattern.compile("\\s*(\\d+)\\s*([a-zA-Z]+)");
    private static final Map<String, Duration> UNITS = new HashMap<>();

    static {
        unit(Duration.ofNanos(1), "nanos", "nsec", "ns");
        unit(Duration.ofNanos(1_000), "micros", "usec", "us");
        unit(Duration.ofMillis(1), "millis", "msec", "ms");
        unit(Duration.ofSeconds(1), "seconds", "second", "secs", "sec", "s");
        unit(Duration.ofMinutes(1), "minutes", "minute", "mins", "min", "m");
        unit(Duration.ofHours(1), "hours", "hour", "hrs", "hr", "h");
        unit(Duration.ofDays(1), "days", "day", "d");
        unit(Duration.ofDays(7), "weeks", "week", "wks", "wk", "w");
        // A month is 30.44 days and a year 365.25, as for the peer.
        unit(Duration.ofSeconds(2_630_016), "months", "month", "M");
        unit(Duration.ofHours(8766), "years", "year", "yrs", "yr", "y");
    }

    private DurationText() {}

    /** @throws IllegalArgumentException where the text is no duration, or one longer than we can count */
    public static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < text.length() && part.find(end) && part.start() == end) {
            Duration unit = UNITS.get(part.group(2));
            if (unit == null) {
                throw new IllegalArgumentException("no unit of time is called " + part.group(2));
            }
            sum = sum(sum, unit, new BigInteger(part.group(1)));
            end = part.end();
        }
        boolean bareZero = end == 0 && text.strip().equals("0");
        if (!bareZero && (end == 0 || !text.substring(end).isBlank())) {
            throw new IllegalArgumentException("not a duration");
        }
        return sum;
    }

    private static Duration sum(Duration sum, Duration unit, BigInteger count) {
        try {
            return sum.plus(unit.multipliedBy(count.longValueExact()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too long a duration", e);
        }
    }

    private static void unit(Duration length, String... names) {
        for (String name : names) {
            UNITS.put(name, length);
        }
    }
}
