package framewright.config;

import framewright.api.SourceConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the file can set. Each key with its default and meaning: {@link SettingKeys}.
 *
 * @param bind where the server listens
 * @param maxConcurrentRequests jobs at a time, above which requests are refused; null: no limit
 * @param symbolicateBodyMaxBytes largest JSON body, counted after decompression
 * @param symstoreProxy whether {@code /proxy} hands out files of the configured sources
 * @param adminToken who sends it may look into the cache and clean it; null: nobody may
 * @param crash how crash files are taken in
 * @param sentryIndexTtl how long the list of a Sentry source is taken for true; not kept without a cache directory
 * @param shared what several servers keep together; null: nothing
 * @param otlpEndpoint where traces go; null: nowhere
 * @param sources where requests without sources of their own look
 */
public record Settings(
        Bind bind,
        @Nullable Integer maxConcurrentRequests,
        long symbolicateBodyMaxBytes,
        boolean symstoreProxy,
        @Nullable String adminToken,
        CrashSettings crash,
        Logging logging,
        CacheSettings caches,
        FetchSettings fetch,
        Duration sentryIndexTtl,
        @Nullable SharedCacheSettings shared,
        @Nullable String otlpEndpoint,
        List<SourceConfig> sources) {
    public Settings {
        sources = List.copyOf(sources);
    }

    /** The same settings with other sources. */
    public Settings withSources(List<SourceConfig> others) {
        return new Settings(
                bind,
                maxConcurrentRequests,
                symbolicateBodyMaxBytes,
                symstoreProxy,
                adminToken,
                crash,
                logging,
                caches,
                fetch,
                sentryIndexTtl,
                shared,
                otlpEndpoint,
                others);
    }

    /** The same settings with another place for traces. */
    Settings withOtlpEndpoint(String other) {
        return new Settings(
                bind,
                maxConcurrentRequests,
                symbolicateBodyMaxBytes,
                symstoreProxy,
                adminToken,
                crash,
                logging,
                caches,
                fetch,
                sentryIndexTtl,
                shared,
                other,
                sources);
    }

    /** The same settings with other caches. */
    public Settings withCaches(CacheSettings others) {
        return new Settings(
                bind,
                maxConcurrentRequests,
                symbolicateBodyMaxBytes,
                symstoreProxy,
                adminToken,
                crash,
                logging,
                others,
                fetch,
                sentryIndexTtl,
                shared,
                otlpEndpoint,
                sources);
    }

    /** @param backtraces whether exceptions are logged with where they came from */
    public record Logging(LogLevel level, LogFormat format, boolean backtraces) {}

    public enum LogLevel {
        OFF,
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** {@link #AUTO}: {@link #PRETTY} on a terminal, else {@link #SIMPLIFIED}. */
    public enum LogFormat {
        AUTO,
        PRETTY,
        SIMPLIFIED,
        JSON
    }
}
