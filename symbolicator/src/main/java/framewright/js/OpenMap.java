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
    private final @Nullable SourceMapTable functions;
    private final @Nullable CachedFile functionsFile;

    /**
     * @param key names the table by what is in the map
     * @param functions of the script; null where the map knows its own, or none can be told
     */
    OpenMap(
            CacheKey key,
            SourceMapTable map,
            CachedFile mapFile,
            @Nullable SourceMapTable functions,
            @Nullable CachedFile functionsFile) {
        this.key = key;
        this.map = map;
        this.mapFile = mapFile;
        this.functions = functions;
        this.functionsFile = functionsFile;
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
                : functions.function(0, mapping.generatedLine(), mapping.generatedColumn());
    }

    @Override
    public void close() {
        map.close();
        mapFile.close();
        if (functions != null) {
            functions.close();
        }
        if (functionsFile != null) {
            functionsFile.close();
        }
    }
}
