package framewright.js;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.OpenCache;
import framewright.cache.OpenCache.Lease;
import framewright.cache.OpenCache.Opened;
import framewright.cache.Retention;
import framewright.cache.Staging;
import framewright.nativebridge.JsScopes;
import framewright.nativebridge.NativePool;
import framewright.sourcemap.SourceMapTable;
import framewright.sourcemap.SourceMapTables;
import framewright.sourcemap.Strictness;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Source maps as tables that are mapped from disk. A table is made once for all maps of the same bytes, and the
 * functions of a script once for all scripts of the same bytes, whoever sent them and from wherever.
 */
final class SourceMaps implements AutoCloseable {
    /** A map or script that is larger is not read. */
    static final int MAX_BYTES = 256 << 20;

    /** Raise when functions are named otherwise. */
    private static final int FUNCTIONS_VERSION = 2;

    /** Bytes of memory per byte of a map while its table is made. */
    private static final int COST = 3;

    /** Tables that are kept open; each holds a mapping of memory and no heap to speak of. */
    private static final int MAX_OPEN = 1000;

    private static final Retention KEPT = Retention.PUBLIC;

    private final Caches caches;
    private final NativePool pool;
    private final Room room;
    private final OpenCache<OpenMap> maps;
    private final OpenCache<Script> sources;

    /** @param maxSourceBytes of memory for sources that are kept */
    SourceMaps(Caches caches, NativePool pool, Room room, long maxSourceBytes) {
        this.caches = caches;
        this.pool = pool;
        this.room = room;
        this.maps = caches.openCache(MAX_OPEN);
        this.sources = caches.openCache(maxSourceBytes);
    }

    /**
     * The map, ready to be asked; its table is made where there is none.
     *
     * @param script whose functions name those of the map's sources
     */
    Outcome<Lease<OpenMap>> open(Content map, Script script) throws InterruptedException {
        CacheKey key = map.key().with("script: " + script.digest());
        return maps.get(key, () -> make(map, script));
    }

    /** The text of one of the map's sources; null where the map does not hold it. */
    @Nullable
    Lines source(OpenMap map, int source) throws InterruptedException {
        CacheKey key = map.key().with("source: " + source);
        Outcome<Lease<Script>> text = sources.get(key, () -> {
            String content = map.map().content(source);
            if (content == null) {
                return Outcome.failed(new Outcome.Missing());
            }
            Script made = Script.ofText(content);
            return Outcome.found(new Opened<>(made, made.bytes()));
        });
        if (!(text instanceof Found<Lease<Script>>(Lease<Script> lease))) {
            return null;
        }
        try (lease) {
            return lease.value().lines();
        }
    }

    private Outcome<Opened<OpenMap>> make(Content map, Script script) throws InterruptedException {
        try (Room.Taken _ = room.take(COST * map.bytes() + script.bytes())) {
            return switch (map.read()) {
                case Failed<Content.Read>(Failure failure) -> Outcome.failed(failure);
                case Found<Content.Read>(Content.Read read) -> make(read.bytes(), script);
            };
        }
    }

    private Outcome<Opened<OpenMap>> make(byte[] map, Script script) throws InterruptedException {
        if (Script.isPage(map)) {
            return Outcome.failed(new Malformed("a web page in place of a source map"));
        }
        CacheKey key = new CacheKey("source map, table " + SourceMapTables.VERSION + "\n" + Script.digest(map) + "\n");
        ScriptScopes scopes = new ScriptScopes(script, pool);
        Outcome<CachedFile> table =
                caches.getIntact(CacheKind.SOURCE_MAPS, key, KEPT, staging -> writeTable(map, scopes, staging));
        return switch (table) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> open(key, file, script, scopes);
        };
    }

    /** Takes the lease on a table over. */
    private Outcome<Opened<OpenMap>> open(CacheKey key, CachedFile file, Script script, ScriptScopes scopes)
            throws InterruptedException {
        OpenMap opened = null;
        SourceMapTable open = null;
        try {
            open = SourceMapTable.open(file.path());
            opened = new OpenMap(key, open, file, open.hasFunctions() ? null : functions(script, scopes));
            return Outcome.found(new Opened<>(opened, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (opened == null) {
                if (open != null) {
                    open.close();
                }
                file.close();
            }
        }
    }

    /** Those of the script; null where there are none to be told. */
    private @Nullable ScriptFunctions functions(Script script, ScriptScopes scopes)
            throws InterruptedException, IOException {
        CacheKey key = new CacheKey("functions " + FUNCTIONS_VERSION + " of a script\n" + script.digest() + "\n");
        Outcome<CachedFile> functions =
                caches.getIntact(CacheKind.JS_FUNCTIONS, key, KEPT, staging -> writeFunctions(scopes, staging));
        return functions instanceof Found<CachedFile>(CachedFile file) ? ScriptFunctions.open(file) : null;
    }

    /** A table is smaller than its map but for a few sections; what it comes to is settled when it is written. */
    private Outcome<Loaded> writeTable(byte[] map, ScriptScopes scopes, Staging staging) throws InterruptedException {
        if (!staging.reserve(2L * map.length + (1 << 20))) {
            return staging.noRoom();
        }
        // takes as long as native work does
        return switch (pool.call(() -> writeTable(map, scopes, staging.file()))) {
            case SourceMapTables.Written _ -> Loaded.ok();
            case SourceMapTables.Malformed(var violation) -> Outcome.failed(new Malformed(violation.toString()));
        };
    }

    /** The script is parsed beside the making of the table, where that will be needed. */
    private static SourceMapTables.Result writeTable(byte[] map, ScriptScopes scopes, Path to) {
        try {
            return SourceMapTables.write(map, Strictness.TOLERANT, to, scopes::begin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome<Loaded> writeFunctions(ScriptScopes scopes, Staging staging)
            throws IOException, InterruptedException {
        return switch (scopes.get()) {
            case Failed<JsScopes>(Failure failure) -> Outcome.failed(failure);
            case Found<JsScopes>(JsScopes found) -> {
                if (!staging.reserve(found.bytes())) {
                    yield staging.noRoom();
                }
                try (OutputStream file = Files.newOutputStream(staging.file())) {
                    found.write(file);
                }
                yield Loaded.ok();
            }
        };
    }

    @Override
    public void close() {
        maps.close();
        sources.close();
    }
}
