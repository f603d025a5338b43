package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.JsRequest;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.ScrapingAttempt;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.objects.Parallel;
import framewright.sources.ArtifactCatalogue;
import framewright.sources.ArtifactCatalogue.Artifact;
import framewright.sources.ArtifactCatalogue.Wanted;
import framewright.sources.ArtifactFolder;
import framewright.sources.Artifacts;
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
 * Finds the files of one request. Several are looked for at once: what is known is looked through first, then each
 * source in turn for all that is missing, and what it names is downloaded side by side. What is found does not depend on
 * who was quicker. Used by one thread.
 *
 * <p>A file with a debug id is taken by its address only when nothing has it by its id: the same address may hold
 * another build elsewhere.
 */
final class ArtifactFinder implements AutoCloseable {
    private final List<Artifacts> sources;
    private final @Nullable LocalFiles local;
    private final Bundles store;
    private final Scraper scraper;
    private final JsRequest request;
    private final Scope scope;

    /** By location, the last first. */
    private final NavigableMap<String, OpenBundle> bundles = new TreeMap<>(Collections.reverseOrder());

    private final Map<String, Single> singles = new HashMap<>();
    private final Set<Question> asked = new HashSet<>();
    private final Map<JsFileKey, List<Finding>> steps = new HashMap<>();
    private final Set<ScrapingAttempt> attempts = new TreeSet<>();
    private final List<AutoCloseable> leases = new ArrayList<>();

    /**
     * @param sources in the order in which they are asked
     * @param local looked through before all else; null: nothing
     */
    ArtifactFinder(
            List<Artifacts> sources,
            @Nullable LocalFiles local,
            Bundles store,
            Scraper scraper,
            JsRequest request,
            Scope scope) {
        this.sources = List.copyOf(sources);
        this.local = local;
        this.store = store;
        this.scraper = scraper;
        this.request = request;
        this.scope = scope;
    }

    /** A file that a list names, and whose list. */
    private record Single(ArtifactCatalogue source, Artifact artifact) {}

    private record Question(Artifacts source, Wanted wanted) {}

    /** What became of each file. */
    Map<JsFileKey, FoundFile> find(Collection<JsFileKey> keys) throws InterruptedException {
        Map<JsFileKey, Callable<Ended>> decided = new LinkedHashMap<>();
        Set<JsFileKey> missing = new LinkedHashSet<>(keys);
        decide(missing, decided);
        for (Artifacts source : sources) {
            switch (source) {
                case ArtifactCatalogue catalogue -> {
                    if (ask(catalogue, together(missing), missing)) {
                        decide(missing, decided);
                    }
                    // a list may be cut off, the shorter for each of many
                    if (ask(catalogue, apart(missing), missing)) {
                        decide(missing, decided);
                    }
                }
                case ArtifactFolder folder -> search(folder, missing, decided);
            }
        }
        for (JsFileKey key : missing) {
            Callable<Ended> byUrl = key.debugId() == null ? null : bundledByUrl(key);
            tellOfBundles(key, byUrl != null);
            decided.put(key, byUrl != null ? byUrl : () -> last(key));
        }
        Map<JsFileKey, FoundFile> found = new HashMap<>();
        for (Ended ended : Parallel.all(List.copyOf(decided.values()))) {
            FoundFile file = ended.file();
            found.put(file.key(), file);
            hold(ended.lease());
            ended.findings().forEach(finding -> tell(file.key(), finding));
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

    private void hold(@Nullable AutoCloseable lease) {
        if (lease != null) {
            leases.add(lease);
        }
    }

    private Scope served(Artifacts source) {
        return source.isPublic() ? Scope.GLOBAL : scope;
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
        return found == null
                ? null
                : () -> Ended.of(found, Findings.of(Cause.FOUND, found.key().absPath(), ""));
    }

    private @Nullable Callable<Ended> bundledById(JsFileKey key) {
        for (OpenBundle bundle : bundles.values()) {
            Ended ended = bundle.byId(key);
            if (ended != null) {
                return () -> ended;
            }
        }
        return null;
    }

    private @Nullable Callable<Ended> bundledByUrl(JsFileKey key) {
        if (key.absPath() == null || bundles.isEmpty()) {
            return null;
        }
        for (String url : JsPaths.candidates(key.absPath())) {
            for (OpenBundle bundle : bundles.values()) {
                Ended ended = bundle.byUrl(key, url);
                if (ended != null) {
                    return () -> ended;
                }
            }
        }
        return null;
    }

    private @Nullable Callable<Ended> single(JsFileKey key) {
        if (key.absPath() == null || singles.isEmpty()) {
            return null;
        }
        for (String url : JsPaths.candidates(key.absPath())) {
            Single single = singles.get(url);
            if (single != null) {
                return () -> single(key, single);
            }
        }
        return null;
    }

    private Ended single(JsFileKey key, Single single) throws InterruptedException {
        Artifact artifact = single.artifact;
        Outcome<CachedFile> file = store.single(artifact.file(), served(single.source));
        String location = artifact.file().location();
        Outcome<Content> content = content(file, artifact);
        FoundFile found = new FoundFile(
                key,
                new JsOrigin.IndividualFile(location),
                artifact.resolvedWith(),
                content,
                Scraper.notAttempted(key));
        AutoCloseable lease = file instanceof Found<CachedFile>(CachedFile held) ? held : null;
        Finding finding = switch (content) {
            case Found<Content> _ -> Findings.of(Cause.FOUND, location, "");
            case Failed<Content>(Failure failure) ->
                Finding.failed(failure, single.source.id(), location, Finding.Attempt.NONE);
        };
        return new Ended(found, List.of(finding), lease);
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

    /** What is left to try once nothing has the file by its id, or at all. */
    private Ended last(JsFileKey key) throws InterruptedException {
        List<Finding> told = new ArrayList<>();
        if (key.debugId() != null) {
            JsFileKey nameless = new JsFileKey(key.kind(), key.absPath(), null);
            for (Artifacts source : sources) {
                if (source instanceof ArtifactFolder folder) {
                    FolderSearch search = new FolderSearch(key, store, served(folder));
                    Ended found = search.find(folder, folder.places(nameless, request.release(), request.dist()));
                    told.addAll(search.findings());
                    if (found != null) {
                        told.addAll(found.findings());
                        return new Ended(found.file(), told, found.lease());
                    }
                }
            }
        }
        Scraper.Scraped scraped = scraper.scrape(key, request.scraping(), scope);
        if (scraped.finding() != null) {
            told.add(scraped.finding());
        }
        AutoCloseable lease =
                scraped.file().content() instanceof Found<Content>(Content.Scraped content) ? content.file() : null;
        return new Ended(scraped.file(), told, lease);
    }

    // ---- what a folder has

    private record Searched(FolderSearch search, @Nullable Ended ended) {}

    private void search(ArtifactFolder folder, Set<JsFileKey> missing, Map<JsFileKey, Callable<Ended>> decided)
            throws InterruptedException {
        List<Callable<Searched>> searches = new ArrayList<>();
        for (JsFileKey key : missing) {
            FolderSearch search = new FolderSearch(key, store, served(folder));
            searches.add(() ->
                    new Searched(search, search.find(folder, folder.places(key, request.release(), request.dist()))));
        }
        for (Searched searched : Parallel.all(searches)) {
            JsFileKey key = searched.search.key();
            for (OpenBundle bundle : searched.search.bundles()) {
                keep(bundle);
            }
            searched.search.findings().forEach(finding -> tell(key, finding));
            Ended ended = searched.ended;
            if (ended != null) {
                decided.put(key, () -> ended);
                missing.remove(key);
            }
        }
        decide(missing, decided);
    }

    // ---- what a list names

    /** One question for all files without debug ids; such servers take one id at a time. */
    private Map<Wanted, List<JsFileKey>> together(Set<JsFileKey> keys) {
        Map<Wanted, List<JsFileKey>> questions = new LinkedHashMap<>();
        List<JsFileKey> byName = new ArrayList<>();
        for (JsFileKey key : keys) {
            if (key.debugId() != null) {
                questions.put(alone(key), List.of(key));
            } else if (key.absPath() != null) {
                byName.add(key);
            }
        }
        if (request.release() != null && !byName.isEmpty()) {
            questions.put(new Wanted(byName, request.release(), request.dist()), byName);
        }
        return questions;
    }

    private Map<Wanted, List<JsFileKey>> apart(Set<JsFileKey> keys) {
        Map<Wanted, List<JsFileKey>> questions = new LinkedHashMap<>();
        for (JsFileKey key : keys) {
            if (key.debugId() == null && key.absPath() != null && request.release() != null) {
                questions.put(alone(key), List.of(key));
            }
        }
        return questions;
    }

    private Wanted alone(JsFileKey key) {
        return new Wanted(List.of(key), request.release(), request.dist());
    }

    private record Answered(List<JsFileKey> keys, Outcome<List<Artifact>> artifacts) {}

    /** Asks what was not asked yet; whether that brought something new. */
    private boolean ask(ArtifactCatalogue source, Map<Wanted, List<JsFileKey>> questions, Set<JsFileKey> missing)
            throws InterruptedException {
        List<Callable<Answered>> calls = new ArrayList<>();
        questions.forEach((wanted, keys) -> {
            if (asked.add(new Question(source, wanted))) {
                calls.add(() -> new Answered(keys, source.list(wanted)));
            }
        });
        boolean news = false;
        List<Artifact> named = new ArrayList<>();
        for (Answered answered : Parallel.all(calls)) {
            List<JsFileKey> keys = answered.keys;
            switch (answered.artifacts) {
                case Failed<List<Artifact>>(Failure failure) ->
                    keys.forEach(
                            key -> tell(key, Finding.failed(failure, source.id(), source.id(), Finding.Attempt.NONE)));
                case Found<List<Artifact>>(List<Artifact> artifacts) -> {
                    if (artifacts.isEmpty()) {
                        keys.stream()
                                .filter(missing::contains)
                                .forEach(key -> tell(
                                        key,
                                        Findings.of(Cause.NO_ARTIFACT, source.id(), null, Findings.described(key))));
                    }
                    for (Artifact artifact : artifacts) {
                        if (artifact.bundle()) {
                            named.add(artifact);
                        } else {
                            news |= singles.putIfAbsent(artifact.absPath(), new Single(source, artifact)) == null;
                        }
                    }
                }
            }
        }
        boolean came = download(source, named);
        return came || news;
    }

    /** Downloads the bundles that are new; whether there were any. */
    private boolean download(ArtifactCatalogue source, List<Artifact> artifacts) throws InterruptedException {
        Map<String, Callable<OpenBundle>> calls = new LinkedHashMap<>();
        for (Artifact artifact : artifacts) {
            String location = artifact.file().location();
            if (!bundles.containsKey(location)) {
                calls.putIfAbsent(
                        location,
                        () -> new OpenBundle(
                                source.id(),
                                location,
                                store.bundle(artifact.file(), served(source)),
                                artifact.resolvedWith()));
            }
        }
        for (OpenBundle bundle : Parallel.all(List.copyOf(calls.values()))) {
            keep(bundle);
        }
        return !calls.isEmpty();
    }

    private void keep(OpenBundle bundle) {
        bundles.put(bundle.location(), bundle);
        if (bundle.opened() instanceof Found<Lease<ArtifactBundle>>(var lease)) {
            leases.add(lease);
        }
    }

    /** What is to be told of the bundles that do not have a file by its id, or at all. */
    private void tellOfBundles(JsFileKey key, boolean byUrl) {
        for (OpenBundle bundle : bundles.values()) {
            switch (bundle.opened()) {
                case Found<Lease<ArtifactBundle>> _ -> {
                    if (!byUrl) {
                        tell(key, Findings.of(Cause.NOT_IN_BUNDLE, bundle.location(), Findings.described(key)));
                    }
                }
                case Failed<Lease<ArtifactBundle>>(Failure failure) ->
                    tell(key, Finding.failed(failure, bundle.source(), bundle.location(), Finding.Attempt.NONE));
            }
        }
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
