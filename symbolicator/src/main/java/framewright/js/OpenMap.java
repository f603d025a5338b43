package framewright.js;

import framewright.cache.CacheKey;
import framewright.sourcemap.FunctionName;
import framewright.sourcemap.Mapping;
import framewright.sourcemap.SourceLookup;
import framewright.sourcemap.SourceMap;
import org.jspecify.annotations.Nullable;

/**
 * A source map, ready to be asked of the positions of one script: a large one in memory as it was read, until its table is
 * on the disk. Both give the same answers under the same indexes, so that who asks need not know.
 */
final class OpenMap implements AutoCloseable {
    private final CacheKey key;
    private final @Nullable ScriptFunctions functions;
    private volatile SourceLookup map;
    private @Nullable MappedTable table;
    private boolean closed;
    private volatile boolean givenUp;

    /**
     * @param key names the table by what is in the map
     * @param functions of the script; null where the map knows its own, or none can be told
     */
    OpenMap(CacheKey key, SourceMap map, @Nullable ScriptFunctions functions) {
        this.key = key;
        this.map = map;
        this.functions = functions;
    }

    /** The same of what is on the disk already; takes the table over. */
    OpenMap(CacheKey key, MappedTable table, @Nullable ScriptFunctions functions) {
        this.key = key;
        this.map = table.map();
        this.table = table;
        this.functions = functions;
    }

    CacheKey key() {
        return key;
    }

    SourceLookup map() {
        return map;
    }

    /** The function around what a mapping is of. */
    FunctionName function(Mapping mapping) {
        SourceLookup asked = map;
        return functions == null
                ? asked.function(mapping.source(), mapping.line(), mapping.column())
                : functions.at(mapping.generatedLine(), mapping.generatedColumn(), asked);
    }

    /** It has no table and will not have one. */
    void giveUp() {
        givenUp = true;
    }

    /** Whether it is to be let go of, so that it does not stay in memory. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** Lets the map in memory go, and asks its table from now on; takes it over. */
    synchronized void moveTo(MappedTable written) {
        if (closed) {
            written.close();
        } else {
            table = written;
            map = written.map();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (table != null) {
            table.close();
        }
        if (functions != null) {
            functions.close();
        }
    }
}
