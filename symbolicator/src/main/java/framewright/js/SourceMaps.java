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
import framewright.sourcemap.SourceMapParser;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Source maps that are ready to be asked: as tables that are mapped from disk, or in memory until their table is written.
 * The functions of a script are found once for all scripts of the same bytes, whoever sent them and from wherever.
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

    /** From here on a map answers before its table is written; the table of a smaller one is there sooner than asked for. */
    static final int LARGE_BYTES = 1 << 20;

    private final Caches caches;
    private final NativePool pool;
    private final Room room;
    private final MapTables tables;
    private final OpenCache<OpenMap> maps;
    private final OpenCache<Script> sources;

    /** @param maxSourceBytes of memory for sources that are kept */
    SourceMaps(Caches caches, NativePool pool, MapTables tables, Room room, long maxSourceBytes) {
        this.caches = caches;
        this.pool = pool;
        this.tables = tables;
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
        Outcome<Lease<OpenMap>> opened = maps.get(key, () -> make(key, map, script));
        if (opened instanceof Found<Lease<OpenMap>>(Lease<OpenMap> lease)
                && lease.value().isGivenUp()) {
            maps.remove(key);
        }
        return opened;
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

    private Outcome<Opened<OpenMap>> make(CacheKey openedAs, Content map, Script script) throws InterruptedException {
        try (Room.Taken taken = room.take(COST * map.bytes() + script.bytes())) {
            return switch (map.read()) {
                case Failed<Content.Read>(Failure failure) -> Outcome.failed(failure);
                case Found<Content.Read>(Content.Read read) -> make(openedAs, read.bytes(), script, taken);
            };
        }
    }

    private Outcome<Opened<OpenMap>> make(CacheKey openedAs, byte[] map, Script script, Room.Taken taken)
            throws InterruptedException {
        if (Script.isPage(map)) {
            return Outcome.failed(new Malformed("a web page in place of a source map"));
        }
        CacheKey key = MapTables.key(map);
        ScriptScopes scopes = new ScriptScopes(script, pool);
        if (map.length >= LARGE_BYTES && room.isAmple() && !tables.isKnown(key)) {
            // what is malformed goes the other way, which remembers it
            if (tables.parse(map, scopes) instanceof SourceMapParser.Parsed parsed) {
                OpenMap opened =
                        new OpenMap(key, parsed.map(), parsed.map().hasFunctions() ? null : functions(script, scopes));
                tables.write(opened, parsed.map(), map.length, taken.handOver(), () -> maps.remove(openedAs));
                return Outcome.found(new Opened<>(opened, 1));
            }
        }
        return switch (tables.get(key, map, scopes)) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> open(key, file, script, scopes);
        };
    }

    /** Takes the lease on a table over. */
    private Outcome<Opened<OpenMap>> open(CacheKey key, CachedFile file, Script script, ScriptScopes scopes)
            throws InterruptedException {
        MappedTable table = MappedTable.open(file);
        OpenMap opened = null;
        try {
            opened = new OpenMap(key, table, table.map().hasFunctions() ? null : functions(script, scopes));
            return Outcome.found(new Opened<>(opened, 1));
        } finally {
            if (opened == null) {
                table.close();
            }
        }
    }

    /** Those of the script; null where there are none to be told. */
    private @Nullable ScriptFunctions functions(Script script, ScriptScopes scopes) throws InterruptedException {
        CacheKey key = new CacheKey("functions " + FUNCTIONS_VERSION + " of a script\n" + script.digest() + "\n");
        Outcome<CachedFile> functions = caches.getIntact(
                CacheKind.JS_FUNCTIONS, key, Retention.PUBLIC, staging -> writeFunctions(scopes, staging));
        try {
            return functions instanceof Found<CachedFile>(CachedFile file) ? ScriptFunctions.open(file) : null;
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
        tables.close();
        maps.close();
        sources.close();
    }
}
