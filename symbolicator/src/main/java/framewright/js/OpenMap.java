package framewright.js;

import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.sourcemap.FunctionName;
import framewright.sourcemap.Mapping;
import framewright.sourcemap.SourceMapTable;
import org.jspecify.annotations.Nullable;

/** A source map, ready to be asked of the positions of one script. */
final class OpenMap implements AutoCloseable {
    private final CacheKey key;
    private final SourceMapTable map;
    private final CachedFile mapFile;
    private final @Nullable ScriptFunctions functions;

    /**
     * @param key names the table by what is in the map
     * @param functions of the script; null where the map knows its own, or none can be told
     */
    OpenMap(CacheKey key, SourceMapTable map, CachedFile mapFile, @Nullable ScriptFunctions functions) {
        this.key = key;
        this.map = map;
        this.mapFile = mapFile;
        this.functions = functions;
    }

    CacheKey key() {
        return key;
    }

    SourceMapTable map() {
        return map;
    }

    /** The function around what a mapping is of. */
    FunctionName function(Mapping mapping) {
        return functions == null
                ? map.function(mapping.source(), mapping.line(), mapping.column())
                : functions.at(mapping.generatedLine(), mapping.generatedColumn(), map);
    }

    @Override
    public void close() {
        map.close();
        mapFile.close();
        if (functions != null) {
            functions.close();
        }
    }
}
