package framewright.nativecode;

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
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.cache.Staging;
import framewright.nativebridge.BreakpadSymbols;
import framewright.nativebridge.LookupTable;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeStatus;
import framewright.nativebridge.PortablePdbTable;
import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.UnwindTables;
import framewright.objects.FoundObject;
import framewright.telemetry.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Turns debug files into tables on disk, each once: while a request waits, or behind its back. */
final class Converter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Converter.class.getName());

    /** Code of a build that needed more room than was reserved. */
    private static final String NEEDS_ROOM = "output_too_large";

    /** Files below this are converted in a moment. */
    private static final long LARGE_BYTES = 8L << 20;

    /** Room for the table of a small file, which may be larger than the file. */
    private static final long BASE_BYTES = 4L << 20;

    /** Most tables are smaller than this part of their file. */
    private static final int USUAL_PART = 4;

    /** Tables of mappings are larger than these: each line has two rows of fixed size. */
    private static final int PROGUARD_TIMES = 3;

    private static final int GROWTH = 4;

    /** Tables count their bytes in 32 bits; a file that needs more room than this has none. */
    private static final long MAX_TABLE_BYTES = 8L << 30;

    /** Conversions that nobody waits for; beyond this, a file has to be asked for again to get its turn. */
    private static final int MAX_WAITING = 64;

    /** How a table is written. */
    @FunctionalInterface
    private interface Build {
        NativeResult<?> build(Path object, Path to, long maxBytes);
    }

    private final Caches caches;
    private final NativePool pool;
    private final NativePool conversions;
    private final NativePool behind;
    private final Map<CacheKey, Thread> underWay = new ConcurrentHashMap<>();

    /** Leaves room for conversions that a request waits for. */
    private final Semaphore turns = new Semaphore(1);

    /**
     * @param pool for small files
     * @param conversions for large ones, so that they hold up nothing but each other
     * @param behind for what nobody waits for
     */
    Converter(Caches caches, NativePool pool, NativePool conversions, NativePool behind) {
        this.caches = caches;
        this.pool = pool;
        this.conversions = conversions;
        this.behind = behind;
    }

    /** The table; joins a conversion that is under way. */
    Outcome<CachedFile> convertNow(CacheKey key, HeldFiles files, boolean variables) throws InterruptedException {
        return convert(key, files, variables, null);
    }

    /** @param where it is converted; null: by its size */
    private Outcome<CachedFile> convert(CacheKey key, HeldFiles files, boolean variables, @Nullable NativePool where)
            throws InterruptedException {
        return caches.getIntact(
                CacheKind.TABLES,
                key,
                files.retention(),
                staging -> write(
                        staging,
                        files.object(),
                        (object, to, max) -> LookupTable.build(object, files.options(variables), to, max),
                        where));
    }

    /** Sees to it that the table will be there some time. */
    void convertLater(CacheKey key, HeldFiles files, boolean variables) {
        if (underWay.containsKey(key) || underWay.size() >= MAX_WAITING || !files.hold()) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("convert").unstarted(() -> convertBehind(key, files, variables));
        if (underWay.putIfAbsent(key, thread) == null) {
            thread.start();
        } else {
            files.close();
        }
    }

    /** Waits for what is made behind the answers by now; whether there was anything. */
    boolean settle() throws InterruptedException {
        List<Thread> threads = List.copyOf(underWay.values());
        for (Thread thread : threads) {
            thread.join();
        }
        return !threads.isEmpty();
    }

    /** The table of a portable PDB. */
    Outcome<CachedFile> convertPortablePdb(FoundObject object) throws InterruptedException {
        return caches.getIntact(
                CacheKind.PPDB_TABLES,
                object.key(),
                Retention.of(object.scope()),
                staging -> write(staging, object, PortablePdbTable::build));
    }

    /** The table of a JVM mapping. */
    Outcome<CachedFile> convertProguard(CachedFile mapping, Scope scope) throws InterruptedException {
        return caches.getIntact(
                CacheKind.PROGUARD_TABLES,
                mapping.key(),
                Retention.of(scope),
                staging -> write(
                        staging, mapping, BASE_BYTES + PROGUARD_TIMES * mapping.bytes(), ProguardTable::build, null));
    }

    /**
     * The unwind table of an object.
     *
     * @param maxChain links of unwind entries of a PE file that are followed
     */
    Outcome<CachedFile> convertUnwind(FoundObject object, int maxChain) throws InterruptedException {
        return caches.getIntact(
                CacheKind.UNWIND_TABLES,
                object.key().with("unwind chain: " + maxChain),
                Retention.of(object.scope()),
                staging -> write(staging, object, (from, to, max) -> UnwindTables.build(from, to, max, maxChain)));
    }

    /**
     * The symbols of an object as Breakpad writes them.
     *
     * @param unwind another object of the module, with the unwind information; null: none is needed or there
     * @param name of the debug file, without folders
     */
    Outcome<CachedFile> convertBreakpad(FoundObject object, @Nullable FoundObject unwind, String name, int maxChain)
            throws InterruptedException {
        String other = unwind == null ? "none" : unwind.key().text();
        return caches.getIntact(
                CacheKind.BREAKPAD_SYMBOLS,
                object.key().with("breakpad: " + name + "\nunwind chain: " + maxChain + "\nunwind: " + other),
                Retention.of(object.scope()),
                staging -> unwind == null
                        ? write(staging, object, breakpad(null, name, maxChain))
                        : writeBreakpad(staging, object, unwind, name, maxChain));
    }

    private Outcome<Loaded> writeBreakpad(
            Staging staging, FoundObject object, FoundObject unwind, String name, int maxChain)
            throws InterruptedException {
        return switch (unwind.open()) {
            // better without rules than no symbols
            case Failed<CachedFile> _ -> write(staging, object, breakpad(null, name, maxChain));
            case Found<CachedFile>(CachedFile other) -> {
                try (other) {
                    yield write(staging, object, breakpad(other.path(), name, maxChain));
                }
            }
        };
    }

    private static Build breakpad(@Nullable Path unwind, String name, int maxChain) {
        return (object, to, max) ->
                BreakpadSymbols.write(new BreakpadSymbols.ModuleFiles(object, unwind, name), to, max, maxChain);
    }

    private void convertBehind(CacheKey key, HeldFiles files, boolean variables) {
        try {
            turns.acquire();
            try {
                if (convert(key, files, variables, behind) instanceof Found<CachedFile>(CachedFile file)) {
                    file.close();
                }
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            // closing
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a conversion in the background failed by a bug", e);
        } finally {
            underWay.remove(key);
            files.close();
        }
    }

    private Outcome<Loaded> write(Staging staging, FoundObject found, Build build) throws InterruptedException {
        return write(staging, found, build, null);
    }

    private Outcome<Loaded> write(Staging staging, FoundObject found, Build build, @Nullable NativePool where)
            throws InterruptedException {
        return switch (found.open()) {
            case Failed<CachedFile>(Failure failure) -> {
                // of the file, which the cache remembers as far as it should
                staging.doNotRemember();
                yield Outcome.failed(failure);
            }
            case Found<CachedFile>(CachedFile object) -> {
                try (object) {
                    yield write(staging, object, BASE_BYTES + object.bytes() / USUAL_PART, build, where);
                }
            }
        };
    }

    /** How large a table becomes is known at its end; a guess that was too low costs another conversion. */
    private Outcome<Loaded> write(
            Staging staging, CachedFile object, long firstGuess, Build build, @Nullable NativePool wanted)
            throws InterruptedException {
        NativePool bySize = object.bytes() < LARGE_BYTES ? pool : conversions;
        NativePool where = Objects.requireNonNullElse(wanted, bySize);
        long room = firstGuess;
        while (true) {
            if (!staging.reserve(room)) {
                return staging.noRoom();
            }
            NativeResult<?> result;
            try (Span _ = Span.begin("convert").with("bytes", object.bytes())) {
                result = where.call(() -> build.build(object.path(), staging.file(), staging.reserved()));
            } catch (NativeException e) {
                // a bug of ours, which another build or another moment may not have; the log names it each time
                staging.doNotRemember();
                LOG.log(Level.SEVERE, "a debug file made the converter fail", e);
                return Outcome.failed(new Malformed("the file made the converter fail"));
            }
            switch (result) {
                case NativeResult.Ok<?> _ -> {
                    return Loaded.ok();
                }
                case NativeResult.Failed<?>(NativeFailure failure) -> {
                    if (failure.code().equals(NEEDS_ROOM) && room < MAX_TABLE_BYTES) {
                        room *= GROWTH;
                        continue;
                    }
                    if (failure.status() == NativeStatus.IO) {
                        staging.doNotRemember();
                    }
                    return Outcome.failed(Failures.of(failure));
                }
            }
        }
    }

    @Override
    public void close() {
        underWay.values().forEach(Thread::interrupt);
    }
}
