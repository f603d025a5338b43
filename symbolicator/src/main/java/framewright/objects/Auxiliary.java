package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.MemoryCache;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.cache.Staging;
import framewright.config.FetchSettings;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.Fetcher;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ObjectFiles.FileInfo;
import framewright.objects.Listings.Item;
import framewright.sources.Sources;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds files that add to a debug file: the BCSymbolMap that gives hidden Swift symbols their names back, and the
 * il2cpp mapping from generated C++ to C#. The first that can be had is taken.
 */
public final class Auxiliary {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    /** Characters, roughly, of the choices that are kept with their questions. */
    private static final long MAX_RESULTS = 8 << 20;

    private record Question(FileType type, ObjectId id, List<SourceConfig> sources, Scope scope) {}

    /** The file that was chosen, or why there is none. */
    private record Choice(@Nullable Item item, Failure failure) {}

    private final Caches caches;
    private final InstantSource clock;
    private final Listings listings;
    private final ObjectLoader loader;
    private final MemoryCache<Question, Choice> choices;
    private final MemoryCache<CacheKey, DebugId> targets;

    /** @param pool where files are unpacked and looked at */
    public Auxiliary(
            Caches caches,
            Sources sources,
            Fetcher fetcher,
            NativePool pool,
            FetchSettings settings,
            InstantSource clock) {
        this.caches = caches;
        this.clock = clock;
        this.listings = new Listings(sources);
        this.loader = new ObjectLoader(fetcher, pool, settings.maxDownloadSize());
        this.choices = new MemoryCache<>(
                MAX_RESULTS,
                (question, choice) -> 300 + question.id().toString().length(),
                clock);
        this.targets =
                new MemoryCache<>(MAX_RESULTS, (key, target) -> 100 + key.text().length(), clock);
        caches.onPurge(choices::clear);
    }

    /**
     * The file, leased.
     *
     * @param type {@link FileType#UUIDMAP}; {@link FileType#BCSYMBOLMAP}, which is found through the former, since it
     *     is kept under the id that the module had before Apple's servers compiled it; or {@link FileType#IL2CPP}
     */
    public Outcome<CachedFile> find(FileType type, ObjectId id, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        if (type != FileType.BCSYMBOLMAP) {
            return findDirectly(type, id, sources, scope);
        }
        return switch (findDirectly(FileType.UUIDMAP, id, sources, scope)) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile plist) -> {
                DebugId target;
                try (plist) {
                    target = target(plist);
                }
                yield target == null
                        ? Outcome.failed(new Malformed("the uuid map names no symbol map"))
                        : findDirectly(type, new ObjectId(id.type(), null, null, target, null, null), sources, scope);
            }
        };
    }

    private Outcome<CachedFile> findDirectly(FileType type, ObjectId id, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        Question question = new Question(type, id, sources, scope);
        Choice known = choices.get(question);
        if (known != null) {
            return known.item == null ? Outcome.failed(known.failure) : open(type, known.item);
        }
        Listings.All all = listings.list(List.of(type), id, sources, scope);
        List<Outcome<CachedFile>> outcomes = Parallel.map(all.items(), item -> open(type, item));
        Choice choice = choose(all.items(), outcomes);
        if (all.lasting()) {
            choices.put(question, choice, lifetime(type, choice, all.items()));
        }
        return choice.item == null ? Outcome.failed(choice.failure) : kept(choice.item, all.items(), outcomes);
    }

    private static Choice choose(List<Item> items, List<Outcome<CachedFile>> outcomes) {
        Failure first = new Missing();
        for (int i = items.size() - 1; i >= 0; i--) {
            if (outcomes.get(i) instanceof Failed<CachedFile>(Failure failure)) {
                first = failure;
            }
        }
        for (int i = 0; i < items.size(); i++) {
            if (outcomes.get(i) instanceof Found) {
                return new Choice(items.get(i), first);
            }
        }
        return new Choice(null, first);
    }

    /** The chosen one of several that were found; the others are given back. */
    private static Outcome<CachedFile> kept(Item chosen, List<Item> items, List<Outcome<CachedFile>> outcomes) {
        Outcome<CachedFile> kept = Outcome.failed(new Missing());
        for (int i = 0; i < items.size(); i++) {
            if (outcomes.get(i) instanceof Found<CachedFile>(CachedFile file)) {
                if (items.get(i).equals(chosen)) {
                    kept = outcomes.get(i);
                } else {
                    file.close();
                }
            }
        }
        return kept;
    }

    private Duration lifetime(FileType type, Choice choice, List<Item> items) {
        Instant now = clock.instant();
        Instant until = now.plus(MEMORY);
        for (Item item : choice.item == null ? items : List.of(choice.item)) {
            Instant known = caches.knownUntil(kind(type), key(type, item));
            if (known == null) {
                return Duration.ZERO;
            }
            until = known.isBefore(until) ? known : until;
        }
        return Duration.between(now, until);
    }

    private Outcome<CachedFile> open(FileType type, Item item) throws InterruptedException {
        return caches.getOrLoad(
                kind(type), key(type, item), Retention.of(item.scope()), staging -> load(type, item, staging));
    }

    private Outcome<Loaded> load(FileType type, Item item, Staging staging) throws IOException, InterruptedException {
        Outcome<Loaded> loaded = loader.load(item.file(), staging);
        if (loaded instanceof Failed) {
            return loaded;
        }
        try {
            return switch (loader.inspect(staging.file(), null)) {
                case NativeResult.Ok<FileInfo>(FileInfo info) ->
                    info.kind().equals(type.wireName())
                            ? loaded
                            : Outcome.failed(new Malformed("the file is no " + type.wireName()));
                case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(NativeFailures.of(failure));
            };
        } catch (NativeException e) {
            staging.doNotRemember();
            return NativeFailures.bug(e);
        }
    }

    /** The id that a plist leads to. */
    private @Nullable DebugId target(CachedFile plist) throws InterruptedException {
        DebugId known = targets.get(plist.key());
        if (known != null) {
            return known;
        }
        if (!(loader.inspect(plist.path(), null) instanceof NativeResult.Ok<FileInfo>(FileInfo info))
                || info.uuidMapTarget() == null) {
            return null;
        }
        DebugId target = DebugId.parse(info.uuidMapTarget());
        if (target != null) {
            targets.put(plist.key(), target, Duration.ofHours(1));
        }
        return target;
    }

    private static CacheKind kind(FileType type) {
        return type == FileType.IL2CPP ? CacheKind.IL2CPP : CacheKind.AUXDIFS;
    }

    private static CacheKey key(FileType type, Item item) {
        return item.key().with("type: " + type.wireName());
    }
}
