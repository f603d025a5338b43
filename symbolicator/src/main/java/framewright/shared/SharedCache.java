package framewright.shared;

import framewright.api.CacheQuery;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.api.Readiness.Check;
import framewright.cache.CachedFile;
import framewright.cache.SharedKey;
import framewright.cache.SharedTier;
import framewright.cache.Staging;
import framewright.config.SharedCacheSettings;
import framewright.config.SharedCacheSettings.Place;
import framewright.fetch.StoreClient;
import framewright.fetch.StoreClient.Body;
import framewright.shared.EntryFormat.Verdict;
import framewright.shared.Leases.Taking;
import framewright.shared.SharedCounts.Event;
import framewright.sources.Bucket;
import framewright.sources.Buckets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The shared tier over a store: entries, who makes them, and what was revoked. */
public final class SharedCache implements SharedTier {
    private static final Logger LOG = Logger.getLogger(SharedCache.class.getName());

    /** Names it in checks. */
    public static final String NAME = "shared_cache";

    /** The first look-ups after a start wait this long for what was revoked to be known. */
    private static final Duration MAX_BEGINNING = Duration.ofSeconds(2);

    /** What S3 and Azure take in one request, with some room. */
    private static final long MAX_ENTRY = 4_900L << 20;

    /** How often the hint at the latest revocation is written anew, in readings. */
    private static final int REFRESH = 1800;

    private final Store store;
    private final Leases leases;
    private final RevocationLog purges;
    private final RevocationLog forgets;
    private final Uploads uploads;
    private final Duration interval;
    private final SharedCounts counts = new SharedCounts();
    private final CountDownLatch beginning = new CountDownLatch(1);
    private final Thread following;
    private volatile Consumer<CacheQuery> revoked = _ -> {};

    /** @param store closed with this */
    SharedCache(Store store, SharedCacheSettings settings, InstantSource clock) {
        this.store = new GuardedStore(store, clock);
        this.leases = new Leases(this.store, settings.leaseTime());
        this.purges = new RevocationLog(this.store, "purges");
        this.forgets = new RevocationLog(this.store, "forgets");
        this.uploads = new Uploads(settings.maxConcurrentUploads(), settings.maxUploadQueueSize());
        this.interval = settings.revocationInterval();
        this.following = Thread.ofVirtual().name("shared-revocations").unstarted(this::followOn);
    }

    /**
     * The tier that the settings describe; fails where its place cannot be used, whatever the other side says.
     *
     * @param buckets makes the bucket, where it is one
     * @param userAgent how requests name us
     */
    public static Outcome<SharedCache> open(
            SharedCacheSettings settings, Buckets buckets, InstantSource clock, String userAgent) {
        Outcome<Store> store = switch (settings.place()) {
            case Place.Folder(Path path) -> Outcome.found(new FolderStore(path, clock));
            case Place.InBucket(var config) ->
                buckets.of(config)
                        .flatMap(bucket -> Buckets.client(config, userAgent).map(client -> inBucket(bucket, client)));
        };
        return store.map(opened -> new SharedCache(opened, settings, clock));
    }

    private static Store inBucket(Bucket bucket, StoreClient client) {
        return new BucketStore(bucket, client);
    }

    // ---- entries

    @Override
    public boolean fetch(SharedKey key, Staging staging) throws IOException, InterruptedException {
        boolean fetched = isReady() && get(key, staging);
        counts.count(key.kind(), fetched ? Event.HIT : Event.MISS);
        return fetched;
    }

    private boolean isReady() throws InterruptedException {
        return beginning.await(MAX_BEGINNING.toMillis(), TimeUnit.MILLISECONDS) && purges.hasBegun();
    }

    private boolean get(SharedKey key, Staging staging) throws IOException, InterruptedException {
        Outcome<Verdict> verdict = store.read(
                key.path(),
                in -> EntryFormat.read(
                        in,
                        key,
                        number -> purges.isRevoked(
                                number,
                                key.kind().folder(),
                                key.digest(),
                                key.key().text()),
                        staging));
        if (verdict instanceof Found<Verdict>(Verdict read)) {
            switch (read) {
                case WHOLE -> {
                    return true;
                }
                case DAMAGED -> {
                    counts.count(key.kind(), Event.DAMAGED);
                    LOG.log(Level.WARNING, "a damaged entry of the shared cache is removed: {0}", key.path());
                    discard(key);
                }
                case REVOKED -> {
                    counts.count(key.kind(), Event.REVOKED);
                    discard(key);
                }
                case NO_ROOM -> {}
            }
        }
        Files.deleteIfExists(staging.file());
        return false;
    }

    @Override
    public Turn turn(SharedKey key, Staging staging) throws IOException, InterruptedException {
        // before anything is looked at: what is made of something that is revoked meanwhile is void
        long number = purges.position();
        if (fetch(key, staging)) {
            return new MyTurn(key, number, true, null);
        }
        if (!purges.hasBegun() || !key.kind().isMadeOnce()) {
            return new MyTurn(key, number, false, null);
        }
        return switch (leases.take(key.path())) {
            case Taking.Taken(Leases.Lease lease) -> {
                MyTurn turn = null;
                try {
                    // whoever had it may have ended between the look and the lease
                    boolean fetched = get(key, staging);
                    turn = new MyTurn(key, number, fetched, lease);
                } finally {
                    if (turn == null) {
                        lease.close();
                    }
                }
                yield turn;
            }
            case Taking.Ended() -> new MyTurn(key, number, fetch(key, staging), null);
            case Taking.Unavailable() -> new MyTurn(key, number, false, null);
        };
    }

    private final class MyTurn implements Turn {
        private final SharedKey key;
        private final long purgesKnown;
        private final boolean fetched;
        private Leases.@Nullable Lease lease;

        private MyTurn(SharedKey key, long purgesKnown, boolean fetched, Leases.@Nullable Lease lease) {
            this.key = key;
            this.purgesKnown = purgesKnown;
            this.fetched = fetched;
            this.lease = lease;
        }

        @Override
        public boolean isFetched() {
            return fetched;
        }

        @Override
        public void publish(Supplier<@Nullable CachedFile> file) {
            Leases.Lease held = lease;
            boolean added = uploads.add(() -> {
                try {
                    upload(key, purgesKnown, file);
                } finally {
                    end(held);
                }
            });
            if (added) {
                lease = null;
            } else {
                counts.count(key.kind(), Event.DROPPED);
            }
        }

        @Override
        public void close() {
            end(lease);
        }

        private static void end(Leases.@Nullable Lease held) {
            if (held != null) {
                held.close();
            }
        }
    }

    private void upload(SharedKey key, long purgesKnown, Supplier<@Nullable CachedFile> file) {
        try (CachedFile open = file.get()) {
            if (open == null || !open.isIntact()) {
                return;
            }
            Body entry = EntryFormat.of(open, key, purgesKnown);
            counts.count(key.kind(), entry.length() > MAX_ENTRY ? Event.DROPPED : write(key, entry));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a file of the cache cannot be shared", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Event write(SharedKey key, Body entry) throws InterruptedException {
        return switch (store.create(key.path(), entry)) {
            case Found<Boolean>(Boolean first) -> first ? Event.WRITTEN : Event.PRESENT;
            case Failed<Boolean> _ -> Event.FAILED;
        };
    }

    @Override
    public void discard(SharedKey key) {
        Thread.startVirtualThread(() -> {
            try {
                var _ = store.remove(key.path());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // ---- revocations

    @Override
    public boolean revoke(CacheQuery query) throws InterruptedException {
        return isReady() && (query.failuresOnly() ? forgets : purges).add(query, revoked);
    }

    @Override
    public void follow(Path folder, Consumer<CacheQuery> told) {
        revoked = told;
        purges.resume(folder.resolve("purges"));
        forgets.resume(folder.resolve("forgets"));
        following.start();
    }

    private void followOn() {
        try {
            for (int readings = 1; true; readings++) {
                readRevocations();
                beginning.countDown();
                if (readings % REFRESH == 0) {
                    purges.refresh();
                    forgets.refresh();
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** One bad moment, of a disk for example, must not end the following. */
    private void readRevocations() throws InterruptedException {
        try {
            purges.read(revoked);
            forgets.read(revoked);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "what other nodes have revoked could not be followed", e);
        }
    }

    // ---- state

    /** Whether it can be reached and read. */
    public Check check() throws InterruptedException {
        boolean fails = store.read("revocations/purges/latest", Text::read) instanceof Failed<String>(Failure failure)
                && !(failure instanceof Missing);
        return new Check(
                NAME, !fails, store.location() + (fails ? " cannot be had; the log says why" : " answers"), false);
    }

    /** Writes an object, reads it back and removes it; why that fails, or null. */
    public @Nullable Failure tryOut() throws InterruptedException {
        String name = "probes/" + UUID.randomUUID();
        String content = "framewright doctor\n";
        if (store.create(name, Text.of(content)) instanceof Failed<Boolean>(Failure failure)) {
            return failure;
        }
        Outcome<Boolean> again = store.create(name, Text.of(content));
        Outcome<String> read = store.read(name, Text::read);
        Outcome<Boolean> removed = store.remove(name);
        if (again instanceof Found<Boolean>(Boolean created) && created) {
            return new Outcome.Unsupported("it overwrites what should only be created where nothing is");
        }
        if (read instanceof Failed<String>(Failure failure)) {
            return failure;
        }
        return removed instanceof Failed<Boolean>(Failure failure) ? failure : null;
    }

    /** Where it is, without secrets. */
    public String location() {
        return store.location();
    }

    public SharedCounts counts() {
        return counts;
    }

    /** How often this node has waited for another, which made what it needed. */
    public long waits() {
        return leases.waits();
    }

    /** How often it took over from a node that was dead. */
    public long takeOvers() {
        return leases.takeOvers();
    }

    /** Uploads that run or wait. */
    public long uploadsWaiting() {
        return uploads.depth();
    }

    @Override
    public void close() {
        following.interrupt();
        uploads.close();
        leases.close();
        store.close();
    }
}
