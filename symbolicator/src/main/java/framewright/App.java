package framewright;

import framewright.api.Answer;
import framewright.api.CacheQuery;
import framewright.api.JsRequest;
import framewright.api.Outcome;
import framewright.api.Readiness;
import framewright.api.SymbolicateRequest;
import framewright.cache.CacheKind;
import framewright.cache.CacheStats;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.config.Settings;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.Fetcher;
import framewright.fetch.WebFetcher;
import framewright.http.Engine;
import framewright.http.HeldFile;
import framewright.http.HttpServer;
import framewright.jobs.JobLimits;
import framewright.jobs.JobRunner;
import framewright.jobs.Timers;
import framewright.js.JsSymbolication;
import framewright.nativebridge.NativeCounters;
import framewright.nativebridge.NativePool;
import framewright.nativecode.DerivedFiles;
import framewright.nativecode.FrameMemory;
import framewright.nativecode.NativeSymbolication;
import framewright.objects.Auxiliary;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import framewright.sources.Sources;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.Version;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Everything that lives as long as the process, made in order and closed in reverse. */
public final class App implements Engine, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(App.class.getName());

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** Shares of the largest heap. */
    private static final int ANSWERS_SHARE = 16;

    private static final int FRAMES_SHARE = 8;

    private static final int SCRIPTS_SHARE = 3;

    private final Settings settings;
    private final Metrics metrics = new Metrics();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Caches caches;

    /** How the caches fared at the last look at the metrics. */
    private volatile Map<CacheKind, CacheStats> scraped = Map.of();

    private final ObjectFinder finder;
    private final NativeSymbolication symbolication;
    private final JsSymbolication javascript;
    private final JobRunner jobs;

    /** @throws java.io.UncheckedIOException where the caches cannot be had */
    public App(Settings settings) {
        this.settings = settings;
        InstantSource clock = clock();
        long heap = Runtime.getRuntime().maxMemory();

        this.caches = closing(new Caches(settings.caches(), clock));
        NativePool pool = closing(new NativePool("native", CORES));
        NativePool conversions = closing(new NativePool("conversion", CORES));
        Fetcher fetcher = closing(new Fetcher(settings.fetch(), clock, "framewright/" + Version.text()));
        WebFetcher web = new WebFetcher(fetcher, caches);
        Sources sources = new Sources(fetcher, clock, sentryListLifetime(settings), settings.sources());
        this.finder = new ObjectFinder(caches, sources, fetcher, pool, settings.fetch(), clock);
        Auxiliary auxiliary = new Auxiliary(caches, sources, fetcher, pool, settings.fetch(), clock);
        FrameMemory frames = new FrameMemory(heap / FRAMES_SHARE);
        DerivedFiles derived = closing(new DerivedFiles(caches, pool, conversions, frames));
        this.symbolication = closing(new NativeSymbolication(finder, auxiliary, derived, caches, web, pool));
        this.javascript = closing(new JsSymbolication(
                caches, sources, fetcher, web, pool, clock, heap / SCRIPTS_SHARE, settings.fetch()));
        Timers timers = closing(Timers.real());
        JobLimits limits = JobLimits.of(settings.maxConcurrentRequests(), heap / ANSWERS_SHARE);
        this.jobs = closing(new JobRunner(limits, clock, timers, metrics));

        observe(pool, conversions, frames, clock);
    }

    /**
     * Starts to listen where the settings say; {@link #close} ends it.
     *
     * @throws java.io.UncheckedIOException where the address cannot be had
     */
    public HttpServer listen() {
        InetSocketAddress address =
                new InetSocketAddress(settings.bind().host(), settings.bind().port());
        HttpServer.Options options = new HttpServer.Options(
                settings.sources(),
                settings.symbolicateBodyMaxBytes(),
                settings.symstoreProxy(),
                settings.adminToken());
        return closing(HttpServer.start(address, this, jobs, options, metrics));
    }

    @Override
    public Answer symbolicate(SymbolicateRequest request, @Nullable String scope) throws InterruptedException {
        return symbolication.symbolicate(request, new Scope(scope));
    }

    @Override
    public Answer symbolicate(JsRequest request, @Nullable String scope) throws InterruptedException {
        return javascript.symbolicate(request, new Scope(scope), null);
    }

    /** The same for who has the scripts and maps in a folder. */
    public Answer symbolicate(JsRequest request, Path folder) throws InterruptedException {
        return javascript.symbolicate(request, Scope.GLOBAL, folder);
    }

    @Override
    public Outcome<HeldFile> find(FileType type, ObjectId object) throws InterruptedException {
        FindResult result = finder.find(object, List.of(type), Purpose.DEBUG, settings.sources(), Scope.GLOBAL);
        return switch (result.best()) {
            case Outcome.Found<FoundObject>(FoundObject found) ->
                found.open().map(file -> new HeldFile(file.path(), file::close));
            case Outcome.Failed<FoundObject>(Outcome.Failure failure) -> Outcome.failed(failure);
        };
    }

    @Override
    public Answer cache(CacheQuery.Command command, CacheQuery query) {
        return caches.report(command, query);
    }

    @Override
    public Readiness ready() {
        List<Readiness.Check> checks = new ArrayList<>(caches.check());
        NativeCounters counters = NativeCounters.read();
        checks.add(new Readiness.Check("native_library", true, "answers; panics so far: " + counters.panics()));
        return new Readiness(checks);
    }

    /** The time, for commands that need no more of this than that. */
    public static InstantSource clock() {
        return InstantSource.system();
    }

    /** Stops listening, ends what runs, and gives everything back, whatever part of it fails. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "a part did not close", e);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        open.push(part);
        return part;
    }

    /** As for the peer, whose lists are not kept without a cache directory, so that tests see each request. */
    private static Duration sentryListLifetime(Settings settings) {
        return settings.caches().dir() == null ? Duration.ZERO : settings.sentryIndexTtl();
    }

    private void observe(NativePool pool, NativePool conversions, FrameMemory frames, InstantSource clock) {
        Runtime runtime = Runtime.getRuntime();
        double started = clock.millis() / 1e3;
        metrics.gauge(Metric.START_SECONDS, () -> started);
        metrics.gauge(Metric.HEAP_BYTES, () -> runtime.totalMemory() - runtime.freeMemory());
        metrics.gauge(Metric.FRAMES_REMEMBERED_BYTES, frames::usedBytes);
        metrics.gauge(Metric.NATIVE_QUEUE, () -> pool.depth() + conversions.depth());
        metrics.gauge(Metric.NATIVE_PANICS, () -> NativeCounters.read().panics());
        metrics.gauge(Metric.NATIVE_HANDLES, () -> NativeCounters.read().openHandles());
        metrics.gauge(Metric.NATIVE_LEAKS, () -> NativeCounters.read().leaks());
        metrics.gauge(Metric.CACHE_USED_BYTES, caches::usedBytes);
        metrics.gauge(Metric.CACHE_MAX_BYTES, caches::capBytes);
        metrics.beforePrint(() -> scraped = caches.stats());
        for (CacheKind kind : CacheKind.values()) {
            observe(kind, Metric.CACHE_BYTES, CacheStats::bytes);
            observe(kind, Metric.CACHE_ENTRIES, CacheStats::files);
            observe(kind, Metric.CACHE_HITS, CacheStats::hits);
            observe(kind, Metric.CACHE_MISSES, CacheStats::misses);
            observe(kind, Metric.CACHE_EVICTIONS, CacheStats::evictions);
            observe(kind, Metric.CACHE_EXPIRED, CacheStats::expired);
        }
    }

    private void observe(CacheKind kind, Metric metric, ToLongFunction<CacheStats> part) {
        metrics.gauge(
                metric,
                () -> {
                    CacheStats stats = scraped.get(kind);
                    return stats == null ? 0 : part.applyAsLong(stats);
                },
                kind.name().toLowerCase(Locale.ROOT));
    }
}
