package framewright.shared;

import framewright.cache.CacheKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What became of the entries that were asked of the shared tier and handed to it, for the metrics. */
public final class SharedCounts {
    /** One thing that happens to an entry. */
    public enum Event {
        /** It came from the tier. */
        HIT,
        /** The tier did not have it, or could not be asked. */
        MISS,
        /** It was not what was written, or said to be something else. */
        DAMAGED,
        /** A purge had made it void. */
        REVOKED,
        /** This node has handed it on. */
        WRITTEN,
        /** Another node had handed it on before. */
        PRESENT,
        /** It could not be handed on, because the tier failed. */
        FAILED,
        /** It was not handed on, because too many were waiting or it is too large. */
        DROPPED
    }

    private final Map<CacheKind, Map<Event, LongAdder>> counts = new EnumMap<>(CacheKind.class);

    SharedCounts() {
        for (CacheKind kind : CacheKind.values()) {
            Map<Event, LongAdder> ofKind = new EnumMap<>(Event.class);
            for (Event event : Event.values()) {
                ofKind.put(event, new LongAdder());
            }
            counts.put(kind, ofKind);
        }
    }

    void count(CacheKind kind, Event event) {
        of(kind, event).increment();
    }

    /** How often that has happened. */
    public long get(CacheKind kind, Event event) {
        return of(kind, event).sum();
    }

    private LongAdder of(CacheKind kind, Event event) {
        return Objects.requireNonNull(Objects.requireNonNull(counts.get(kind)).get(event));
    }
}
