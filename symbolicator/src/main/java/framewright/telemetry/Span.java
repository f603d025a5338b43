package framewright.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work with its begin and end, for those who want to see where a request's time went. The span of a thread
 * is the parent of what begins there and on threads that it starts. Where nobody collects spans, this does nothing.
 */
public final class Span implements AutoCloseable {
    private static final InheritableThreadLocal<@Nullable Span> CURRENT = new InheritableThreadLocal<>();
    private static final Span NONE = new Span(null, "", "", "", null);

    private final @Nullable Tracer tracer;
    private final String name;
    private final String traceId;
    private final String parentId;
    private final @Nullable Span before;
    private final String id;
    private final long startNanos;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private @Nullable String failure;
    private long endNanos;

    /** @param before what the thread goes on with when this has ended */
    private Span(@Nullable Tracer tracer, String name, String traceId, String parentId, @Nullable Span before) {
        this.tracer = tracer;
        this.name = name;
        this.traceId = traceId;
        this.parentId = parentId;
        this.before = before;
        this.id = tracer == null ? "" : tracer.newSpanId();
        this.startNanos = tracer == null ? 0 : tracer.nowNanos();
    }

    /** A part of what the current thread does. */
    public static Span begin(String name) {
        Span current = CURRENT.get();
        return current == null ? NONE : enter(new Span(current.tracer, name, current.traceId, current.id, current));
    }

    /** @param parentId empty: nobody */
    static Span root(Tracer tracer, String name, String traceId, String parentId) {
        return enter(new Span(tracer, name, traceId, parentId, CURRENT.get()));
    }

    /** What is nobody's concern. */
    static Span none() {
        return NONE;
    }

    private static Span enter(Span span) {
        CURRENT.set(span);
        return span;
    }

    /** Says something of it, without secrets. */
    public Span with(String key, String value) {
        if (tracer != null) {
            attributes.put(key, value);
        }
        return this;
    }

    /** Says something of it. */
    public Span with(String key, long value) {
        if (tracer != null) {
            attributes.put(key, value);
        }
        return this;
    }

    /** It did not end as it should, without secrets. */
    public void fail(String why) {
        failure = tracer == null ? null : why;
    }

    public String name() {
        return name;
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return traceId;
    }

    /** 16 hexadecimal digits. */
    public String id() {
        return id;
    }

    /** 16 hexadecimal digits; empty: nobody's part. */
    public String parentId() {
        return parentId;
    }

    /** Whether it is all that this server does for a request. */
    public boolean isRequest() {
        return before == null;
    }

    /** Since 1970. */
    public long startNanos() {
        return startNanos;
    }

    /** Since 1970. */
    public long endNanos() {
        return endNanos;
    }

    /** Texts and whole numbers. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** Null: it ended well. */
    public @Nullable String failure() {
        return failure;
    }

    /** Ends it, on the thread that began it. */
    @Override
    public void close() {
        if (tracer != null) {
            endNanos = tracer.nowNanos();
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
            tracer.ended(this);
        }
    }
}
