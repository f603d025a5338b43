package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Finding;
import framewright.api.Finding.Attempt;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Finds files that are no debug files: the BCSymbolMap that gives hidden Swift symbols their names back, the il2cpp
 * mapping from generated C++ to C#, and the mappings that give names of the JVM and of Dart back. The first that can be had is taken.
 */
public final class Auxiliary {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    /** Characters, roughly, of the choices that are kept with their questions. */
    private static final long MAX_RESULTS = 8 << 20;

    private record Question(FileType type, ObjectId id, List<SourceConfig> sources, Scope scope) {}

    /** The file that was chosen, or why there is none; {@code candidates} as they are told from memory. */
    private record Choice(@Nullable Item item, Failure failure, List<Candidate> candidates, Finding finding) {
        private int weight() {
            return 300
                    + candidates.stream()
                            .mapToInt(c -> 200 + c.location().length())
                            .sum();
        }

        private Choice asKnown() {
            return new Choice(
                    item,
                    failure,
                    candidates.stream()
                            .map(candidate ->
                                    candidate.withFinding(candidate.finding().asKnown()))
                            .toList(),
                    finding.asKnown());
        }
    }

    /**
     * What looking for a file has led to.
     *
     * @param file leased
     * @param scope whom it serves
     * @param candidates everything that was considered
     * @param finding why the file is there or not
     */
    public record Looked(Outcome<CachedFile> file, Scope scope, List<Candidate> candidates, Finding finding) {}

    /** How asking for one item ended. */
    private record Try(Outcome<CachedFile> file, Attempt attempt) {}

    private final Caches caches;
    private final InstantSource clock;
    private final Sources sources;
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
        this.sources = sources;
        this.listings = new Listings(sources);
        this.loader = new ObjectLoader(fetcher, pool, settings.maxDownloadSize());
        this.choices = new MemoryCache<>(
                MAX_RESULTS,
                (question, choice) -> choice.weight() + question.id().toString().length(),
                clock);
        this.targets =
                new MemoryCache<>(MAX_RESULTS, (key, target) -> 100 + key.text().length(), clock);
        caches.onPurge(choices::clear);
    }

    /**
     * The file, leased.
     *
     * @param type {@link FileType#UUIDMAP}; {@link FileType#BCSYMBOLMAP}, which is found through the former, since it
     *     is kept under the id that the module had before Apple's servers compiled it; {@link FileType#IL2CPP},
     *     {@link FileType#PROGUARD} or {@link FileType#DARTSYMBOLMAP}
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
        return look(type, id, sources, scope).file();
    }

    /**
     * As {@link #find}, with all that was considered.
     *
     * @param type not {@link FileType#BCSYMBOLMAP}
     */
    public Looked look(FileType type, ObjectId id, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        Question question = new Question(type, id, sources, scope);
        Choice known = choices.get(question);
        if (known != null) {
            return looked(known, known.item == null ? Outcome.failed(known.failure) : open(type, known.item), scope);
        }
        Listings.All all = listings.list(List.of(type), id, sources, scope);
        List<Try> tries = Parallel.map(all.items(), item -> attempt(type, item));
        Choice choice = choose(all, tries, type);
        if (all.lasting()) {
            choices.put(question, choice.asKnown(), lifetime(type, choice, all.items()));
        }
        return looked(
                choice,
                choice.item == null ? Outcome.failed(choice.failure) : kept(choice.item, all.items(), tries),
                scope);
    }

    /**
     * A mapping that was registered for a release.
     *
     * @param source the one that has it
     */
    public record OfRelease(DebugId mapping, SourceConfig source) {}

    /** The mapping that was registered last for an app's release, at the first source that knows of one; null: at none. */
    public @Nullable OfRelease mappingOf(String release, List<SourceConfig> configs) {
        for (SourceConfig config : configs) {
            DebugId mapping = sources.of(config).mappingOf(release);
            if (mapping != null) {
                return new OfRelease(mapping, config);
            }
        }
        return null;
    }

    private static Looked looked(Choice choice, Outcome<CachedFile> file, Scope scope) {
        return new Looked(file, choice.item == null ? scope : choice.item.scope(), choice.candidates, choice.finding);
    }

    private static Choice choose(Listings.All all, List<Try> tries, FileType type) {
        List<Candidate> candidates = new ArrayList<>();
        Item chosen = null;
        Finding found = null;
        Failure first = null;
        for (int i = 0; i < tries.size(); i++) {
            Item item = all.items().get(i);
            Attempt attempt = tries.get(i).attempt;
            switch (tries.get(i).file) {
                case Found<CachedFile>(CachedFile file) -> {
                    Candidate had = Candidates.sideFile(item.file(), file.bytes(), type, attempt);
                    candidates.add(had);
                    chosen = chosen == null ? item : chosen;
                    found = found == null ? had.finding() : found;
                }
                case Failed<CachedFile>(Failure failure) -> {
                    first = first == null ? failure : first;
                    candidates.add(Candidates.failed(item.file(), failure, attempt));
                }
            }
        }
        all.empty().forEach(why -> candidates.add(Candidates.nothingListed(why)));
        return new Choice(
                chosen,
                first == null ? new Missing() : first,
                List.copyOf(candidates),
                found == null ? Telling.of(candidates) : found);
    }

    /** The chosen one of several that were found; the others are given back. */
    private static Outcome<CachedFile> kept(Item chosen, List<Item> items, List<Try> tries) {
        Outcome<CachedFile> kept = Outcome.failed(new Missing());
        for (int i = 0; i < items.size(); i++) {
            if (tries.get(i).file instanceof Found<CachedFile>(CachedFile file)) {
                if (items.get(i).equals(chosen)) {
                    kept = tries.get(i).file;
                } else {
                    file.close();
                }
            }
        }
        return kept;
    }

    private Try attempt(FileType type, Item item) throws InterruptedException {
        AtomicBoolean asked = new AtomicBoolean();
        long started = System.nanoTime();
        Outcome<CachedFile> file = open(type, item, () -> asked.set(true));
        long elapsed = Duration.ofNanos(System.nanoTime() - started).toMillis();
        Instant next = file instanceof Failed ? caches.knownUntil(kind(type), key(type, item)) : null;
        return new Try(file, asked.get() ? Attempt.fresh(elapsed, next) : Attempt.known(next));
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
        return open(type, item, () -> {});
    }

    /** @param asked run where the source is asked */
    private Outcome<CachedFile> open(FileType type, Item item, Runnable asked) throws InterruptedException {
        return caches.getOrLoad(
                kind(type),
                key(type, item),
                Retention.of(item.scope()),
                item.file().effort(),
                staging -> {
                    asked.run();
                    return load(type, item, staging);
                });
    }

    private Outcome<Loaded> load(FileType type, Item item, Staging staging) throws IOException, InterruptedException {
        Outcome<Loaded> loaded = loader.load(item.file(), staging);
        // a list of names has no head to tell it by; who reads it says what is wrong with it
        if (loaded instanceof Failed || type == FileType.DARTSYMBOLMAP) {
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
        return switch (type) {
            case IL2CPP -> CacheKind.IL2CPP;
            case PROGUARD -> CacheKind.PROGUARD;
            default -> CacheKind.AUXDIFS;
        };
    }

    private static CacheKey key(FileType type, Item item) {
        return item.key().with("type: " + type.wireName());
    }
}
