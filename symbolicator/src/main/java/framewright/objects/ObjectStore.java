package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unreachable;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.MemoryCache;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.cache.Staging;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ObjectFiles.FileInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Object files and what is known of them. To choose a file only its {@link ObjectMeta} is needed, which is in memory
 * or a small file; the object itself may have been evicted long ago and comes back when somebody opens it.
 */
final class ObjectStore {
    /** Characters, roughly, of what is kept in memory with its keys. */
    private static final long MAX_METAS = 32 << 20;

    private static final Duration META_LIFETIME = Duration.ofHours(1);

    /** How often somebody may join a download in the moment in which it is aborted. */
    private static final int ATTEMPTS = 3;

    private final Interest.Board interests = new Interest.Board();
    private final Caches caches;
    private final ObjectLoader loader;
    private final MemoryCache<CacheKey, ObjectMeta> metas;

    ObjectStore(Caches caches, ObjectLoader loader, InstantSource clock) {
        this.caches = caches;
        this.loader = loader;
        this.metas =
                new MemoryCache<>(MAX_METAS, (key, meta) -> 200 + key.text().length(), clock);
        caches.onPurge(metas::clear);
    }

    /** Names a file of a source for a scope. */
    static CacheKey key(RemoteFile file, Scope scope) {
        return new CacheKey(
                "scope: " + scope + "\n\nsource: " + file.source() + "\nlocation: " + file.identity() + "\n");
    }

    /** What is known of the file without asking its source; null: nothing. */
    @Nullable
    Outcome<ObjectMeta> known(CacheKey key) {
        ObjectMeta meta = metas.get(key);
        if (meta != null) {
            return Outcome.found(meta);
        }
        if (caches.peek(CacheKind.OBJECT_META, metaKey(key)) instanceof Found<CachedFile>(CachedFile file)) {
            try (file) {
                meta = read(file.path());
            }
            if (meta != null) {
                metas.put(key, meta, META_LIFETIME);
                return Outcome.found(meta);
            }
        }
        return switch (caches.peek(CacheKind.OBJECTS, key)) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> {
                file.close();
                yield null;
            }
            case null -> null;
        };
    }

    /** Until when what is known of the file stands; null where nothing is known. */
    @Nullable
    Instant knownUntil(CacheKey key) {
        return metas.get(key) != null ? Instant.MAX : caches.knownUntil(CacheKind.OBJECTS, key);
    }

    /** What the file is, fetched where it is not there. */
    Outcome<ObjectMeta> meta(RemoteFile file, CacheKey key, ObjectId wanted, Scope scope, Interest.Waiter waiter)
            throws InterruptedException {
        if (caches.lookUp(CacheKind.OBJECT_META, metaKey(key)) instanceof Found<CachedFile>(CachedFile note)) {
            // another node has looked, so that the file itself can wait until somebody opens it
            try (note) {
                ObjectMeta meta = read(note.path());
                if (meta != null) {
                    metas.put(key, meta, META_LIFETIME);
                    return Outcome.found(meta);
                }
            }
        }
        return switch (open(file, key, wanted, scope, waiter)) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile object) -> {
                try (object) {
                    yield meta(object, key, scope);
                }
            }
        };
    }

    /** The file itself, fetched where it is not there. */
    Outcome<CachedFile> open(RemoteFile file, CacheKey key, ObjectId wanted, Scope scope) throws InterruptedException {
        return open(file, key, wanted, scope, new Interest.Waiter());
    }

    private Outcome<CachedFile> open(
            RemoteFile file, CacheKey key, ObjectId wanted, Scope scope, Interest.Waiter waiter)
            throws InterruptedException {
        Interest interest = interests.join(key);
        try {
            Outcome<CachedFile> outcome = load(file, key, wanted, scope, interest);
            for (int i = 1; i < ATTEMPTS && isGivenUp(outcome); i++) {
                // it was aborted when this one joined it
                outcome = load(file, key, wanted, scope, interest);
            }
            return outcome;
        } finally {
            interests.leave(key, waiter);
        }
    }

    private Outcome<CachedFile> load(RemoteFile file, CacheKey key, ObjectId wanted, Scope scope, Interest interest)
            throws InterruptedException {
        return caches.getOrLoad(
                CacheKind.OBJECTS,
                key,
                Retention.of(scope),
                file.effort(),
                staging -> loader.loadObject(
                        file, wanted, staging, meta -> metas.put(key, meta, META_LIFETIME), interest.abort()));
    }

    private static boolean isGivenUp(Outcome<CachedFile> outcome) {
        return outcome instanceof Failed<CachedFile>(Failure failure) && failure.equals(Outcome.NOT_AWAITED);
    }

    /** Also writes it down, so that the next start need not look again. */
    private Outcome<ObjectMeta> meta(CachedFile object, CacheKey key, Scope scope) throws InterruptedException {
        Outcome<CachedFile> written = caches.getOrLoad(
                CacheKind.OBJECT_META,
                metaKey(key),
                Retention.of(scope),
                staging -> write(metas.get(key), object, staging));
        return switch (written) {
            case Failed<CachedFile>(Failure failure) -> {
                // no room for the note is no reason to do without the file
                ObjectMeta meta = metas.get(key);
                yield meta == null ? Outcome.failed(failure) : Outcome.found(meta);
            }
            case Found<CachedFile>(CachedFile file) -> {
                ObjectMeta meta = metas.get(key);
                try (file) {
                    meta = meta == null ? read(file.path()) : meta;
                }
                if (meta == null) {
                    yield lookAgain(object.path());
                }
                metas.put(key, meta, META_LIFETIME);
                yield Outcome.found(meta);
            }
        };
    }

    private Outcome<Loaded> write(@Nullable ObjectMeta known, CachedFile object, Staging staging)
            throws IOException, InterruptedException {
        Outcome<ObjectMeta> meta = known == null ? look(object.path()) : Outcome.found(known);
        return switch (meta) {
            case Failed<ObjectMeta>(Failure failure) -> Outcome.failed(failure);
            case Found<ObjectMeta>(ObjectMeta found) -> {
                String text = found.format();
                if (!staging.reserve(text.length())) {
                    yield staging.noRoom();
                }
                Files.writeString(staging.file(), text);
                yield Loaded.ok();
            }
        };
    }

    /** What is kept holds one object. */
    private Outcome<ObjectMeta> look(Path object) throws IOException, InterruptedException {
        try {
            return switch (loader.inspect(object, null)) {
                case NativeResult.Ok<FileInfo>(FileInfo info) ->
                    info.objects().isEmpty()
                            ? Outcome.failed(new Malformed("the file is no object file"))
                            : Outcome.found(ObjectMeta.of(info.objects().getFirst()));
                case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(NativeFailures.of(failure));
            };
        } catch (NativeException e) {
            return NativeFailures.bug(e);
        }
    }

    /** For a note that is damaged. */
    private Outcome<ObjectMeta> lookAgain(Path object) throws InterruptedException {
        try {
            return look(object);
        } catch (IOException e) {
            return Outcome.failed(new Unreachable("the local disk failed"));
        }
    }

    private static CacheKey metaKey(CacheKey key) {
        return key.with("meta");
    }

    private static @Nullable ObjectMeta read(Path file) {
        try {
            return ObjectMeta.parse(Files.readString(file));
        } catch (IOException e) {
            // damaged, or cleaned up by hand: the file itself is there to be looked at
            return null;
        }
    }
}
