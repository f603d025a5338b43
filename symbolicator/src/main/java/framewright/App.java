package framewright;

import framewright.api.Answer;
import framewright.api.CacheQuery;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.Outcome;
import framewright.api.Readiness;
import framewright.api.SourceConfig;
import framewright.api.StoredCrash;
import framewright.api.SymbolicateRequest;
import framewright.api.SymbolicateResponse;
import framewright.api.WarmTarget;
import framewright.cache.CacheKind;
import framewright.cache.CacheStats;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.cache.SharedTier;
import framewright.config.QueueSettings;
import framewright.config.QueueSettings.JobRule;
import framewright.config.Settings;
import framewright.config.StoreSettings;
import framewright.crash.CrashFiles;
import framewright.crash.CrashProcesses;
import framewright.crash.CrashSymbolication;
import framewright.database.Database;
import framewright.database.StorageFailure;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.Fetcher;
import framewright.fetch.WebFetcher;
import framewright.fetch.WebUrl;
import framewright.http.Engine;
import framewright.http.FilePart;
import framewright.http.HeldFile;
import framewright.http.HttpServer;
import framewright.http.StoreServices;
import framewright.jobs.JobLimits;
import framewright.jobs.JobRunner;
import framewright.jobs.Timers;
import framewright.js.JsSymbolication;
import framewright.jvm.JvmSymbolication;
import framewright.nativebridge.CrashProgram;
import framewright.nativebridge.NativeCounters;
import framewright.nativebridge.NativePool;
import framewright.nativecode.DerivedFiles;
import framewright.nativecode.FirstLookup;
import framewright.nativecode.FrameMemory;
import framewright.nativecode.NativeSymbolication;
import framewright.nativecode.SourceLookup;
import framewright.nativecode.SymbolFiles;
import framewright.nativecode.UnwindLookup;
import framewright.objects.Auxiliary;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import framewright.objects.StoredSources;
import framewright.queue.DatabaseQueue;
import framewright.queue.EventQueue;
import framewright.queue.KafkaQueue;
import framewright.queue.LateSymbols;
import framewright.queue.QueueEngine;
import framewright.queue.RabbitQueue;
import framewright.schedule.Schedule;
import framewright.shared.SharedCache;
import framewright.shared.SharedCounts;
import framewright.sources.Buckets;
import framewright.sources.LocalBlobs;
import framewright.sources.Probes;
import framewright.sources.SourceProbe;
import framewright.sources.Sources;
import framewright.store.Counts;
import framewright.store.DebugFile;
import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Store;
import framewright.store.StoreViews;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.Tracer;
import framewright.telemetry.Version;
import framewright.tracing.OtlpExporter;
import framewright.uploads.Assembler;
import framewright.uploads.Intake;
import framewright.uploads.Uploads;
import framewright.warming.Warming;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Everything that lives as long as the process, made in order and closed in reverse. */
public final class App implements Engine, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(App.class.getName());

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private static final String USER_AGENT = "framewright/" + Version.text();

    /** Shares of the largest heap. */
    private static final int ANSWERS_SHARE = 16;

    private static final int FRAMES_SHARE = 8;

    private static final int SCRIPTS_SHARE = 3;

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final Settings settings;
    private final Metrics metrics = new Metrics();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Fetcher fetcher;
    private final @Nullable SharedCache shared;
    private final @Nullable Store store;
    private final StoreViews views;
    private final @Nullable StoreServices storeServices;
    private final Probes probes;
    private final Caches caches;

    /** How the caches fared at the last look at the metrics. */
    private volatile Map<CacheKind, CacheStats> scraped = Map.of();

    private final ObjectFinder finder;
    private final SymbolFiles symbolFiles;
    private final NativeSymbolication symbolication;
    private final JvmSymbolication jvm;
    private final CrashFiles crashFiles;
    private final CrashProcesses crashProcesses;
    private final CrashSymbolication crashes;
    private final NativePool behind;
    private final JsSymbolication javascript;
    private final JobRunner jobs;
    private final @Nullable Schedule schedule;
    private final @Nullable Warming warming;
    private final Tracer tracer;
    private final @Nullable EventQueue queue;

    /**
     * @throws java.io.UncheckedIOException where the caches cannot be had
     * @throws StorageFailure where the store cannot be had
     */
    public App(Settings settings) {
        this.settings = settings;
        InstantSource clock = clock();
        long heap = Runtime.getRuntime().maxMemory();

        this.fetcher = closing(new Fetcher(settings.fetch(), clock, USER_AGENT));
        SharedTier tier = closing(sharedTier(settings, fetcher, clock));
        this.shared = tier instanceof SharedCache cache ? cache : null;
        this.caches = closing(openCaches(clock, tier));
        StoreSettings kept = settings.store();
        this.store = kept == null ? null : closing(openStore(kept, clock));
        closing(fetcher::stop);
        NativePool pool = closing(new NativePool("native", CORES));
        NativePool conversions = closing(new NativePool("conversion", CORES));
        this.behind = closing(NativePool.background("background", 1));
        WebFetcher web = new WebFetcher(fetcher, caches);
        this.views = new StoreViews(store);
        Sources sources = new Sources(fetcher, clock, sentryListLifetime(settings), settings.sources(), store);
        this.finder = new ObjectFinder(caches, sources, fetcher, pool, settings.fetch(), clock);
        Auxiliary auxiliary = new Auxiliary(caches, sources, fetcher, pool, settings.fetch(), clock);
        FrameMemory frames = new FrameMemory(heap / FRAMES_SHARE);
        DerivedFiles derived = closing(new DerivedFiles(caches, pool, conversions, behind, frames));
        this.symbolication = closing(
                new NativeSymbolication(finder, auxiliary, derived, caches, web, new StoredSources(sources), pool));
        SourceLookup sourceLookup = new SourceLookup(finder, derived);
        this.symbolFiles = new SymbolFiles(
                finder,
                sourceLookup,
                derived,
                store == null ? null : new LocalBlobs(store, caches, fetcher),
                pool,
                settings.crash().maxUnwindChain());
        this.jvm = closing(new JvmSymbolication(auxiliary, sourceLookup, derived, caches, web, pool));
        this.crashFiles = new CrashFiles(
                caches, fetcher, new Buckets(fetcher, clock), settings.crash().fileMaxBytes());
        this.crashProcesses = closing(new CrashProcesses(App::crashProgram, settings.crash(), metrics));
        UnwindLookup unwind =
                new UnwindLookup(finder, auxiliary, derived, settings.crash().maxUnwindChain());
        this.crashes = new CrashSymbolication(crashFiles, crashProcesses, unwind, symbolication);
        this.javascript = closing(new JsSymbolication(
                caches, sources, fetcher, web, pool, behind, clock, heap / SCRIPTS_SHARE, settings.fetch()));
        Timers timers = closing(Timers.real());
        JobLimits limits = JobLimits.of(settings.maxConcurrentRequests(), heap / ANSWERS_SHARE);
        this.jobs = closing(new JobRunner(limits, clock, timers, metrics));

        this.tracer = tracer(clock);
        this.queue = store == null || settings.queue() == null
                ? null
                : closing(openQueue(settings.queue(), store.database(), clock));
        this.schedule = store == null ? null : closing(schedule(store, clock));
        this.warming = store == null || schedule == null ? null : warming(store, schedule, sources, clock);
        this.storeServices = kept == null || store == null ? null : storeServices(store, kept, pool, derived, clock);
        this.probes = probes(sources, fetcher, clock);
        observe(pool, conversions, frames, clock);
        if (store != null) {
            observe(store);
        }
    }

    /** Nobody closes what was never made: where the directory cannot be had, the rest goes here. */
    private Caches openCaches(InstantSource clock, SharedTier tier) {
        try {
            return new Caches(settings.caches(), clock, tier);
        } catch (UncheckedIOException e) {
            close();
            throw e;
        }
    }

    private Store openStore(StoreSettings kept, InstantSource clock) {
        try {
            return Store.open(kept, clock);
        } catch (StorageFailure e) {
            close();
            throw e;
        }
    }

    private EventQueue openQueue(QueueSettings settings, Database database, InstantSource clock) {
        QueueEngine engine = switch (settings.engine()) {
            case QueueSettings.InDatabase() -> new DatabaseQueue(database, clock);
            case QueueSettings.InKafka kafka ->
                new KafkaQueue(
                        new KafkaQueue.Place(
                                kafka.bootstrap(),
                                kafka.prefix(),
                                kafka.properties(),
                                kafka.partitions(),
                                settings.resultsKept()),
                        clock);
            case QueueSettings.InRabbit(String uri, String prefix) ->
                new RabbitQueue(new RabbitQueue.Place(uri, prefix, settings.resultsKept()), clock);
        };
        EventResolver resolver = new EventResolver(
                this,
                new PayloadPlaces(settings.files(), settings.buckets(), crashFiles),
                views,
                this.settings.sources(),
                this.settings.symbolicateBodyMaxBytes());
        return new EventQueue(engine, database, resolver, settings, clock, metrics, tracer);
    }

    private StoreServices storeServices(
            Store kept, StoreSettings keeping, NativePool pool, DerivedFiles derived, InstantSource clock) {
        FirstLookup first = new FirstLookup(symbolication, derived);
        Uploads uploads = closing(new Uploads(kept, pool, first::problem, first::lateProblem, this::arrived));
        Assembler assembler = closing(new Assembler(kept, uploads, clock, CORES, keeping.maxFileBytes()));
        Intake intake = new Intake(kept, uploads, pool, keeping.maxFileBytes());
        return new StoreServices(
                kept,
                uploads,
                assembler,
                intake,
                keeping.maxFileBytes(),
                !settings.needsToken(),
                this::released,
                warming);
    }

    /** What is to be done once in the cluster, whoever of its servers does it. */
    private Schedule schedule(Store kept, InstantSource clock) {
        Schedule schedule = new Schedule(kept.database(), clock, metrics);
        schedule.every(
                "store-housekeeping", HOUSEKEEPING, _ -> kept.housekeeping().run());
        if (queue != null) {
            queue.addTo(schedule);
        }
        return schedule;
    }

    private Warming warming(Store kept, Schedule schedule, Sources sources, InstantSource clock) {
        CacheWarmer warmer = new CacheWarmer(
                (request, scope) -> symbolication.symbolicate(request, new Scope(scope)),
                (request, scope) -> jvm.symbolicate(request, new Scope(scope)),
                (request, scope) -> javascript.symbolicate(request, new Scope(scope), null),
                views,
                (source, most) -> sources.of(source).newest(most).stream()
                        .map(one -> CacheWarmer.fresh(one.id(), one.changed()))
                        .toList(),
                settings.sources());
        List<JobRule> rules =
                settings.queue() == null ? List.of() : settings.queue().jobs();
        return new Warming(kept, kept.database(), warmer, rules, schedule, clock, metrics);
    }

    /** A release was made or is in use: there may be jobs for that. */
    private void released(Organization organization, Project project, String version, boolean deployed) {
        if (warming != null) {
            warming.happened(
                    deployed ? JobRule.On.DEPLOY : JobRule.On.RELEASE,
                    new WarmTarget.Release(version),
                    organization.slug() + "/" + project.slug());
        }
    }

    /** Counts which modules were asked for. */
    private Answer counted(Answer answer) {
        if (warming != null && answer instanceof SymbolicateResponse response) {
            warming.uses().note(response.modules());
        }
        return answer;
    }

    /** A file was uploaded: events that wait for it run again. */
    private void arrived(long organization, Collection<String> ids, String sha1) {
        if (store == null || schedule == null || warming == null || ids.isEmpty()) {
            return;
        }
        for (Organization one : store.tenants().organizations()) {
            if (one.id() != organization) {
                continue;
            }
            if (queue != null) {
                queue.lateSymbols().arrived(isLent(one.slug()) ? null : one.slug(), ids, sha1);
                schedule.soon(LateSymbols.SWEEP);
            }
            List<String> some = ids.stream().limit(WarmTarget.MAX_FILES).toList();
            warming.happened(JobRule.On.UPLOAD, new WarmTarget.Ids(some), one.slug() + "/");
        }
    }

    /** Whether the settings let everybody see the files of an organisation. */
    private boolean isLent(String organization) {
        return settings.sources().stream()
                .anyMatch(source -> source instanceof SourceConfig.Store kept
                        && kept.organization() != null
                        && kept.organization().equalsIgnoreCase(organization));
    }

    private void observe(Store kept) {
        for (String kind : Counts.KINDS) {
            metrics.gauge(Metric.STORE_FILES, () -> kept.counts().of(kind).files(), kind);
            metrics.gauge(Metric.STORE_FILE_BYTES, () -> kept.counts().of(kind).bytes(), kind);
        }
        metrics.gauge(Metric.STORE_BLOBS, () -> kept.counts().blobs().files());
        metrics.gauge(Metric.STORE_BYTES, () -> kept.counts().blobs().bytes());
        metrics.gauge(Metric.STORE_UPLOADS, kept::kept);
        metrics.gauge(Metric.STORE_REFUSED, kept.quotas()::refused);
    }

    private Probes probes(Sources sources, Fetcher fetcher, InstantSource clock) {
        Probes all = new Probes(clock);
        if (shared != null) {
            all.add(SharedCache.NAME, shared::check);
        }
        for (SourceConfig source : settings.sources()) {
            if (!(source instanceof SourceConfig.Store)) {
                all.add(SourceProbe.name(source), new SourceProbe(sources, fetcher, source));
            }
        }
        return all;
    }

    /** How far the clock is ahead of that of a server which has answered; null: none has. */
    public @Nullable Duration clockSkew() {
        return fetcher.clockSkew();
    }

    /** The symbols that this server keeps itself; null: it keeps none. */
    public @Nullable Store store() {
        return store;
    }

    /** What this server keeps together with others; null: nothing. */
    public @Nullable SharedCache sharedCache() {
        return shared;
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
                settings.crash().fileMaxBytes(),
                settings.symstoreProxy(),
                settings.adminToken(),
                storeServices,
                queue);
        HttpServer server = closing(HttpServer.start(address, this, jobs, options, metrics, tracer));
        // opens the library, which takes a tenth of a second of the first request otherwise
        CompletableFuture<?> _ = behind.submit(() -> true);
        if (queue != null) {
            queue.start();
        }
        if (schedule != null) {
            schedule.start();
        }
        return server;
    }

    private Tracer tracer(InstantSource clock) {
        WebUrl collector = settings.otlpEndpoint() == null ? null : WebUrl.parse(settings.otlpEndpoint());
        if (collector == null) {
            return Tracer.OFF;
        }
        OtlpExporter exporter = closing(new OtlpExporter(collector, clock, Version.text()));
        metrics.gauge(Metric.SPANS_DROPPED, exporter::dropped);
        return new Tracer(clock, exporter);
    }

    @Override
    public Answer symbolicate(SymbolicateRequest request, @Nullable String scope) throws InterruptedException {
        return counted(symbolication.symbolicate(request, new Scope(scope)));
    }

    @Override
    public Answer symbolicate(JvmRequest request, @Nullable String scope) throws InterruptedException {
        return jvm.symbolicate(request, new Scope(scope));
    }

    @Override
    public Outcome<HeldFile> receive(InputStream file, long mostBytes) {
        return crashFiles.receive(file, mostBytes).map(received -> new HeldFile(received.path(), received::close));
    }

    @Override
    public Answer crash(CrashKind kind, Path file, CrashRequest request, @Nullable String scope)
            throws InterruptedException {
        return counted(crashes.resolve(kind, file, request, new Scope(scope)));
    }

    @Override
    public Answer crash(StoredCrash crash, @Nullable String scope) throws InterruptedException {
        return counted(crashes.resolve(crash, new Scope(scope)));
    }

    @Override
    public Answer symbolicate(JsRequest request, @Nullable String scope) throws InterruptedException {
        return javascript.symbolicate(request, new Scope(scope), null);
    }

    /** The same for who has the scripts and maps in a folder. */
    public Answer symbolicate(JsRequest request, Path folder) throws InterruptedException {
        return javascript.symbolicate(request, Scope.GLOBAL, folder);
    }

    /** The settings' sources, for a command that whoever runs the server gives. */
    public List<SourceConfig> sources() {
        return views.ofSettings(settings.sources(), null);
    }

    @Override
    public Outcome<HeldFile> find(FileType type, ObjectId object, List<SourceConfig> sources)
            throws InterruptedException {
        FindResult result = finder.find(object, List.of(type), Purpose.DEBUG, sources, Scope.GLOBAL);
        return switch (result.best()) {
            case Outcome.Found<FoundObject>(FoundObject found) -> found.open().map(App::held);
            case Outcome.Failed<FoundObject>(Outcome.Failure failure) -> Outcome.failed(failure);
        };
    }

    @Override
    public Outcome<HeldFile> breakpadSymbols(ObjectId module, String name, List<SourceConfig> sources)
            throws InterruptedException {
        return symbolFiles.breakpad(module, name, sources).map(App::held);
    }

    private static HeldFile held(CachedFile file) {
        return new HeldFile(file.path(), file::close);
    }

    @Override
    public Outcome<FilePart> section(DebugFile file, String name) throws InterruptedException {
        return symbolFiles
                .section(file.digest(), name)
                .map(found -> new FilePart(
                        new HeldFile(found.blob().path(), found.blob()::close),
                        found.place().offset(),
                        found.place().bytes()));
    }

    @Override
    public Outcome<byte[]> source(ObjectId module, String path, List<SourceConfig> sources)
            throws InterruptedException {
        return symbolFiles.source(module, path, sources);
    }

    @Override
    public Answer cache(CacheQuery.Command command, CacheQuery query) throws InterruptedException {
        return caches.report(command, query);
    }

    @Override
    public Readiness ready() throws InterruptedException {
        List<Readiness.Check> checks = new ArrayList<>(caches.check());
        NativeCounters counters = NativeCounters.read();
        checks.addAll(probes.last());
        if (store != null) {
            checks.addAll(store.check());
        }
        checks.add(new Readiness.Check("native_library", true, "answers; panics so far: " + counters.panics()));
        checks.add(crashProcesses.check());
        return new Readiness(checks);
    }

    /** What the settings have servers keep together; fails to nothing. Closed by the caller. */
    public static SharedTier sharedTier(Settings settings, Fetcher fetcher, InstantSource clock) {
        if (settings.shared() == null) {
            return SharedTier.NONE;
        }
        return switch (SharedCache.open(settings.shared(), new Buckets(fetcher, clock), clock, USER_AGENT)) {
            case Outcome.Found<SharedCache>(SharedCache opened) -> opened;
            case Outcome.Failed<SharedCache>(Outcome.Failure failure) -> {
                LOG.log(Level.WARNING, "there is no shared cache: {0}", failure.describe());
                yield SharedTier.NONE;
            }
        };
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

    private static Outcome<Path> crashProgram() {
        try {
            return Outcome.found(CrashProgram.path());
        } catch (UncheckedIOException | LinkageError e) {
            return Outcome.failed(new Outcome.Unreachable(String.valueOf(e.getMessage())));
        }
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
        metrics.gauge(Metric.CACHE_SQUEEZED, caches::squeezedOut);
        if (shared != null) {
            observe(shared);
        }
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

    private void observe(SharedCache tier) {
        SharedCounts counts = tier.counts();
        for (CacheKind kind : CacheKind.values()) {
            for (SharedCounts.Event event : SharedCounts.Event.values()) {
                metrics.gauge(Metric.SHARED_ENTRIES, () -> counts.get(kind, event), label(kind), label(event));
            }
        }
        metrics.gauge(Metric.SHARED_UPLOADS, tier::uploadsWaiting);
        metrics.gauge(Metric.SHARED_WAITS, tier::waits);
        metrics.gauge(Metric.SHARED_TAKE_OVERS, tier::takeOvers);
    }

    private void observe(CacheKind kind, Metric metric, ToLongFunction<CacheStats> part) {
        metrics.gauge(
                metric,
                () -> {
                    CacheStats stats = scraped.get(kind);
                    return stats == null ? 0 : part.applyAsLong(stats);
                },
                label(kind));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
