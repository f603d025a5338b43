package framewright.js;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.Retention;
import framewright.cache.Staging;
import framewright.nativebridge.NativePool;
import framewright.sourcemap.SourceMap;
import framewright.sourcemap.SourceMapParser;
import framewright.sourcemap.SourceMapTables;
import framewright.sourcemap.Strictness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The tables of source maps on the disk, each made once for all maps of the same bytes, whoever sent them. */
final class MapTables implements AutoCloseable {
    private static final Logger LOG = System.getLogger(MapTables.class.getName());

    private final Caches caches;
    private final NativePool pool;
    private final NativePool behind;

    /** Each waits for its turn in {@link #behind}, and works for no request. */
    private final ExecutorService writers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
            .name("source-map-table-", 0)
            .inheritInheritableThreadLocals(false)
            .factory());

    /**
     * @param pool for maps that a request waits for
     * @param behind for tables that nobody waits for
     */
    MapTables(Caches caches, NativePool pool, NativePool behind) {
        this.caches = caches;
        this.pool = pool;
        this.behind = behind;
    }

    /** Names the table of a map. */
    static CacheKey key(byte[] map) {
        return new CacheKey("source map, table " + SourceMapTables.VERSION + "\n" + Script.digest(map) + "\n");
    }

    /** Whether there is a table here, or it is known why there is none. */
    boolean isKnown(CacheKey key) {
        return caches.knownUntil(CacheKind.SOURCE_MAPS, key) != null;
    }

    /** Reads a map, which takes as long as native work does. The script is read beside that where its functions are needed. */
    SourceMapParser.Result parse(byte[] map, ScriptScopes scopes) throws InterruptedException {
        return pool.call(() -> SourceMapParser.parse(map, Strictness.TOLERANT, scopes::begin));
    }

    /** The table of a map; made where there is none. */
    Outcome<CachedFile> get(CacheKey key, byte[] map, ScriptScopes scopes) throws InterruptedException {
        return caches.getIntact(CacheKind.SOURCE_MAPS, key, Retention.PUBLIC, staging -> switch (parse(map, scopes)) {
            case SourceMapParser.Parsed parsed -> write(parsed.map(), map.length, staging, pool);
            case SourceMapParser.Malformed(var violation) -> Outcome.failed(new Malformed(violation.toString()));
        });
    }

    /**
     * Has the table of an open map written some time, and the map moved to it.
     *
     * @param map what is open
     * @param bytes its length as it came
     * @param room that it takes; given back once that is over
     * @param without run where there will be no table, and the map should not stay in memory
     */
    void write(OpenMap open, SourceMap map, int bytes, Room.Taken room, Runnable without) {
        writers.execute(() -> {
            try (room) {
                Outcome<CachedFile> table = caches.getIntact(
                        CacheKind.SOURCE_MAPS,
                        open.key(),
                        Retention.PUBLIC,
                        staging -> write(map, bytes, staging, behind));
                switch (table) {
                    case Found<CachedFile>(CachedFile file) -> open.moveTo(MappedTable.open(file));
                    case Failed<CachedFile> _ -> giveUp(open, without);
                }
            } catch (InterruptedException e) {
                // closing
            } catch (RuntimeException e) {
                giveUp(open, without);
                LOG.log(Level.ERROR, "a table of a source map failed by a bug", e);
            }
        });
    }

    /** Marks the map too: it may not be kept yet. */
    private static void giveUp(OpenMap open, Runnable without) {
        open.giveUp();
        without.run();
    }

    /** A table is smaller than its map but for a few sections; what it comes to is settled when it is written. */
    private static Outcome<Loaded> write(SourceMap map, int bytes, Staging staging, NativePool where)
            throws InterruptedException {
        if (!staging.reserve(2L * bytes + (1 << 20))) {
            return staging.noRoom();
        }
        return where.call(() -> {
            try {
                SourceMapTables.write(map, staging.file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Loaded.ok();
        });
    }

    @Override
    public void close() {
        writers.shutdownNow();
    }
}
