package framewright.js;

import framewright.api.BundleManifest;
import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.JsRequest;
import framewright.api.JsStem;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.ResolvedWith;
import framewright.api.ScrapingAttempt;
import framewright.api.UpstreamAnswers.Artifact;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.fetch.RemoteFile.Web;
import framewright.objects.Parallel;
import framewright.sources.SentryArtifacts;
import framewright.sources.SentryArtifacts.Wanted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of one request. Several are looked for at once: what is known is looked through first, then the
 * server of artifacts is asked for all that is missing, and what it names is downloaded side by side. What is found
 * does not depend on who was quicker. Used by one thread.
 *
 * <p>A file with a debug id is taken by its address only when no bundle has it by its id: the same address may hold
 * another build in another bundle.
 */
final class ArtifactFinder implements AutoCloseable {
    private final @Nullable SentryArtifacts server;
    private final @Nullable LocalFiles local;
    private final Bundles store;
    private final Scraper scraper;
    private final JsRequest request;
    private final Scope scope;

    /** By location, the last first. */
    private final NavigableMap<String, Bundle> bundles = new TreeMap<>(Collections.reverseOrder());

    private final Map<String, Artifact> singles = new HashMap<>();
    private final Set<Wanted> asked = new HashSet<>();
    private final Map<JsFileKey, List<Finding>> steps = new HashMap<>();
    private final Set<ScrapingAttempt> attempts = new TreeSet<>();
    private final List<AutoCloseable> leases = new ArrayList<>();

    /**
     * @param server null: none was named
     * @param local looked through before all else; null: nothing
     */
    ArtifactFinder(
            @Nullable SentryArtifacts server,
            @Nullable LocalFiles local,
            Bundles store,
            Scraper scraper,
            JsRequest request,
            Scope scope) {
        this.server = server;
        this.local = local;
        this.store = store;
        this.scraper = scraper;
        this.request = request;
        this.scope = scope;
    }

    private record Bundle(String location, Outcome<Lease<ArtifactBundle>> opened, ResolvedWith resolvedWith) {}

    /** A file, and what is to be told of it. */
    private record Ended(
            FoundFile file,
            @Nullable Finding finding,
            @Nullable AutoCloseable lease) {}

    /** What became of each file. */
    Map<JsFileKey, FoundFile> find(Collection<JsFileKey> keys) throws InterruptedException {
        Map<JsFileKey, Callable<Ended>> decided = new LinkedHashMap<>();
        Set<JsFileKey> missing = new LinkedHashSet<>(keys);
        decide(missing, decided);
        if (ask(together(missing), missing)) {
            decide(missing, decided);
        }
        // a list may be cut off, the shorter for each of many
        if (ask(apart(missing), missing)) {
            decide(missing, decided);
        }
        for (JsFileKey key : missing) {
            Callable<Ended> byUrl = key.debugId() == null ? null : bundledByUrl(key);
            tellOfBundles(key, byUrl != null);
            decided.put(key, byUrl != null ? byUrl : () -> scraped(key));
        }
        Map<JsFileKey, FoundFile> found = new HashMap<>();
        for (Ended ended : Parallel.all(List.copyOf(decided.values()))) {
            FoundFile file = ended.file;
            found.put(file.key(), file);
            if (ended.lease != null) {
                leases.add(ended.lease);
            }
            if (ended.finding != null) {
                tell(file.key(), ended.finding);
            }
            if (file.attempt() != null) {
                attempts.add(file.attempt());
            }
        }
        return found;
    }

    /** What was tried for a file, in order. */
    List<Finding> steps(JsFileKey key) {
        return steps.getOrDefault(key, List.of());
    }

    List<ScrapingAttempt> attempts() {
        return List.copyOf(attempts);
    }

    private void tell(JsFileKey key, Finding finding) {
        steps.computeIfAbsent(key, _ -> new ArrayList<>()).add(finding);
    }

    // ---- what is known

    private void decide(Set<JsFileKey> missing, Map<JsFileKey, Callable<Ended>> decided) {
        for (Iterator<JsFileKey> keys = missing.iterator(); keys.hasNext(); ) {
            JsFileKey key = keys.next();
            Callable<Ended> known = local(key);
            if (known == null) {
                known = key.debugId() == null ? bundledByUrl(key) : bundledById(key);
            }
            if (known == null) {
                known = single(key);
            }
            if (known != null) {
                decided.put(key, known);
                keys.remove();
            }
        }
    }

    private @Nullable Callable<Ended> local(JsFileKey key) {
        FoundFile found = local == null ? null : local.find(key);
        if (found == null) {
            return null;
        }
        Finding finding = Findings.of(Cause.FOUND, found.key().absPath(), "");
        return () -> new Ended(found, finding, null);
    }

    private @Nullable Callable<Ended> bundledById(JsFileKey key) {
        for (Bundle bundle : bundles.values()) {
            if (key.debugId() != null && bundle.opened instanceof Found<Lease<ArtifactBundle>>(var lease)) {
                BundleManifest.File file = lease.value().byDebugId(key.debugId(), key.kind());
                if (file != null) {
                    return bundled(key, bundle, lease.value(), file, ResolvedWith.DEBUG_ID);
                }
            }
        }
        return null;
    }

    private @Nullable Callable<Ended> bundledByUrl(JsFileKey key) {
        if (key.absPath() == null || bundles.isEmpty()) {
            return null;
        }
        for (String url : JsPaths.candidates(key.absPath())) {
            for (Bundle bundle : bundles.values()) {
                if (bundle.opened instanceof Found<Lease<ArtifactBundle>>(var lease)) {
                    BundleManifest.File file = lease.value().byUrl(url);
                    if (file != null) {
                        return bundled(key, bundle, lease.value(), file, bundle.resolvedWith);
                    }
                }
            }
        }
        return null;
    }

    private static Callable<Ended> bundled(
            JsFileKey key, Bundle bundle, ArtifactBundle open, BundleManifest.File file, ResolvedWith how) {
        FoundFile found = new FoundFile(
                key,
                new JsOrigin.Bundled(bundle.location, key),
                how,
                Outcome.found(new Content.Bundled(open, file)),
                notAttempted(key));
        Finding finding = Findings.of(Cause.FOUND, bundle.location + " (" + file.path() + ")", "");
        return () -> new Ended(found, finding, null);
    }

    private @Nullable Callable<Ended> single(JsFileKey key) {
        if (key.absPath() == null || singles.isEmpty()) {
            return null;
        }
        for (String url : JsPaths.candidates(key.absPath())) {
            Artifact artifact = singles.get(url);
            if (artifact != null) {
                return () -> single(key, artifact);
            }
        }
        return null;
    }

    private Ended single(JsFileKey key, Artifact artifact) throws InterruptedException {
        Web remote = server == null ? null : server.file(artifact);
        Outcome<CachedFile> file = remote == null
                ? Outcome.failed(new Outcome.Unsupported("the artifact's url is none"))
                : store.single(remote, scope);
        String location = SentryArtifacts.location(artifact);
        Outcome<Content> content = content(file, artifact);
        FoundFile found = new FoundFile(
                key, new JsOrigin.IndividualFile(location), artifact.resolvedWith(), content, notAttempted(key));
        AutoCloseable lease = file instanceof Found<CachedFile>(CachedFile held) ? held : null;
        Finding finding = switch (content) {
            case Found<Content> _ -> Findings.of(Cause.FOUND, location, "");
            case Failed<Content>(Failure failure) ->
                Finding.failed(failure, serverId(), location, Finding.Attempt.NONE);
        };
        return new Ended(found, finding, lease);
    }

    private static Outcome<Content> content(Outcome<CachedFile> file, Artifact artifact) {
        Map<String, String> headers = artifact.headers();
        String sourceMap = headers.getOrDefault("sourcemap", headers.getOrDefault("x-sourcemap", ""));
        return switch (file) {
            case Found<CachedFile>(CachedFile found) -> Outcome.found(new Content.Uploaded(found, sourceMap));
            // bytecode is uploaded as a file without a byte, which the way here takes for one that is missing
            case Failed<CachedFile>(Outcome.Missing _)
            when !headers.isEmpty() ->
                Outcome.found(new Content.Empty(
                        new CacheKey("empty file\nsource map: " + sourceMap.replace('\n', ' ') + "\n"), sourceMap));
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
        };
    }

    private static @Nullable ScrapingAttempt notAttempted(JsFileKey key) {
        String path = key.absPath();
        return path != null && Scraper.isUrl(path) ? ScrapingAttempt.notAttempted(path) : null;
    }

    private Ended scraped(JsFileKey key) throws InterruptedException {
        Scraper.Scraped scraped = scraper.scrape(key, request.scraping(), scope);
        AutoCloseable lease =
                scraped.file().content() instanceof Found<Content>(Content.Scraped content) ? content.file() : null;
        return new Ended(scraped.file(), scraped.finding(), lease);
    }

    // ---- what the server knows

    /** One question for all files without debug ids; such servers take one id at a time. */
    private Map<Wanted, List<JsFileKey>> together(Set<JsFileKey> keys) {
        Map<Wanted, List<JsFileKey>> questions = new LinkedHashMap<>();
        Set<String> stems = new TreeSet<>();
        List<JsFileKey> byName = new ArrayList<>();
        for (JsFileKey key : keys) {
            if (key.debugId() != null) {
                questions.computeIfAbsent(alone(key), _ -> new ArrayList<>()).add(key);
            } else if (key.absPath() != null) {
                stems.add(JsStem.of(key.absPath()));
                byName.add(key);
            }
        }
        if (request.release() != null && !stems.isEmpty()) {
            questions.put(new Wanted(null, List.copyOf(stems), request.release(), request.dist()), byName);
        }
        return questions;
    }

    private Map<Wanted, List<JsFileKey>> apart(Set<JsFileKey> keys) {
        Map<Wanted, List<JsFileKey>> questions = new LinkedHashMap<>();
        for (JsFileKey key : keys) {
            if (key.debugId() == null && key.absPath() != null && request.release() != null) {
                questions.computeIfAbsent(alone(key), _ -> new ArrayList<>()).add(key);
            }
        }
        return questions;
    }

    private Wanted alone(JsFileKey key) {
        List<String> stems = key.absPath() == null ? List.of() : List.of(JsStem.of(key.absPath()));
        return new Wanted(key.debugId(), stems, request.release(), request.dist());
    }

    private record Answered(Wanted wanted, Outcome<List<Artifact>> artifacts) {}

    /** Asks what was not asked yet; whether that brought something new. */
    private boolean ask(Map<Wanted, List<JsFileKey>> questions, Set<JsFileKey> missing) throws InterruptedException {
        SentryArtifacts named = server;
        if (named == null) {
            return false;
        }
        List<Callable<Answered>> calls = new ArrayList<>();
        for (Wanted wanted : questions.keySet()) {
            if (asked.add(wanted)) {
                calls.add(() -> new Answered(wanted, named.list(wanted)));
            }
        }
        boolean news = false;
        List<Artifact> wanted = new ArrayList<>();
        for (Answered answered : Parallel.all(calls)) {
            List<JsFileKey> keys = questions.getOrDefault(answered.wanted, List.of());
            switch (answered.artifacts) {
                case Failed<List<Artifact>>(Failure failure) ->
                    keys.forEach(
                            key -> tell(key, Finding.failed(failure, serverId(), serverId(), Finding.Attempt.NONE)));
                case Found<List<Artifact>>(List<Artifact> artifacts) -> {
                    if (artifacts.isEmpty()) {
                        keys.stream()
                                .filter(missing::contains)
                                .forEach(key ->
                                        tell(key, Findings.of(Cause.NO_ARTIFACT, serverId(), null, described(key))));
                    }
                    for (Artifact artifact : artifacts) {
                        if (artifact.bundle()) {
                            wanted.add(artifact);
                        } else {
                            news |= singles.putIfAbsent(artifact.absPath(), artifact) == null;
                        }
                    }
                }
            }
        }
        boolean came = download(named, wanted);
        return came || news;
    }

    private String serverId() {
        return server == null ? "" : server.id();
    }

    /** Downloads the bundles that are new; whether there were any. */
    private boolean download(SentryArtifacts named, List<Artifact> artifacts) throws InterruptedException {
        Map<String, Callable<Bundle>> calls = new LinkedHashMap<>();
        for (Artifact artifact : artifacts) {
            String location = SentryArtifacts.location(artifact);
            Web remote = named.file(artifact);
            if (remote != null && !bundles.containsKey(location)) {
                calls.putIfAbsent(
                        location, () -> new Bundle(location, store.bundle(remote, scope), artifact.resolvedWith()));
            }
        }
        for (Bundle bundle : Parallel.all(List.copyOf(calls.values()))) {
            bundles.put(bundle.location, bundle);
            if (bundle.opened instanceof Found<Lease<ArtifactBundle>>(var lease)) {
                leases.add(lease);
            }
        }
        return !calls.isEmpty();
    }

    /** What is to be told of the bundles that do not have a file by its id, or at all. */
    private void tellOfBundles(JsFileKey key, boolean byUrl) {
        for (Bundle bundle : bundles.values()) {
            switch (bundle.opened) {
                case Found<Lease<ArtifactBundle>> _ -> {
                    if (!byUrl) {
                        tell(key, Findings.of(Cause.NOT_IN_BUNDLE, bundle.location, described(key)));
                    }
                }
                case Failed<Lease<ArtifactBundle>>(Failure failure) ->
                    tell(key, Finding.failed(failure, serverId(), bundle.location, Finding.Attempt.NONE));
            }
        }
    }

    private static String described(JsFileKey key) {
        String what = switch (key.kind()) {
            case MINIFIED_SOURCE -> "the script";
            case SOURCE_MAP -> "the source map";
            case SOURCE -> "the source";
        };
        String name = key.absPath() == null ? what : what + " " + key.absPath();
        return key.debugId() == null ? name : name + " with the debug id " + key.debugId();
    }

    @Override
    public void close() {
        for (AutoCloseable lease : leases) {
            try {
                lease.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing failed", e);
            }
        }
    }
}
