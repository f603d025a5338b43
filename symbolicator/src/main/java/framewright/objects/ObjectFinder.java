package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.Finding.Attempt;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.cache.Caches;
import framewright.cache.MemoryCache;
import framewright.cache.Scope;
import framewright.config.FetchSettings;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.Fetcher;
import framewright.nativebridge.NativePool;
import framewright.objects.Listings.Item;
import framewright.sources.Sources;
import framewright.telemetry.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best file for a module. All files that any source may have are asked for at once; among those that serve
 * the purpose, debug information beats symbols, and equals are decided by the order of sources, then of file types,
 * then of paths. Where none serves, the first failure in that order is the answer. Once debug information is there,
 * those that take much longer are not waited for ({@link Race}).
 *
 * <p>A result is kept for a minute, as long as everything that it is made of would say the same: a warm module costs
 * one look-up in memory.
 */
public final class ObjectFinder {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    /** Characters, roughly, of the results that are kept with their questions. */
    private static final long MAX_RESULTS = 32 << 20;

    private record Question(
            ObjectId id, List<FileType> types, Purpose purpose, List<SourceConfig> sources, Scope scope) {

        /** A list of sources is mostly one that all modules of a request share. */
        private long weight(FindResult result) {
            long weight = 200L + id.toString().length() + 100L * sources.size();
            for (Candidate candidate : result.candidates()) {
                weight += 200L
                        + candidate.source().length()
                        + candidate.location().length();
            }
            return weight;
        }
    }

    private final InstantSource clock;
    private final Fetcher fetcher;
    private final Listings listings;
    private final ObjectStore store;
    private final MemoryCache<Question, FindResult> results;
    private final Duration slowSourceTimeout;

    /** @param pool where files are unpacked and looked at */
    public ObjectFinder(
            Caches caches,
            Sources sources,
            Fetcher fetcher,
            NativePool pool,
            FetchSettings settings,
            InstantSource clock) {
        this.clock = clock;
        this.fetcher = fetcher;
        this.listings = new Listings(sources);
        this.store = new ObjectStore(caches, new ObjectLoader(fetcher, pool, settings.maxDownloadSize()), clock);
        this.slowSourceTimeout = settings.slowSourceTimeout();
        this.results = new MemoryCache<>(MAX_RESULTS, Question::weight, clock);
        caches.onPurge(results::clear);
    }

    /**
     * The best of all kinds of files that may serve the purpose for such a module.
     *
     * @param asked of the request that this is a part of
     */
    public FindResult find(ObjectId id, Purpose purpose, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        List<FileType> types = purpose == Purpose.SOURCE ? FileType.ofSources(id.type()) : FileType.ofModule(id.type());
        return find(id, types, purpose, sources, scope, asked);
    }

    /** As the other, for a question that is no part of another. */
    public FindResult find(ObjectId id, Purpose purpose, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        return find(id, purpose, sources, scope, new Asked());
    }

    /** The best file of these kinds, in this order of preference. */
    public FindResult find(ObjectId id, List<FileType> types, Purpose purpose, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        return find(id, types, purpose, sources, scope, new Asked());
    }

    private FindResult find(
            ObjectId id, List<FileType> types, Purpose purpose, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        Question question = new Question(id, types, purpose, sources, scope);
        FindResult known = results.get(question);
        if (known != null) {
            return known;
        }
        try (Span span = Span.begin("find").with("purpose", purpose.name().toLowerCase(Locale.ROOT))) {
            Listings.All all = listings.list(types, id, sources, scope);
            List<Try> tries = tries(all.items(), id, purpose, asked);
            FindResult result = choose(all, tries, id, purpose);
            if (all.lasting()) {
                results.put(question, result.asKnown(), lifetime(all.items(), tries));
            }
            span.with("candidates", tries.size());
            return result;
        }
    }

    /** How asking for one item ended. */
    private record Try(Outcome<ObjectMeta> outcome, Attempt attempt) {
        /** Nobody waited for its end. */
        private static final Try LATE = new Try(Outcome.failed(Outcome.NOT_AWAITED), Attempt.NONE);

        private boolean isLate() {
            return outcome instanceof Failed<ObjectMeta>(Failure failure) && failure.equals(Outcome.NOT_AWAITED);
        }
    }

    private List<Try> tries(List<Item> items, ObjectId id, Purpose purpose, Asked asked) throws InterruptedException {
        List<@Nullable Try> known = new ArrayList<>(items.size());
        List<Race.Runner<Try>> unknown = new ArrayList<>();
        for (Item item : items) {
            Outcome<ObjectMeta> outcome = store.known(item.key());
            known.add(outcome == null ? null : new Try(outcome, attempt(outcome, item, asked)));
            if (outcome == null) {
                unknown.add(waiter -> fetch(item, id, asked, waiter));
            }
        }
        return new Race<>(known, made -> isBest(made, id, purpose), slowSourceTimeout).run(unknown, Try.LATE);
    }

    /** Whether only the order could choose another one. */
    private static boolean isBest(Try made, ObjectId id, Purpose purpose) {
        return made.outcome instanceof Found<ObjectMeta>(ObjectMeta meta)
                && meta.features().hasDebugInfo()
                && purpose.isServedBy(meta.features())
                && IdMatch.mismatch(meta, id) == null;
    }

    private Attempt attempt(Outcome<ObjectMeta> outcome, Item item, Asked asked) {
        Instant next = nextTry(outcome, item);
        return asked.has(item.key()) ? Attempt.fresh(-1, next) : Attempt.known(next);
    }

    private Try fetch(Item item, ObjectId id, Asked asked, Interest.Waiter waiter) throws InterruptedException {
        asked.note(item.key());
        long started = System.nanoTime();
        Outcome<ObjectMeta> outcome = store.meta(item.file(), item.key(), id, item.scope(), waiter);
        long elapsed = Duration.ofNanos(System.nanoTime() - started).toMillis();
        return new Try(outcome, Attempt.fresh(elapsed, nextTry(outcome, item)));
    }

    /** When a failure is forgotten. */
    private @Nullable Instant nextTry(Outcome<ObjectMeta> outcome, Item item) {
        if (outcome instanceof Failed<ObjectMeta>(Failure failure) && Cause.of(failure) == Cause.HOST_BLOCKED) {
            return fetcher.leftAloneUntil(item.file());
        }
        Instant until = outcome instanceof Failed ? store.knownUntil(item.key()) : null;
        return Instant.MAX.equals(until) ? null : until;
    }

    /** The choice so far: what an item is worth, the lower the better. */
    private static final class Choice {
        private static final int DEBUG_INFO = 0;
        private static final int SYMBOLS = 1;
        private static final int OTHER = 2;
        private static final int FAILURE = 3;

        private int quality = FAILURE + 1;
        private int index = -1;
        private Failure failure = new Missing();

        private boolean isBetter(int newQuality) {
            return newQuality < quality;
        }

        private void fail(int at, Failure why) {
            if (isBetter(FAILURE)) {
                quality = FAILURE;
                index = at;
                failure = why;
            }
        }

        private void use(int at, ObjectMeta meta) {
            int newQuality = meta.features().hasDebugInfo()
                    ? DEBUG_INFO
                    : meta.features().hasSymbols() ? SYMBOLS : OTHER;
            if (isBetter(newQuality)) {
                quality = newQuality;
                index = at;
            }
        }

        private boolean isFound() {
            return quality < FAILURE;
        }
    }

    private FindResult choose(Listings.All all, List<Try> tries, ObjectId id, Purpose purpose) {
        List<Candidate> candidates = new ArrayList<>(tries.size() + all.empty().size());
        Choice choice = new Choice();
        for (int i = 0; i < tries.size(); i++) {
            Item item = all.items().get(i);
            Attempt attempt = tries.get(i).attempt();
            switch (tries.get(i).outcome()) {
                case Failed<ObjectMeta>(Failure failure) -> {
                    choice.fail(i, failure);
                    candidates.add(Candidates.failed(item.file(), failure, attempt));
                }
                case Found<ObjectMeta>(ObjectMeta meta) -> {
                    String mismatch = IdMatch.mismatch(meta, id);
                    if (mismatch != null) {
                        choice.fail(i, new Missing());
                    } else if (purpose.isServedBy(meta.features())) {
                        choice.use(i, meta);
                    }
                    candidates.add(Candidates.had(item.file(), meta, mismatch, attempt));
                }
            }
        }
        all.empty().forEach(why -> candidates.add(Candidates.nothingListed(why)));
        if (choice.isFound() && tries.get(choice.index).outcome() instanceof Found<ObjectMeta>(ObjectMeta meta)) {
            Item item = all.items().get(choice.index);
            FoundObject best = new FoundObject(store, item.file(), item.key(), id, item.scope(), meta);
            Finding why = candidates.get(choice.index).finding();
            return new FindResult(Outcome.found(best), candidates, why);
        }
        if (choice.failure instanceof Malformed) {
            candidates.set(choice.index, Candidates.malformedUse(candidates.get(choice.index), purpose));
        }
        return new FindResult(Outcome.failed(choice.failure), candidates, Telling.of(candidates));
    }

    /**
     * How long every part of the result stands; zero where one was not remembered at all. What was not waited for is
     * no reason to ask a slow source again with the next request.
     */
    private Duration lifetime(List<Item> items, List<Try> tries) {
        Instant now = clock.instant();
        Instant until = now.plus(MEMORY);
        for (int i = 0; i < items.size(); i++) {
            if (tries.get(i).isLate()) {
                continue;
            }
            Instant known = store.knownUntil(items.get(i).key());
            if (known == null) {
                return Duration.ZERO;
            }
            until = known.isBefore(until) ? known : until;
        }
        return Duration.between(now, until);
    }
}
