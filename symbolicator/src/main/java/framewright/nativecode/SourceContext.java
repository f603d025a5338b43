package framewright.nativecode;

import framewright.api.RawModule;
import framewright.api.ResolvedFrame;
import framewright.api.Scraping;
import framewright.api.SourceConfig;
import framewright.api.SourceLines;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectId;
import framewright.fetch.OriginRules;
import framewright.fetch.WebUrl;
import framewright.nativecode.SourceFetches.Fetched;
import framewright.nativecode.SourceFetches.Kept;
import framewright.nativecode.SourceFetches.Link;
import framewright.nativecode.SourceFetches.Way;
import framewright.objects.Parallel;
import framewright.objects.StoredSources;
import framewright.objects.StoredSources.Stored;
import framewright.plan.ModuleIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Adds to each frame the lines of the source around it: from the module's file with sources, from the web where
 * that file only says the address, or from a source that keeps source code. A frame without a line keeps its file's address and gets no lines.
 */
final class SourceContext {
    private final SourceTexts texts;
    private final SourceFetches fetches;
    private final StoredSources stored;

    SourceContext(SourceTexts texts, StoredSources stored) {
        this.texts = texts;
        this.fetches = new SourceFetches(texts);
        this.stored = stored;
    }

    /**
     * What is wanted of the sources of a request.
     *
     * @param modules of the request
     * @param candidates by module; gains the places that were asked
     * @param sources of the request, some of which may keep source code
     * @param scope of the request
     */
    record Wish(
            List<ResolvedStack> stacks,
            List<RawModule> modules,
            FoundModules found,
            List<Candidates> candidates,
            List<SourceConfig> sources,
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
        Map<Way, List<SourceFile>> ways = ways(wish, modules);
        for (Fetched fetched : fetches.fetch(ways.keySet())) {
            for (SourceFile file : ways.getOrDefault(fetched.way(), List.of())) {
                file.fetched = fetched.text();
                wish.candidates.get(file.module).addAll(fetched.candidates());
            }
        }
        modules.forEach(files -> files.values().forEach(SourceContext::complete));
    }

    private static List<Map<String, SourceFile>> filesByModule(Wish wish) {
        boolean stored = wish.sources.stream().anyMatch(SourceConfig::hasSourceFiles);
        List<Map<String, SourceFile>> modules = new ArrayList<>();
        for (int module = 0; module < wish.found.size(); module++) {
            modules.add(new LinkedHashMap<>());
        }
        for (ResolvedStack stack : wish.stacks) {
            for (int i = 0; i < stack.frames().size(); i++) {
                ResolvedFrame frame = stack.frames().get(i);
                int module = stack.module(i);
                String path = frame.absPath();
                if (module != ModuleIndex.NO_MODULE
                        && (stored || wish.found.sourceObject(module) != null)
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

    /** What is to be fetched, with the files that want it. */
    private Map<Way, List<SourceFile>> ways(Wish wish, List<Map<String, SourceFile>> modules)
            throws InterruptedException {
        Map<Way, List<SourceFile>> ways = new LinkedHashMap<>();
        for (Map<String, SourceFile> files : modules) {
            for (SourceFile file : files.values()) {
                Way way = file.known.text() == null && file.hasLine() ? way(wish, file) : null;
                if (way != null) {
                    ways.computeIfAbsent(way, w -> new ArrayList<>()).add(file);
                }
            }
        }
        return ways;
    }

    private @Nullable Way way(Wish wish, SourceFile file) throws InterruptedException {
        SourceObject object = wish.found.sourceObject(file.module);
        WebUrl url = file.known.link();
        if (object != null && url != null) {
            return wish.scraping.enabled() ? link(url, object, wish) : null;
        }
        ObjectId id = wish.modules.get(file.module).objectId();
        List<Stored> places = stored.places(id, file.path, wish.sources, wish.scope);
        return places.isEmpty() ? null : new Kept(places);
    }

    /** What is fetched with a client's secrets is that client's, however public the debug file is. */
    private static Link link(WebUrl url, SourceObject object, Wish wish) {
        Scraping scraping = wish.scraping;
        boolean withHeaders = !scraping.headers().isEmpty() && OriginRules.allow(scraping.allowedOrigins(), url);
        return withHeaders
                ? new Link(url, scraping.headers(), wish.scope, scraping.verifySsl())
                : new Link(url, Map.of(), object.scope(), scraping.verifySsl());
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
