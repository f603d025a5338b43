package framewright.objects;

import framewright.api.Candidate;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best file for a module. All files that any source may have are asked for at once; among those that serve
 * the purpose, debug information beats symbols, and equals are decided by the order of sources, then of file types,
 * then of paths. Where none serves, the first failure in that order is the answer.
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
    private final Listings listings;
    private final ObjectStore store;
    private final MemoryCache<Question, FindResult> results;

    /** @param pool where files are unpacked and looked at */
    public ObjectFinder(
            Caches caches,
            Sources sources,
            Fetcher fetcher,
            NativePool pool,
            FetchSettings settings,
            InstantSource clock) {
        this.clock = clock;
        this.listings = new Listings(sources);
        this.store = new ObjectStore(caches, new ObjectLoader(fetcher, pool, settings.maxDownloadSize()), clock);
        this.results = new MemoryCache<>(MAX_RESULTS, Question::weight, clock);
    }

    /** The best of all kinds of files that may serve the purpose for such a module. */
    public FindResult find(ObjectId id, Purpose purpose, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        List<FileType> types = purpose == Purpose.SOURCE ? FileType.ofSources() : FileType.ofModule(id.type());
        return find(id, types, purpose, sources, scope);
    }

    /** The best file of these kinds, in this order of preference. */
    public FindResult find(ObjectId id, List<FileType> types, Purpose purpose, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        Question question = new Question(id, types, purpose, sources, scope);
        FindResult known = results.get(question);
        if (known != null) {
            return known;
        }
        Listings.All all = listings.list(types, id, sources, scope);
        FindResult result = choose(all, outcomes(all.items(), id), id, purpose);
        if (all.lasting()) {
            results.put(question, result, lifetime(all.items()));
        }
        return result;
    }

    private List<Outcome<ObjectMeta>> outcomes(List<Item> items, ObjectId id) throws InterruptedException {
        List<@Nullable Outcome<ObjectMeta>> known = new ArrayList<>(items.size());
        List<Item> unknown = new ArrayList<>();
        for (Item item : items) {
            Outcome<ObjectMeta> outcome = store.known(item.key());
            known.add(outcome);
            if (outcome == null) {
                unknown.add(item);
            }
        }
        List<Outcome<ObjectMeta>> fetched =
                Parallel.map(unknown, item -> store.meta(item.file(), item.key(), id, item.scope()));
        List<Outcome<ObjectMeta>> outcomes = new ArrayList<>(items.size());
        int next = 0;
        for (Outcome<ObjectMeta> outcome : known) {
            outcomes.add(outcome == null ? fetched.get(next++) : outcome);
        }
        return outcomes;
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

    private FindResult choose(Listings.All all, List<Outcome<ObjectMeta>> outcomes, ObjectId id, Purpose purpose) {
        List<Candidate> candidates =
                new ArrayList<>(outcomes.size() + all.empty().size());
        Choice choice = new Choice();
        for (int i = 0; i < outcomes.size(); i++) {
            Item item = all.items().get(i);
            switch (outcomes.get(i)) {
                case Failed<ObjectMeta>(Failure failure) -> {
                    choice.fail(i, failure);
                    candidates.add(Candidates.failed(item.file(), failure));
                }
                case Found<ObjectMeta>(ObjectMeta meta) -> {
                    String mismatch = IdMatch.mismatch(meta, id);
                    if (mismatch != null) {
                        choice.fail(i, new Missing());
                        candidates.add(Candidates.wrongId(item.file(), mismatch));
                    } else {
                        if (purpose.isServedBy(meta.features())) {
                            choice.use(i, meta);
                        }
                        candidates.add(Candidates.ok(item.file(), meta));
                    }
                }
            }
        }
        all.empty().forEach(source -> candidates.add(Candidates.nothingListed(source)));
        if (choice.isFound() && outcomes.get(choice.index) instanceof Found<ObjectMeta>(ObjectMeta meta)) {
            Item item = all.items().get(choice.index);
            FoundObject best = new FoundObject(store, item.file(), item.key(), id, item.scope(), meta);
            return new FindResult(Outcome.found(best), candidates);
        }
        if (choice.failure instanceof Malformed) {
            candidates.set(choice.index, Candidates.malformedUse(candidates.get(choice.index), purpose));
        }
        return new FindResult(Outcome.failed(choice.failure), candidates);
    }

    /** How long every part of the result stands; zero where one was not remembered at all. */
    private Duration lifetime(List<Item> items) {
        Instant now = clock.instant();
        Instant until = now.plus(MEMORY);
        for (Item item : items) {
            Instant known = store.knownUntil(item.key());
            if (known == null) {
                return Duration.ZERO;
            }
            until = known.isBefore(until) ? known : until;
        }
        return Duration.between(now, until);
    }
}
