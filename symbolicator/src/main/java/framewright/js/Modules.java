package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsFrame;
import framewright.api.JsModule;
import framewright.api.JsOrigin;
import framewright.api.JsRequest;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.cache.OpenCache.Lease;
import framewright.objects.Parallel;
import framewright.sourcemap.DataUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The scripts that the frames of a request point into, each with its map; all are had side by side. */
final class Modules implements AutoCloseable {
    private final ArtifactFinder finder;
    private final Scripts scripts;
    private final SourceMaps maps;
    private final Map<String, ScriptModule> modules;

    private Modules(ArtifactFinder finder, Scripts scripts, SourceMaps maps, Map<String, ScriptModule> modules) {
        this.finder = finder;
        this.scripts = scripts;
        this.maps = maps;
        this.modules = modules;
    }

    /** Finds and opens everything that frames with a position point into. */
    static Modules open(JsRequest request, ArtifactFinder finder, Scripts scripts, SourceMaps maps)
            throws InterruptedException {
        Map<String, JsModule> named = new HashMap<>();
        request.modules().forEach(module -> named.put(module.codeFile(), module));
        Map<String, ScriptModule> wanted = new LinkedHashMap<>();
        for (List<JsFrame> frames : request.stacktraces()) {
            for (JsFrame frame : frames) {
                if (frame.line > 0) {
                    wanted.computeIfAbsent(frame.absPath, path -> {
                        JsModule module = named.get(path);
                        return new ScriptModule(path, module == null ? null : module.debugId());
                    });
                }
            }
        }
        Modules modules = new Modules(finder, scripts, maps, wanted);
        boolean done = false;
        try {
            modules.findScripts();
            modules.findMaps();
            modules.openMaps();
            modules.takeFromBundles();
            done = true;
            return modules;
        } finally {
            if (!done) {
                modules.close();
            }
        }
    }

    /** The script at an address; null where no frame has a position in it. */
    @Nullable
    ScriptModule get(String absPath) {
        return modules.get(absPath);
    }

    private void findScripts() throws InterruptedException {
        Map<JsFileKey, FoundFile> found =
                finder.find(modules.values().stream().map(ScriptModule::key).toList());
        List<Callable<Boolean>> reads = new ArrayList<>();
        for (ScriptModule module : modules.values()) {
            JsFileKey key = module.key();
            FoundFile file = found.get(key);
            if (file == null) {
                throw new IllegalStateException("every file that is looked for has an end");
            }
            module.file = file;
            reads.add(() -> {
                module.script = read(file);
                return true;
            });
        }
        Parallel.all(reads);
        modules.values().forEach(module -> module.steps = finder.steps(module.key()));
    }

    private Outcome<Script> read(FoundFile file) throws InterruptedException {
        return switch (file.content()) {
            case Found<Content>(Content content) -> scripts.get(content);
            case Failed<Content>(Failure failure) -> Outcome.failed(failure);
        };
    }

    private void findMaps() throws InterruptedException {
        Map<JsFileKey, ScriptModule> wanted = new LinkedHashMap<>();
        List<ScriptModule> pointing = new ArrayList<>();
        for (ScriptModule module : modules.values()) {
            Script script = module.script();
            if (script != null) {
                refer(module, script);
                JsFileKey key = module.mapKey();
                if (!module.isEmbedded() && key != null) {
                    wanted.put(key, module);
                    pointing.add(module);
                }
            }
        }
        Map<JsFileKey, FoundFile> found = finder.find(wanted.keySet());
        for (ScriptModule module : pointing) {
            JsFileKey key = module.mapKey();
            module.mapFile = found.get(key);
            List<Finding> steps = new ArrayList<>(module.steps);
            steps.addAll(key == null ? List.of() : finder.steps(key));
            module.steps = steps;
        }
    }

    /** What a script says of its id and its map. */
    private static void refer(ScriptModule module, Script script) {
        FoundFile file = module.file;
        boolean bundled = file != null && file.origin() instanceof JsOrigin.Bundled;
        if (module.debugId == null && !bundled) {
            module.debugId = script.debugId();
        }
        if (script.sourceMap() != null && !module.isEmbedded()) {
            module.mapUrl = JsPaths.join(module.absPath, script.sourceMap());
        }
        if (module.isEmbedded()) {
            module.mapFile = embedded(module, script.sourceMap());
        }
    }

    private static FoundFile embedded(ScriptModule module, @Nullable String dataUrl) {
        FoundFile script = module.file;
        if (script == null || !(script.content() instanceof Found<Content>(Content content)) || dataUrl == null) {
            throw new IllegalStateException("a map is embedded in a script that was read");
        }
        Outcome<Content> map = switch (DataUrl.decode(dataUrl)) {
            case DataUrl.Decoded decoded ->
                Outcome.found(new Content.Embedded(content.key().with("embedded map"), decoded.content()));
            case DataUrl.Malformed(String reason) ->
                Outcome.failed(new Malformed("the data: URL of the source map: " + reason));
        };
        JsFileKey key = new JsFileKey(JsFileKey.Kind.SOURCE_MAP, null, null);
        return new FoundFile(key, new JsOrigin.Embedded(), script.resolvedWith(), map, null);
    }

    private void openMaps() throws InterruptedException {
        List<Callable<Boolean>> opens = new ArrayList<>();
        for (ScriptModule module : modules.values()) {
            FoundFile mapFile = module.mapFile;
            Script script = module.script();
            if (mapFile != null && script != null) {
                opens.add(() -> {
                    module.map = open(mapFile, script);
                    return true;
                });
            }
        }
        Parallel.all(opens);
        for (ScriptModule module : modules.values()) {
            if (module.map instanceof Failed<Lease<OpenMap>>(Failure failure)
                    && module.mapFile != null
                    && module.mapFile.content() instanceof Found) {
                List<Finding> steps = new ArrayList<>(module.steps);
                boolean page = failure.describe().startsWith("a web page");
                steps.add(
                        page
                                ? Findings.of(Cause.HTML_PAGE, module.base(), "")
                                : Finding.failed(failure, "", module.base(), Finding.Attempt.NONE));
                module.steps = steps;
            }
        }
    }

    /** What nobody has as a script of its own may be a module of a RAM bundle that other frames point into. */
    private void takeFromBundles() {
        for (ScriptModule module : modules.values()) {
            int number = module.script() == null ? RamBundle.module(module.absPath) : -1;
            for (ScriptModule bundle : number < 0 ? List.<ScriptModule>of() : modules.values()) {
                Script script = bundle.script();
                String code = script == null || script.modules() == null
                        ? null
                        : script.modules().code(number);
                if (code != null && module.script() == null) {
                    module.takeFrom(bundle, number, Script.ofText(code));
                }
            }
        }
    }

    private Outcome<Lease<OpenMap>> open(FoundFile mapFile, Script script) throws InterruptedException {
        return switch (mapFile.content()) {
            case Failed<Content>(Failure failure) -> Outcome.failed(failure);
            case Found<Content>(Content map) -> maps.open(map, script);
        };
    }

    @Override
    public void close() {
        for (ScriptModule module : modules.values()) {
            if (module.map instanceof Found<Lease<OpenMap>>(Lease<OpenMap> lease)) {
                lease.close();
            }
        }
    }
}
