package framewright.js;

import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.cache.OpenCache.Lease;
import framewright.debugfiles.DebugId;
import framewright.sourcemap.DataUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A script that frames point into, with its source map. Filled step by step by {@link Modules}. */
final class ScriptModule {
    final String absPath;

    /** Of the request, or what the script itself says. */
    @Nullable
    DebugId debugId;

    /** Null until it was looked for. */
    @Nullable
    FoundFile file;

    @Nullable
    Outcome<Script> script;

    /** What the script says its map is; absolute. Null where it says nothing, or has the map in it. */
    @Nullable
    String mapUrl;

    /** Null where there is no map to look for. */
    @Nullable
    FoundFile mapFile;

    @Nullable
    Outcome<Lease<OpenMap>> map;

    /** Of a RAM bundle, which script and map are of; -1 for what is a script of its own. */
    int moduleOfBundle = -1;

    /** What was tried, in order. */
    List<Finding> steps = List.of();

    ScriptModule(String absPath, @Nullable DebugId debugId) {
        this.absPath = absPath;
        this.debugId = debugId;
    }

    /**
     * The line of a frame, from 0, as the map counts it; -1 where the map does not know the module.
     *
     * @param line from 1
     */
    long mapLine(long line, OpenMap open) {
        if (moduleOfBundle < 0) {
            return line - 1;
        }
        int first = open.map().moduleLine(moduleOfBundle);
        return first < 0 ? -1 : first + line - 1;
    }

    JsFileKey key() {
        return new JsFileKey(JsFileKey.Kind.MINIFIED_SOURCE, absPath, debugId);
    }

    /** Takes the map of a bundle that it is a module of; the lease stays the bundle's, and ends with the same request. */
    void takeFrom(ScriptModule bundle, int number, Script code) {
        moduleOfBundle = number;
        debugId = bundle.debugId;
        script = Outcome.found(code);
        mapUrl = bundle.base();
        mapFile = bundle.mapFile;
        map = bundle.map;
        steps = bundle.steps;
    }

    /** The script, where it was had. */
    @Nullable
    Script script() {
        return script instanceof Found<Script>(Script found) ? found : null;
    }

    /** Whether the map is within the script. */
    boolean isEmbedded() {
        Script found = script();
        return found != null && found.sourceMap() != null && DataUrl.isDataUrl(found.sourceMap());
    }

    /** The map to look for; null where nothing leads to one. */
    @Nullable
    JsFileKey mapKey() {
        return mapUrl == null && debugId == null ? null : new JsFileKey(JsFileKey.Kind.SOURCE_MAP, mapUrl, debugId);
    }

    /** What names of sources are relative to. */
    String base() {
        return mapUrl == null ? absPath : mapUrl;
    }
}
