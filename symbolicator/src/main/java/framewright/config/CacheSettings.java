package framewright.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the caches may hold and for how long.
 *
 * @param dir where they are ({@code cache_dir}); null: a temporary folder that ends with the process
 * @param maxBytes hard cap over all caches together ({@code caches.max_bytes}); 0: a tenth of the free disk at start
 * @param downloaded lifetimes of what was fetched
 * @param derived lifetimes of what was computed from it
 */
public record CacheSettings(@Nullable Path dir, long maxBytes, Lifetimes downloaded, Lifetimes derived) {

    /**
     * Null: no limit.
     *
     * @param maxUnusedFor entries not used for so long are dropped
     * @param retryMissesAfter age at which a failure of a private source is forgotten
     * @param retryMissesAfterPublic age at which a failure of a public source is forgotten
     * @param retryMalformedAfter age at which a malformed file is fetched again
     */
    public record Lifetimes(
            @Nullable Duration maxUnusedFor,
            @Nullable Duration retryMissesAfter,
            @Nullable Duration retryMissesAfterPublic,
            @Nullable Duration retryMalformedAfter) {}
}
