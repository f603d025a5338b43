package framewright.nativecode;

import framewright.api.Candidate.Download;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.ResolvedFrame;
import framewright.api.Scraping;
import framewright.api.SourceLines;
import framewright.cache.Scope;
import framewright.fetch.OriginRules;
import framewright.fetch.WebUrl;
import framewright.objects.Parallel;
import framewright.plan.ModuleIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Adds to each frame the lines of the source around it: from the module's file with sources, or from the web where
 * that file only says the address. A frame without a line keeps its file's address and gets no lines.
 */
final class SourceContext {
    private static final Features SOURCES_ONLY = new Features(false, false, false, true, null);

    /** How many links of a request are followed at a time. */
    private static final int PARALLEL_FETCHES = 16;

    private final SourceTexts texts;

    SourceContext(SourceTexts texts) {
        this.texts = texts;
    }

    /**
     * What is wanted of the sources of a request.
     *
     * @param candidates by module; gains the links that were followed
     * @param scope of the request
     */
    record Wish(
            List<ResolvedStack> stacks,
            FoundModules found,
            List<Candidates> candidates,
            Scraping scraping,
            Scope scope) {}

    /** A source file of a module, and the frames in it. */
    private static final class SourceFile {
        private final int module;
        private final String path;
        private final List<Place> places = new ArrayList<>();
        private KnownSource known = KnownSource.NOTHING;
        private @Nullable SourceText fetched;

        SourceFile(int module, String path) {
            this.module = module;
            this.path = path;
        }

        boolean hasLine() {
            return places.stream().anyMatch(place -> place.frame().line() > 0);
        }
    }

    private record Place(List<ResolvedFrame> frames, int index) {
        ResolvedFrame frame() {
            return frames.get(index);
        }
    }

    /** @param scope whose copy of the file it becomes */
    private record Link(WebUrl url, Map<String, String> headers, Scope scope) {}

    private record Followed(Link link, List<SourceFile> files, Outcome<KnownSource> outcome) {}

    /** Completes the frames in place. */
    void apply(Wish wish) throws InterruptedException {
        List<Map<String, SourceFile>> modules = filesByModule(wish);
        List<Callable<Boolean>> lookups = new ArrayList<>();
        for (int module = 0; module < modules.size(); module++) {
            SourceObject object = wish.found.sourceObject(module);
            Map<String, SourceFile> files = modules.get(module);
            if (object != null && !files.isEmpty()) {
                lookups.add(() -> lookUp(object, files));
            }
        }
        Parallel.all(lookups);
        if (wish.scraping.enabled()) {
            follow(links(wish, modules), wish);
        }
        modules.forEach(files -> files.values().forEach(SourceContext::complete));
    }

    private static List<Map<String, SourceFile>> filesByModule(Wish wish) {
        List<Map<String, SourceFile>> modules = new ArrayList<>();
        for (int module = 0; module < wish.found.size(); module++) {
            modules.add(wish.found.sourceObject(module) == null ? Map.of() : new LinkedHashMap<>());
        }
        for (ResolvedStack stack : wish.stacks) {
            for (int i = 0; i < stack.frames().size(); i++) {
                ResolvedFrame frame = stack.frames().get(i);
                int module = stack.module(i);
                String path = frame.absPath();
                if (module != ModuleIndex.NO_MODULE
                        && wish.found.sourceObject(module) != null
                        && path != null
                        && frame.line() >= 0) {
                    modules.get(module)
                            .computeIfAbsent(path, p -> new SourceFile(module, p))
                            .places
                            .add(new Place(stack.frames(), i));
                }
            }
        }
        return modules;
    }

    private boolean lookUp(SourceObject object, Map<String, SourceFile> files) throws InterruptedException {
        for (SourceFile file : files.values()) {
            file.known = texts.within(object, file.path);
        }
        return true;
    }

    /** The links to follow, with the files that want them. */
    private static Map<Link, List<SourceFile>> links(Wish wish, List<Map<String, SourceFile>> modules) {
        Map<Link, List<SourceFile>> links = new LinkedHashMap<>();
        for (Map<String, SourceFile> files : modules) {
            for (SourceFile file : files.values()) {
                SourceObject object = wish.found.sourceObject(file.module);
                WebUrl url = file.known.link();
                if (object != null && url != null && file.known.text() == null && file.hasLine()) {
                    links.computeIfAbsent(link(url, object, wish), l -> new ArrayList<>())
                            .add(file);
                }
            }
        }
        return links;
    }

    /** What is fetched with a client's secrets is that client's, however public the debug file is. */
    private static Link link(WebUrl url, SourceObject object, Wish wish) {
        Scraping scraping = wish.scraping;
        boolean withHeaders = !scraping.headers().isEmpty() && OriginRules.allow(scraping.allowedOrigins(), url);
        return withHeaders ? new Link(url, scraping.headers(), wish.scope) : new Link(url, Map.of(), object.scope());
    }

    private void follow(Map<Link, List<SourceFile>> links, Wish wish) throws InterruptedException {
        Semaphore turns = new Semaphore(PARALLEL_FETCHES);
        List<Callable<Followed>> fetches = new ArrayList<>();
        links.forEach((link, files) -> fetches.add(() -> {
            turns.acquire();
            try {
                return new Followed(
                        link, files, texts.onTheWeb(link.url, link.headers, link.scope, wish.scraping.verifySsl()));
            } finally {
                turns.release();
            }
        }));
        for (Followed followed : Parallel.all(fetches)) {
            Download download = download(followed.outcome);
            String location = followed.link.url.toString();
            Finding finding = finding(followed.outcome, location);
            for (SourceFile file : followed.files) {
                file.fetched = text(followed.outcome);
                wish.candidates.get(file.module).addAll(List.of(Candidates.ofLink(location, download, finding)));
            }
        }
    }

    private static @Nullable SourceText text(Outcome<KnownSource> outcome) {
        return outcome instanceof Found<KnownSource>(KnownSource source) ? source.text() : null;
    }

    private static Finding finding(Outcome<KnownSource> outcome, String location) {
        return switch (outcome) {
            case Found<KnownSource> _ ->
                new Finding(Cause.FOUND, Candidates.SOURCE_LINK, location, "", 0, "", Finding.Attempt.NONE, null);
            case Failed<KnownSource>(Failure failure) ->
                Finding.failed(failure, Candidates.SOURCE_LINK, location, Finding.Attempt.NONE);
        };
    }

    private static Download download(Outcome<KnownSource> outcome) {
        return switch (outcome) {
            case Found<KnownSource> _ -> new Download(DownloadStatus.OK, SOURCES_ONLY, null);
            case Failed<KnownSource>(Failure failure) ->
                switch (failure) {
                    case Missing _ -> new Download(DownloadStatus.NOTFOUND, null, null);
                    case Denied _ -> new Download(DownloadStatus.NOPERM, null, failure.describe());
                    case Malformed _ -> new Download(DownloadStatus.MALFORMED, null, null);
                    default -> new Download(DownloadStatus.ERROR, null, failure.describe());
                };
        };
    }

    private static void complete(SourceFile file) {
        SourceText text = file.known.text() != null ? file.known.text() : file.fetched;
        String link = file.known.link() == null ? null : file.known.link().toString();
        Map<Long, SourceLines> byLine = new HashMap<>();
        for (Place place : file.places) {
            SourceLines lines = byLine.computeIfAbsent(place.frame().line(), line -> lines(text, line, link));
            if (lines != null) {
                place.frames.set(place.index, place.frame().withSource(lines));
            }
        }
    }

    private static @Nullable SourceLines lines(@Nullable SourceText text, long line, @Nullable String link) {
        SourceLines lines = text == null ? null : text.around(line, link);
        return lines != null || link == null ? lines : SourceLines.linkOnly(link);
    }
}
