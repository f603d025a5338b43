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

    /** What was tried, in order. */
    List<Finding> steps = List.of();

    ScriptModule(String absPath, @Nullable DebugId debugId) {
        this.absPath = absPath;
        this.debugId = debugId;
    }

    JsFileKey key() {
        return new JsFileKey(JsFileKey.Kind.MINIFIED_SOURCE, absPath, debugId);
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
