package framewright.config;

import framewright.api.SourceConfig;
import java.time.Duration;
import java.util.ArrayList;
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
 * @param requireToken who has to show a token to read and to symbolicate
 * @param crash how crash files are taken in
 * @param sentryIndexTtl how long the list of a Sentry source is taken for true; not kept without a cache directory
 * @param shared what several servers keep together; null: nothing
 * @param store where uploaded symbols are kept; null: none are taken
 * @param queue where events wait to be resolved; null: nowhere; without a store there is no queue either
 * @param otlpEndpoint where traces go; null: nowhere
 * @param sources where requests without sources of their own look; with a store, that one is among them
 */
public record Settings(
        Bind bind,
        @Nullable Integer maxConcurrentRequests,
        long symbolicateBodyMaxBytes,
        boolean symstoreProxy,
        @Nullable String adminToken,
        RequireToken requireToken,
        CrashSettings crash,
        Logging logging,
        CacheSettings caches,
        FetchSettings fetch,
        Duration sentryIndexTtl,
        @Nullable SharedCacheSettings shared,
        @Nullable StoreSettings store,
        @Nullable QueueSettings queue,
        @Nullable String otlpEndpoint,
        List<SourceConfig> sources) {
    public Settings {
        sources = withStore(sources, store != null);
    }

    /** What was uploaded here is looked through first, unless the settings say otherwise. */
    private static List<SourceConfig> withStore(List<SourceConfig> sources, boolean hasStore) {
        if (!hasStore || sources.stream().anyMatch(SourceConfig.Store.class::isInstance)) {
            return List.copyOf(sources);
        }
        List<SourceConfig> all = new ArrayList<>(sources);
        all.addFirst(new SourceConfig.Store("store", null, null));
        return List.copyOf(all);
    }

    /** The same settings with other sources. */
    public Settings withSources(List<SourceConfig> others) {
        return copy(caches, store, otlpEndpoint, others);
    }

    /** The same settings with another place for traces. */
    Settings withOtlpEndpoint(String other) {
        return copy(caches, store, other, sources);
    }

    /** The same settings with other caches. */
    public Settings withCaches(CacheSettings others) {
        return copy(others, store, otlpEndpoint, sources);
    }

    /** The same settings with another store. */
    public Settings withStore(StoreSettings other) {
        return copy(caches, other, otlpEndpoint, sources);
    }

    /** Whether who reads or symbolicates has to show a token. */
    public boolean needsToken() {
        return requireToken.applies(bind, store != null);
    }

    private Settings copy(
            CacheSettings otherCaches,
            @Nullable StoreSettings otherStore,
            @Nullable String otherEndpoint,
            List<SourceConfig> otherSources) {
        return new Settings(
                bind,
                maxConcurrentRequests,
                symbolicateBodyMaxBytes,
                symstoreProxy,
                adminToken,
                requireToken,
                crash,
                logging,
                otherCaches,
                fetch,
                sentryIndexTtl,
                shared,
                otherStore,
                queue,
                otherEndpoint,
                otherSources);
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
