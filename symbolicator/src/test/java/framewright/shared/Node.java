package framewright.shared;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.Loader;
import framewright.cache.Retention;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.SharedCacheSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One of the nodes over a shared store: its disk cache, and what it does to get what is not there. */
final class Node implements AutoCloseable {
    private static final Lifetimes HOUR =
            new Lifetimes(Duration.ofDays(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

    final SharedCache shared;
    final Caches caches;
    final AtomicInteger loads = new AtomicInteger();

    Node(Path dir, Store store, Duration leaseTime) {
        this(dir, store, leaseTime, 400);
    }

    Node(Path dir, Store store, Duration leaseTime, int queue) {
        InstantSource clock = InstantSource.system();
        SharedCacheSettings settings = new SharedCacheSettings(
                new SharedCacheSettings.Place.Folder(dir), 2, queue, leaseTime, Duration.ofMillis(5));
        this.shared = new SharedCache(store, settings, clock);
        this.caches = new Caches(new CacheSettings(dir, 64 << 20, HOUR, HOUR), clock, shared);
    }

    static CacheKey key(String name) {
        return new CacheKey("scope: global\n\nsource: test\nlocation: " + name + "\n");
    }

    /** The bytes of an entry, loaded as {@code content} where nobody has it; null: a failure. */
    byte @Nullable [] get(CacheKind kind, String name, byte[] content) throws InterruptedException, IOException {
        return get(kind, name, staging -> {
            loads.incrementAndGet();
            if (!staging.reserve(content.length)) {
                return staging.noRoom();
            }
            Files.write(staging.file(), content);
            return Loaded.ok();
        });
    }

    byte @Nullable [] get(CacheKind kind, String name, Loader loader) throws InterruptedException, IOException {
        Outcome<CachedFile> outcome = caches.getOrLoad(kind, key(name), Retention.PRIVATE, loader);
        if (outcome instanceof Found<CachedFile>(CachedFile file)) {
            try (file) {
                return Files.readAllBytes(file.path());
            }
        }
        return null;
    }

    @Override
    public void close() {
        caches.close();
        shared.close();
    }
}
