package framewright.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the caches may hold and for how long.
 *
 * @param dir where they are ({@code cache_dir}); null: a temporary folder that ends with the process
 * @param maxBytes hard cap over all caches together ({@code caches.max_bytes}); 0: a tenth of the free disk at start
 * @param minShare percent of the cap that each kind of file keeps against the others ({@code caches.min_share})
 * @param downloaded lifetimes of what was fetched
 * @param derived lifetimes of what was computed from it
 * @param retries how soon which failure is tried again
 */
public record CacheSettings(
        @Nullable Path dir, long maxBytes, int minShare, Lifetimes downloaded, Lifetimes derived, Retries retries) {
    /** So many kinds of this share fit below the cap; there are fifteen. */
    public static final int MAX_MIN_SHARE = 6;

    /** As in the settings' defaults. */
    public static final int DEFAULT_MIN_SHARE = 5;

    /** With failures of every class remembered alike. */
    public CacheSettings(@Nullable Path dir, long maxBytes, Lifetimes downloaded, Lifetimes derived) {
        this(dir, maxBytes, DEFAULT_MIN_SHARE, downloaded, derived, Retries.ALIKE);
    }

    /**
     * Ages at which failures of a class are forgotten, within the bounds of {@link Lifetimes}. Null: those alone.
     *
     * @param denied the source refused ({@code caches.retry_after.denied})
     * @param timeout it did not answer in time ({@code caches.retry_after.timeout})
     * @param network it or the way there failed ({@code caches.retry_after.network})
     * @param unsupported the file is of a kind that cannot serve ({@code caches.retry_after.unsupported})
     * @param overLimit the file is larger than allowed ({@code caches.retry_after.over_limit})
     */
    public record Retries(
            @Nullable Duration denied,
            @Nullable Duration timeout,
            @Nullable Duration network,
            @Nullable Duration unsupported,
            @Nullable Duration overLimit) {
        public static final Retries ALIKE = new Retries(null, null, null, null, null);
    }

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
