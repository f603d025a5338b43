package framewright.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Open things (mapped tables, parsed files) that are kept ready. Each is opened once for all who ask, and closed when
 * it was evicted and its last lease has ended.
 *
 * @param <V> closing it must not throw
 */
public final class OpenCache<V extends AutoCloseable> implements AutoCloseable {

    /** Opens what is not open yet. */
    @FunctionalInterface
    public interface Opener<V> {
        /** Runs once for all who wait; a failure is not kept. */
        Outcome<Opened<V>> open() throws InterruptedException;
    }

    /** @param bytes what it weighs, at least 1 */
    public record Opened<V>(V value, long bytes) {}

    /** A value that stays open until this is closed. */
    public static final class Lease<V extends AutoCloseable> implements AutoCloseable {
        private final Holder<V> holder;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(Holder<V> leased) {
            this.holder = leased;
        }

        public V value() {
            return holder.opened.value();
        }

        /** More calls do nothing. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                holder.release();
            }
        }
    }

    /** Counts who uses the value; the cache itself is the first. */
    private static final class Holder<V extends AutoCloseable> {
        private final Opened<V> opened;
        private final AtomicInteger users = new AtomicInteger(1);

        private Holder(Opened<V> opened) {
            this.opened = opened;
        }

        private @Nullable Lease<V> lease() {
            return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0 ? null : new Lease<>(this);
        }

        private boolean isIdle() {
            return users.get() == 1;
        }

        private void release() {
            if (users.decrementAndGet() == 0) {
                try {
                    opened.value().close();
                } catch (Exception e) {
                    throw new IllegalStateException("closing failed", e);
                }
            }
        }
    }

    private record Landing<V extends AutoCloseable>(
            CacheKey key,
            @Nullable Holder<V> holder,
            @Nullable Failure failure) {}

    private final Cache<CacheKey, Holder<V>> open;
    private final Flights<CacheKey, Landing<V>> flights = new Flights<>(this::landed);

    OpenCache(long maxBytes) {
        this.open = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, Holder<V> holder) -> Math.clamp(holder.opened.bytes(), 1, Integer.MAX_VALUE))
                .executor(Runnable::run)
                .removalListener((@Nullable CacheKey key, @Nullable Holder<V> holder, RemovalCause cause) -> {
                    if (holder != null) {
                        holder.release();
                    }
                })
                .build();
    }

    /** The value of the key, opened where it is not. */
    public Outcome<Lease<V>> get(CacheKey key, Opener<V> opener) throws InterruptedException {
        while (true) {
            Lease<V> ready = peek(key);
            if (ready != null) {
                return Outcome.found(ready);
            }
            Outcome<Lease<V>> outcome =
                    flights.join(key, () -> open(key, opener), OpenCache::take, OpenCache::giveBack);
            if (outcome != null) {
                return outcome;
            }
        }
    }

    /** The value of the key where it is open. */
    public @Nullable Lease<V> peek(CacheKey key) {
        Holder<V> holder = open.getIfPresent(key);
        return holder == null ? null : holder.lease();
    }

    /** Whether the value of the key is kept open. */
    public boolean isOpen(CacheKey key) {
        return open.asMap().containsKey(key);
    }

    /** Lets go of the value of the key; who holds it may go on. */
    public void remove(CacheKey key) {
        open.invalidate(key);
    }

    private Landing<V> open(CacheKey key, Opener<V> opener) throws InterruptedException {
        return switch (opener.open()) {
            case Found<Opened<V>>(Opened<V> opened) -> new Landing<>(key, new Holder<>(opened), null);
            case Failed<Opened<V>>(Failure failure) -> new Landing<>(key, null, failure);
        };
    }

    /** Null: it was evicted and closed before this waiter came. */
    private static <V extends AutoCloseable> @Nullable Outcome<Lease<V>> take(Landing<V> landing) {
        if (landing.holder == null) {
            return Outcome.failed(Objects.requireNonNull(landing.failure));
        }
        Lease<V> lease = landing.holder.lease();
        return lease == null ? null : Outcome.found(lease);
    }

    private static <V extends AutoCloseable> void giveBack(@Nullable Outcome<Lease<V>> outcome) {
        if (outcome instanceof Found<Lease<V>>(Lease<V> lease)) {
            lease.close();
        }
    }

    /** Puts it in only now that those who waited hold it: the cache may turn a newcomer away at once. */
    private void landed(Landing<V> landing) {
        if (landing.holder != null) {
            open.put(landing.key, landing.holder);
        }
    }

    /** Lets go of everything that nobody uses; their files can then be removed. */
    void closeIdle() {
        open.asMap().forEach((key, holder) -> {
            if (holder.isIdle()) {
                open.asMap().remove(key, holder);
            }
        });
    }

    /** How many values are kept open. */
    public long size() {
        return open.estimatedSize();
    }

    /** Closes what nobody uses now, and the rest as its leases end. */
    @Override
    public void close() {
        flights.close();
        open.invalidateAll();
        open.cleanUp();
    }
}
