package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.Retention;
import framewright.cache.Staging;
import framewright.nativebridge.LookupTable;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeStatus;
import framewright.nativebridge.PortablePdbTable;
import framewright.objects.FoundObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns debug files into tables on disk, each once: while a request waits, or behind its back. */
final class Converter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Converter.class.getName());

    /** Code of a build that needed more room than was reserved. */
    private static final String NEEDS_ROOM = "output_too_large";

    /** Room for the table of a small file, which may be larger than the file. */
    private static final long BASE_BYTES = 4L << 20;

    /** Most tables are smaller than this part of their file. */
    private static final int USUAL_PART = 4;

    private static final int GROWTH = 4;

    /** Tables count their bytes in 32 bits; a file that needs more room than this has none. */
    private static final long MAX_TABLE_BYTES = 8L << 30;

    /** How a table is written. */
    @FunctionalInterface
    private interface Build {
        NativeResult<?> build(Path object, Path to, long maxBytes);
    }

    private final Caches caches;
    private final NativePool pool;
    private final NativePool background;
    private final Map<CacheKey, Thread> underWay = new ConcurrentHashMap<>();

    Converter(Caches caches, NativePool pool, NativePool background) {
        this.caches = caches;
        this.pool = pool;
        this.background = background;
    }

    /** The table; joins a conversion that is under way. */
    Outcome<CachedFile> convertNow(CacheKey key, HeldFiles files, boolean variables) throws InterruptedException {
        return convert(key, files, variables, pool);
    }

    /** Sees to it that the table will be there some time. */
    void convertLater(CacheKey key, HeldFiles files, boolean variables) {
        if (underWay.containsKey(key) || !files.hold()) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("convert").unstarted(() -> convertBehind(key, files, variables));
        if (underWay.putIfAbsent(key, thread) == null) {
            thread.start();
        } else {
            files.close();
        }
    }

    /** The table of a portable PDB. */
    Outcome<CachedFile> convertPortablePdb(FoundObject object) throws InterruptedException {
        return caches.getOrLoad(
                CacheKind.PPDB_TABLES,
                object.key(),
                Retention.of(object.scope()),
                staging -> write(staging, object, pool, PortablePdbTable::build));
    }

    private void convertBehind(CacheKey key, HeldFiles files, boolean variables) {
        try {
            if (convert(key, files, variables, background) instanceof Found<CachedFile>(CachedFile file)) {
                file.close();
            }
        } catch (InterruptedException e) {
            // closing
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a conversion in the background failed by a bug", e);
        } finally {
            underWay.remove(key);
            files.close();
        }
    }

    private Outcome<CachedFile> convert(CacheKey key, HeldFiles files, boolean variables, NativePool where)
            throws InterruptedException {
        return caches.getOrLoad(
                CacheKind.TABLES,
                key,
                files.retention(),
                staging -> write(
                        staging,
                        files.object(),
                        where,
                        (object, to, max) -> LookupTable.build(object, files.options(variables), to, max)));
    }

    private static Outcome<Loaded> write(Staging staging, FoundObject found, NativePool where, Build build)
            throws InterruptedException {
        return switch (found.open()) {
            case Failed<CachedFile>(Failure failure) -> {
                // of the file, which the cache remembers as far as it should
                staging.doNotRemember();
                yield Outcome.failed(failure);
            }
            case Found<CachedFile>(CachedFile object) -> {
                try (object) {
                    yield write(staging, object, where, build);
                }
            }
        };
    }

    /** How large a table becomes is known at its end; a guess that was too low costs another conversion. */
    private static Outcome<Loaded> write(Staging staging, CachedFile object, NativePool where, Build build)
            throws InterruptedException {
        long room = BASE_BYTES + object.bytes() / USUAL_PART;
        while (true) {
            if (!staging.reserve(room)) {
                return staging.noRoom();
            }
            switch (where.call(() -> build.build(object.path(), staging.file(), staging.reserved()))) {
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
