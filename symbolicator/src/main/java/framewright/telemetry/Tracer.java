package framewright.telemetry;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Begins the spans of requests. */
public final class Tracer {
    /** Collects nothing. */
    public static final Tracer OFF = new Tracer();

    /** W3C Trace Context, 3.2: version, trace, parent, flags; later versions may append more. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int SAMPLED = 1;

    private final SecureRandom traces = new SecureRandom();
    private final @Nullable Consumer<Span> sink;
    private final long origin;

    private Tracer() {
        this.sink = null;
        this.origin = 0;
    }

    /** @param sink told of each span that has ended, on its thread; must not wait */
    public Tracer(InstantSource clock, Consumer<Span> sink) {
        Instant now = clock.instant();
        this.sink = sink;
        this.origin = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    /**
     * The span of a request, a part of its caller's trace where it says so.
     *
     * @param traceparent the header; null, or no such header: a trace of its own
     */
    public Span request(String name, @Nullable String traceparent) {
        if (sink == null) {
            return Span.none();
        }
        Matcher parent = TRACEPARENT.matcher(traceparent == null ? "" : traceparent.strip());
        if (!parent.matches()) {
            return Span.root(this, name, newTraceId(), "");
        }
        // whoever called has decided for the whole trace
        boolean sampled = (Integer.parseInt(parent.group(3), 16) & SAMPLED) != 0;
        return sampled ? Span.root(this, name, parent.group(1), parent.group(2)) : Span.none();
    }

    private String newTraceId() {
        byte[] id = new byte[16];
        traces.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    String newSpanId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }

    /** Since 1970. */
    long nowNanos() {
        return origin + System.nanoTime();
    }

    void ended(Span span) {
        if (sink != null) {
            sink.accept(span);
        }
    }
}
