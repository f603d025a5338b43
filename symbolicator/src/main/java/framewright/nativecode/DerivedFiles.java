package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unsupported;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.OpenCache;
import framewright.cache.OpenCache.Lease;
import framewright.cache.OpenCache.Opened;
import framewright.cache.Scope;
import framewright.nativebridge.LookupTable;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.PortablePdbTable;
import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.SourceFiles;
import framewright.nativebridge.UnconvertedObject;
import framewright.objects.FoundObject;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Debug files, opened so that they answer. A table that was converted before is opened; without one, a large file is
 * asked as it is while its conversion runs in the background, and a small one is converted at once.
 */
public final class DerivedFiles implements AutoCloseable {
    /** Tables are mapped, so that an open one costs address space and its lease on the cache. */
    private static final int MAX_OPEN_TABLES = 512;

    /** An unconverted file keeps an index of its units on the heap of the native side. */
    private static final int MAX_OPEN_UNCONVERTED = 16;

    private static final int MAX_OPEN_SOURCES = 128;

    /** Files below this are converted at once: that takes no longer than asking them as they are. */
    private static final long SMALL_BYTES = 64 << 10;

    private final Caches caches;
    private final NativePool pool;
    private final FrameMemory memory;
    private final Converter converter;
    private final OpenCache<OpenTable> tables;
    private final OpenCache<OpenTable> unconverted;
    private final OpenCache<OpenPortablePdb> portablePdbs;
    private final OpenCache<OpenProguard> mappings;
    private final OpenCache<OpenSources> sources;

    /**
     * @param pool for native calls of milliseconds
     * @param conversions for those of seconds and more
     * @param behind for those that nobody waits for
     */
    public DerivedFiles(Caches caches, NativePool pool, NativePool conversions, NativePool behind, FrameMemory memory) {
        this.caches = caches;
        this.pool = pool;
        this.memory = memory;
        this.converter = new Converter(caches, pool, conversions, behind);
        this.tables = caches.openCache(MAX_OPEN_TABLES);
        this.unconverted = caches.openCache(MAX_OPEN_UNCONVERTED);
        this.portablePdbs = caches.openCache(MAX_OPEN_TABLES);
        this.mappings = caches.openCache(MAX_OPEN_TABLES);
        this.sources = caches.openCache(MAX_OPEN_SOURCES);
    }

    /** The quickest way to answers from a file: a finished table, else the file itself, else a new table. */
    Outcome<Lease<OpenTable>> table(HeldFiles files, boolean variables) throws InterruptedException {
        CacheKey key = files.tableKey(variables);
        Lease<OpenTable> ready = tables.peek(key);
        if (ready != null) {
            return Outcome.found(ready);
        }
        if (!isKnown(key) && (unconverted.isOpen(key) || !isMadeElsewhere(key))) {
            Outcome<Lease<OpenTable>> open = unconverted.get(key, () -> openUnconverted(files, variables));
            if (open instanceof Found) {
                return open;
            }
        }
        return convertedTable(files, variables);
    }

    /** Has the table of a file made behind an answer that the file itself gave. */
    void convertLater(HeldFiles files, boolean variables) {
        converter.convertLater(files.tableKey(variables), files, variables);
    }

    /** Waits for the tables that are made behind answers by now; whether there were any. */
    boolean settle() throws InterruptedException {
        return converter.settle();
    }

    /** The table of a file, made now where there is none. */
    Outcome<Lease<OpenTable>> convertedTable(HeldFiles files, boolean variables) throws InterruptedException {
        CacheKey key = files.tableKey(variables);
        return tables.get(
                key,
                () -> open(
                        converter.convertNow(key, files, variables),
                        LookupTable::open,
                        (table, lease) -> new OpenTable(table, lease, pool, memory)));
    }

    /**
     * A file that another process reads where functions are: the table of a file, or the file itself if it has none yet
     * and is quickly read.
     */
    Outcome<CachedFile> functions(HeldFiles files) throws InterruptedException {
        CacheKey key = files.tableKey(false);
        if (files.object().fileFormat().equals("breakpad") && !isKnown(key) && !isMadeElsewhere(key)) {
            return files.object().open();
        }
        return converter.convertNow(key, files, false);
    }

    /** The unwind table of a file, made now where there is none. */
    Outcome<CachedFile> unwindTable(FoundObject object, int maxChain) throws InterruptedException {
        return converter.convertUnwind(object, maxChain);
    }

    /** The symbols of a file as Breakpad writes them, made now where nobody has. */
    Outcome<CachedFile> breakpad(FoundObject object, @Nullable FoundObject unwind, String name, int maxChain)
            throws InterruptedException {
        return converter.convertBreakpad(object, unwind, name, maxChain);
    }

    /** Has the table made anew, because the one that is open gave answers that no table gives. */
    void discard(HeldFiles files, boolean variables) {
        CacheKey key = files.tableKey(variables);
        tables.remove(key);
        caches.discard(CacheKind.TABLES, key);
    }

    /** The table of a portable PDB, made now where there is none. */
    Outcome<Lease<OpenPortablePdb>> portablePdb(FoundObject object) throws InterruptedException {
        return portablePdbs.get(
                object.key(),
                () -> open(converter.convertPortablePdb(object), PortablePdbTable::open, OpenPortablePdb::new));
    }

    /**
     * The table of a JVM mapping, made now where there is none.
     *
     * @param scope whom the mapping serves
     */
    public Outcome<Lease<OpenProguard>> proguard(CachedFile mapping, Scope scope) throws InterruptedException {
        Lease<OpenProguard> ready = mappings.peek(mapping.key());
        if (ready != null && !ready.value().isIntact()) {
            // the table was changed on the disk; the mapped pages would change with it
            ready.close();
            mappings.remove(mapping.key());
        } else if (ready != null) {
            return Outcome.found(ready);
        }
        return mappings.get(
                mapping.key(),
                () -> open(converter.convertProguard(mapping, scope), ProguardTable::open, OpenProguard::new));
    }

    /** The sources within a file. */
    Outcome<Lease<OpenSources>> sources(FoundObject object) throws InterruptedException {
        return sources.get(object.key(), () -> open(object.open(), SourceFiles::open, OpenSources::new));
    }

    /** Whether another node has converted the file; asked once, before it is opened unconverted. */
    private boolean isMadeElsewhere(CacheKey key) throws InterruptedException {
        if (caches.lookUp(CacheKind.TABLES, key) instanceof Found<CachedFile>(CachedFile file)) {
            file.close();
            return true;
        }
        return false;
    }

    /** Whether converting has been tried. */
    private boolean isKnown(CacheKey key) {
        return switch (caches.peek(CacheKind.TABLES, key)) {
            case null -> false;
            case Found<CachedFile>(CachedFile file) -> {
                file.close();
                yield true;
            }
            case Failed<CachedFile> _ -> true;
        };
    }

    private Outcome<Opened<OpenTable>> openUnconverted(HeldFiles files, boolean variables) throws InterruptedException {
        Outcome<CachedFile> object = files.object().open();
        if (object instanceof Found<CachedFile>(CachedFile file) && file.bytes() < SMALL_BYTES) {
            file.close();
            return Outcome.failed(new Unsupported("small files are converted at once"));
        }
        return open(
                object,
                path -> UnconvertedObject.open(path, files.options(variables)),
                (table, lease) -> new OpenTable(table, lease, pool, memory));
    }

    @FunctionalInterface
    private interface Door<N> {
        NativeResult<N> open(Path file);
    }

    @FunctionalInterface
    private interface Wrap<N, V> {
        /** @param file lease on what {@code opened} reads from; given back with the value */
        V wrap(N opened, Held file);
    }

    /** Opens a leased file. The lease is given back at once where that fails. */
    private <N, V extends AutoCloseable> Outcome<Opened<V>> open(
            Outcome<CachedFile> leased, Door<N> door, Wrap<N, V> wrap) throws InterruptedException {
        return switch (leased) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> open(file, door, wrap);
        };
    }

    private <N, V extends AutoCloseable> Outcome<Opened<V>> open(CachedFile file, Door<N> door, Wrap<N, V> wrap)
            throws InterruptedException {
        Outcome<Opened<V>> opened = null;
        try {
            opened = switch (pool.call(() -> door.open(file.path()))) {
                case NativeResult.Ok<N>(N value) -> Outcome.found(new Opened<>(wrap.wrap(value, Held.of(file)), 1));
                case NativeResult.Failed<N>(NativeFailure failure) -> Outcome.failed(Failures.of(failure));
            };
            return opened;
        } finally {
            if (!(opened instanceof Found)) {
                file.close();
            }
        }
    }

    /** Stops conversions and closes what nobody uses. The pools stay open. */
    @Override
    public void close() {
        converter.close();
        tables.close();
        unconverted.close();
        portablePdbs.close();
        mappings.close();
        sources.close();
    }
}
