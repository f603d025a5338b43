package framewright.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Small values in memory, each with a lifetime of its own. Bounded by weight, not by number: keys and values are made
 * of what strangers send, who would else decide how much is kept.
 */
public final class MemoryCache<K, V> implements AutoCloseable {

    /** @param lifetime how long the value is kept; zero: only those who wait for it now get it */
    public record Timed<V>(V value, Duration lifetime) {}

    private record Kept<K, V>(K key, Timed<V> timed) {}

    private final Cache<K, Timed<V>> values;
    private final Flights<K, Kept<K, V>> flights = new Flights<>(this::keep);

    /**
     * @param maxWeight what is kept may weigh together
     * @param weigher weight of a value with its key, in the same unit
     */
    public MemoryCache(long maxWeight, ToLongBiFunction<K, V> weigher, InstantSource clock) {
        Instant start = clock.instant();
        this.values = Caffeine.newBuilder()
                .maximumWeight(maxWeight)
                .weigher((K key, Timed<V> timed) ->
                        Math.clamp(weigher.applyAsLong(key, timed.value()), 1, Integer.MAX_VALUE))
                .executor(Runnable::run)
                .ticker(() -> nanos(Duration.between(start, clock.instant())))
                .expireAfter(Expiry.<K, Timed<V>>writing((key, timed) -> timed.lifetime()))
                .build();
    }

    /** The value, where it is kept. */
    public @Nullable V get(K key) {
        Timed<V> timed = values.getIfPresent(key);
        return timed == null ? null : timed.value();
    }

    public void put(K key, V value, Duration lifetime) {
        keep(new Kept<>(key, new Timed<>(value, lifetime)));
    }

    /** The value; made by {@code maker}, once for all who wait, where it is not kept. */
    public V getOrMake(K key, Callable<Timed<V>> maker) throws InterruptedException {
        V value = get(key);
        if (value != null) {
            return value;
        }
        return flights.join(key, () -> make(key, maker), kept -> kept.timed.value(), ignored -> {});
    }

    private Kept<K, V> make(K key, Callable<Timed<V>> maker) throws Exception {
        Timed<V> known = values.getIfPresent(key);
        return new Kept<>(key, known == null ? maker.call() : known);
    }

    private void keep(Kept<K, V> kept) {
        if (kept.timed.lifetime().isPositive()) {
            values.put(kept.key, kept.timed);
        }
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Forgets all. */
    public void clear() {
        values.invalidateAll();
    }

    @Override
    public void close() {
        flights.close();
    }
}
