package framewright.js;

import framewright.api.Cause;
import framewright.api.FrameOrder;
import framewright.api.JsDecision;
import framewright.api.JsError;
import framewright.api.JsFileKey;
import framewright.api.JsFrame;
import framewright.api.JsRequest;
import framewright.api.JsResponse;
import framewright.api.Outcome.Found;
import framewright.api.ScriptRelease;
import framewright.cache.Caches;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.config.FetchSettings;
import framewright.fetch.Fetcher;
import framewright.fetch.WebFetcher;
import framewright.nativebridge.NativePool;
import framewright.objects.Unpacker;
import framewright.sourcemap.DamagedTableException;
import framewright.sourcemap.Mapping;
import framewright.sources.Sources;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Resolves the stack traces of JavaScript. */
public final class JsSymbolication implements AutoCloseable {
    private static final String ASYNC = "async ";

    /** Parts of the memory that this may take: for scripts, sources of maps, indexes of bundles; a half to read with. */
    private static final int KEPT_PARTS = 6;

    private final Sources sources;
    private final Bundles bundles;
    private final Scraper scraper;
    private final Scripts scripts;
    private final SourceMaps maps;

    /**
     * @param behind for what nobody waits for
     * @param maxBytes of memory, roughly
     */
    public JsSymbolication(
            Caches caches,
            Sources sources,
            Fetcher fetcher,
            WebFetcher web,
            NativePool pool,
            NativePool behind,
            InstantSource clock,
            long maxBytes,
            FetchSettings settings) {
        Room room = new Room(maxBytes / 2);
        this.sources = sources;
        this.bundles =
                new Bundles(caches, fetcher, new Unpacker(pool, settings.maxDownloadSize()), maxBytes / KEPT_PARTS);
        this.scraper = new Scraper(web, clock, settings);
        this.scripts = new Scripts(caches, room, maxBytes / KEPT_PARTS);
        this.maps = new SourceMaps(caches, pool, new MapTables(caches, pool, behind), room, maxBytes / KEPT_PARTS);
    }

    /**
     * Resolves a request; its frames are changed on the way.
     *
     * @param folder of this machine that has scripts and maps; null: none
     */
    public JsResponse symbolicate(JsRequest asked, Scope scope, @Nullable Path folder) throws InterruptedException {
        JsRequest request = asked.withStacktraces(inOrder(asked.stacktraces(), asked));
        for (List<JsFrame> frames : request.stacktraces()) {
            for (JsFrame frame : frames) {
                // some clients send the beginning of the line with it
                if (frame.absPath.startsWith(ASYNC)) {
                    frame.absPath = frame.absPath.substring(ASYNC.length());
                }
            }
        }
        try (ArtifactFinder finder = new ArtifactFinder(
                        sources.artifacts(request.sources()),
                        folder == null ? null : new LocalFiles(folder),
                        bundles,
                        scraper,
                        request,
                        scope);
                Modules modules = Modules.open(request, finder, scripts, maps)) {
            TreeSet<JsError> errors = new TreeSet<>();
            boolean context = request.options().applySourceContext();
            Map<JsFileKey, Lines> texts = context ? missingSources(request, modules, finder) : Map.of();
            FrameResolver resolver = new FrameResolver(maps, modules, texts, context, errors);
            List<List<JsFrame>> resolved = new ArrayList<>();
            for (List<JsFrame> frames : request.stacktraces()) {
                resolved.add(resolve(frames, resolver));
            }
            if (request.options().explain()) {
                findStale(request, resolved, modules, scope);
            }
            return new JsResponse(
                    inOrder(resolved, request),
                    inOrder(request.stacktraces(), request),
                    List.copyOf(errors),
                    finder.attempts(),
                    request.options().explain(),
                    ScriptRelease.id(request.release(), request.dist()));
        }
    }

    private static List<JsFrame> resolve(List<JsFrame> frames, FrameResolver resolver) throws InterruptedException {
        List<JsFrame> resolved = new ArrayList<>(frames.size());
        String called = null;
        for (JsFrame raw : frames) {
            JsFrame frame = resolver.resolve(raw, called);
            called = frame.tokenName;
            resolved.add(frame);
        }
        return resolved;
    }

    /** The frames as the request orders them, from callers first or back. */
    private static List<List<JsFrame>> inOrder(List<List<JsFrame>> stacktraces, JsRequest request) {
        return request.options().frameOrder() == FrameOrder.CALLER_FIRST
                ? stacktraces
                : stacktraces.stream().map(List::reversed).toList();
    }

    /** The sources that frames point into and that their maps do not hold. */
    private Map<JsFileKey, Lines> missingSources(JsRequest request, Modules modules, ArtifactFinder finder)
            throws InterruptedException {
        Set<JsFileKey> wanted = new LinkedHashSet<>();
        for (List<JsFrame> frames : request.stacktraces()) {
            for (JsFrame frame : frames) {
                JsFileKey key = missingSource(frame, modules.get(frame.absPath));
                if (key != null) {
                    wanted.add(key);
                }
            }
        }
        Map<JsFileKey, Lines> texts = new HashMap<>();
        for (FoundFile file : finder.find(wanted).values()) {
            if (file.content() instanceof Found<Content>(Content content)
                    && scripts.get(content) instanceof Found<Script>(Script source)) {
                texts.put(file.key(), source.lines());
            }
        }
        return texts;
    }

    private static @Nullable JsFileKey missingSource(JsFrame frame, @Nullable ScriptModule module) {
        if (module == null || !(module.map instanceof Found<Lease<OpenMap>>(Lease<OpenMap> lease))) {
            return null;
        }
        try {
            Mapping mapping = FrameResolver.lookup(module, lease.value(), frame);
            if (mapping == null || lease.value().map().hasContent(mapping.source())) {
                return null;
            }
            String source = lease.value().map().source(mapping.source());
            return source == null ? null : FrameResolver.sourceKey(module, source);
        } catch (DamagedTableException e) {
            return null;
        }
    }

    /** Where a position is not in the script that was uploaded, looks whether another one is deployed. */
    private void findStale(JsRequest request, List<List<JsFrame>> resolved, Modules modules, Scope scope)
            throws InterruptedException {
        Map<String, String> known = new HashMap<>();
        for (List<JsFrame> frames : resolved) {
            for (JsFrame frame : frames) {
                JsDecision decision = frame.decision;
                ScriptModule module = modules.get(frame.absPath);
                if (decision != null
                        && module != null
                        && isDoubtful(decision.verdict().cause())) {
                    String difference = known.get(frame.absPath);
                    if (difference == null) {
                        difference = difference(module, request, scope);
                        known.put(frame.absPath, difference);
                    }
                    if (!difference.isEmpty()) {
                        frame.decision = new JsDecision(
                                decision.steps(), Findings.of(Cause.STALE_SCRIPT, frame.absPath, difference));
                    }
                }
            }
        }
    }

    private static boolean isDoubtful(Cause cause) {
        return cause == Cause.BEYOND_SCRIPT || cause == Cause.NO_MAPPING || cause == Cause.MAP_OF_OTHER_SCRIPT;
    }

    /** In what the deployed script differs; empty where it does not, or cannot be had. */
    private String difference(ScriptModule module, JsRequest request, Scope scope) throws InterruptedException {
        Script uploaded = module.script();
        FoundFile file = module.file;
        if (uploaded == null || file == null || !(file.content() instanceof Found<Content>(Content content))) {
            return "";
        }
        Content deployed =
                content instanceof Content.Scraped ? null : scraper.deployed(module.absPath, request.scraping(), scope);
        if (deployed == null || !(deployed.read() instanceof Found<Content.Read>(Content.Read read))) {
            return "";
        }
        return Script.digest(read.bytes()).equals(uploaded.digest())
                ? ""
                : "%d bytes were uploaded, %d are deployed".formatted(content.bytes(), read.bytes().length);
    }

    @Override
    public void close() {
        bundles.close();
        scripts.close();
        maps.close();
    }
}
