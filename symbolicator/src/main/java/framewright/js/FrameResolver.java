package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsError;
import framewright.api.JsFileKey;
import framewright.api.JsFrame;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceLines;
import framewright.cache.OpenCache.Lease;
import framewright.sourcemap.DamagedTableException;
import framewright.sourcemap.Mapping;
import framewright.sourcemap.SourceLookup;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Makes the frames of an answer, one after the other, the caller before what it calls. */
final class FrameResolver {
    private final SourceMaps maps;
    private final Modules modules;
    private final Map<JsFileKey, Lines> sources;
    private final boolean withContext;
    private final SortedSet<JsError> errors;

    /**
     * @param sources texts that the maps do not hold, as far as they were found
     * @param withContext whether frames get the lines around them
     * @param errors gains what goes wrong
     */
    FrameResolver(
            SourceMaps maps,
            Modules modules,
            Map<JsFileKey, Lines> sources,
            boolean withContext,
            SortedSet<JsError> errors) {
        this.maps = maps;
        this.modules = modules;
        this.sources = sources;
        this.withContext = withContext;
        this.errors = errors;
    }

    /**
     * Resolves a frame.
     *
     * @param raw gains the lines of the minified script, and what is known of a broken map
     * @param called what the frame before, its caller, names the function that it calls
     * @return the frame; its {@code tokenName} is for the next one
     */
    JsFrame resolve(JsFrame raw, @Nullable String called) throws InterruptedException {
        ScriptModule module = modules.get(raw.absPath);
        if (module == null) {
            Long column = raw.column == JsFrame.NO_COLUMN ? null : raw.column;
            return failed(
                    raw,
                    null,
                    JsError.invalidLocation(raw.absPath, raw.line, column),
                    Findings.of(Cause.INVALID_POSITION, raw.absPath, ""));
        }
        Script script = module.script();
        if (script == null) {
            boolean disabled = isDisabled(module.script);
            JsError.Type type = disabled ? JsError.Type.SCRAPING_DISABLED : JsError.Type.MISSING_SOURCE;
            return failed(raw, module, JsError.of(raw.absPath, type), Verdicts.missing(module.absPath, module));
        }
        JsFrame frame = raw.copy();
        addLines(raw, script.lines());
        return switch (module.map) {
            case null -> {
                JsFrame same = raw.copy();
                yield decided(same, module, Verdicts.noSourceMap(module));
            }
            case Failed<Lease<OpenMap>>(Failure failure) -> withoutMap(raw, module, failure);
            case Found<Lease<OpenMap>>(Lease<OpenMap> lease) -> {
                try {
                    yield mapped(raw, frame, module, lease.value(), called);
                } catch (DamagedTableException e) {
                    yield withoutMap(raw, module, new Malformed("the table was changed on the disk"));
                }
            }
        };
    }

    private static boolean isDisabled(@Nullable Outcome<?> outcome) {
        return outcome instanceof Failed<?>(Unreachable failure)
                && failure.details().equals("Scraping disabled");
    }

    private JsFrame withoutMap(JsFrame raw, ScriptModule module, Failure failure) {
        if (failure instanceof Malformed) {
            FoundFile file = module.mapFile;
            if (file != null) {
                raw.resolvedWith = file.resolvedWith();
                raw.origin = file.origin();
            }
            return failed(
                    raw,
                    module,
                    JsError.malformedSourceMap(raw.absPath, module.base()),
                    Verdicts.missing(module.base(), module));
        }
        boolean disabled = isDisabled(module.map);
        JsError.Type type = disabled ? JsError.Type.SCRAPING_DISABLED : JsError.Type.MISSING_SOURCEMAP;
        return failed(raw, module, JsError.of(raw.absPath, type), Verdicts.missing(module.base(), module));
    }

    private JsFrame mapped(JsFrame raw, JsFrame frame, ScriptModule module, OpenMap map, @Nullable String called)
            throws InterruptedException {
        Mapping mapping = lookup(module, map, raw);
        if (mapping == null) {
            JsError error = JsError.invalidLocation(raw.absPath, raw.line, Math.max(raw.column, 0));
            return failed(raw, module, error, Verdicts.noMapping(raw, module, map));
        }
        SourceLookup table = map.map();
        String token = mapping.name() == Mapping.NONE ? null : table.name(mapping.name());
        FoundFile file = module.mapFile;
        if (file != null) {
            frame.origin = file.origin();
            frame.resolvedWith = file.resolvedWith();
        }
        frame.sourceMap = module.base();
        frame.symbolicated = true;
        frame.tokenName = token;
        frame.function = FunctionNames.choose(map.function(mapping), token, raw.function, called);
        String source = table.source(mapping.source());
        if (source != null) {
            place(frame, source, module);
        }
        frame.line = mapping.line() + 1L;
        frame.column = mapping.column() + 1L;
        Finding verdict = Verdicts.found(module, map);
        if (withContext && !addSource(frame, module, map, mapping.source(), source)) {
            String url = source == null ? "" : JsPaths.join(module.base(), source);
            errors.add(JsError.missingSourceContent(raw.absPath, url, module.base()));
            verdict = Findings.of(Cause.NO_SOURCE_CONTENT, url.isEmpty() ? "the source" : url, "");
        }
        return decided(frame, module, verdict);
    }

    /** What the map says of a frame; null where it says nothing. A frame without a column is at its line's start. */
    static @Nullable Mapping lookup(ScriptModule module, OpenMap map, JsFrame frame) {
        long line = module.mapLine(frame.line, map);
        long column = Math.max(frame.column - 1, 0);
        if (line > Integer.MAX_VALUE || column > Integer.MAX_VALUE) {
            return null;
        }
        Mapping mapping = map.map().lookup((int) line, (int) column);
        return mapping == null || !mapping.isMapped() ? null : mapping;
    }

    private static void place(JsFrame frame, String source, ScriptModule module) {
        frame.absPath = JsPaths.join(module.base(), source);
        frame.filename = JsPaths.withoutBundler(source);
        boolean bundled = source.startsWith("webpack:") || source.startsWith("turbopack:");
        if (bundled) {
            frame.module = ModuleName.of(frame.filename);
        } else if (frame.module == null && hasModules(frame.absPath)) {
            frame.module = ModuleName.of(frame.absPath);
        }
    }

    private static boolean hasModules(String path) {
        return path.startsWith("http:")
                || path.startsWith("https:")
                || path.startsWith("webpack:")
                || path.startsWith("turbopack:")
                || path.startsWith("app:");
    }

    private boolean addSource(JsFrame frame, ScriptModule module, OpenMap map, int source, @Nullable String name)
            throws InterruptedException {
        Lines lines = map.map().hasContent(source) ? maps.source(map, source) : null;
        if (lines == null && name != null) {
            lines = sources.get(sourceKey(module, name));
        }
        if (lines == null) {
            return false;
        }
        addLines(frame, lines);
        return true;
    }

    /** What a source that the map does not hold is looked for by. */
    static JsFileKey sourceKey(ScriptModule module, String source) {
        return new JsFileKey(JsFileKey.Kind.SOURCE, JsPaths.join(module.base(), source), null);
    }

    private void addLines(JsFrame frame, Lines lines) {
        SourceLines around = withContext ? lines.around(frame.line, frame.column) : null;
        if (around != null) {
            frame.context = around;
        }
    }

    private JsFrame failed(JsFrame raw, @Nullable ScriptModule module, JsError error, Finding verdict) {
        errors.add(error);
        JsFrame frame = raw.copy();
        frame.tokenName = null;
        return decided(frame, module, verdict);
    }

    private static JsFrame decided(JsFrame frame, @Nullable ScriptModule module, Finding verdict) {
        frame.decision = Verdicts.decide(frame, module, verdict);
        frame.debugId = module == null || module.debugId == null ? null : module.debugId.toString();
        return frame;
    }
}
