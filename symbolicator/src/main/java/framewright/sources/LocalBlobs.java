package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unreachable;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Retention;
import framewright.database.StorageFailure;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import framewright.store.BlobKey;
import framewright.store.Blobs.Place;
import framewright.store.Digest;
import framewright.store.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blobs of the store for whoever fetches them or needs them as files of this machine. */
public final class LocalBlobs {
    /** For the longest download. */
    private static final Duration VALIDITY = Duration.ofHours(1);

    private final Store store;
    private final Caches caches;
    private final Fetcher fetcher;

    public LocalBlobs(Store store, Caches caches, Fetcher fetcher) {
        this.store = store;
        this.caches = caches;
        this.fetcher = fetcher;
    }

    /**
     * A file that stays until it is closed.
     *
     * @param lease on its copy in the cache; null: it is the blob itself, which nobody changes
     */
    public record LocalBlob(Path path, @Nullable CachedFile lease) implements AutoCloseable {
        @Override
        public void close() {
            if (lease != null) {
                lease.close();
            }
        }
    }

    /** The blob where it lies, or a copy of it. */
    public Outcome<LocalBlob> open(Digest digest) throws InterruptedException {
        RemoteFile file = file(store, digest, "store", "store://" + digest, identity(digest));
        if (file instanceof RemoteFile.Local local) {
            return Outcome.found(new LocalBlob(local.path(), null));
        }
        CacheKey key = new CacheKey(identity(digest) + "\n");
        return caches.getOrLoad(CacheKind.OBJECTS, key, Retention.PUBLIC, staging -> fetcher.fetch(file, staging))
                .map(copy -> new LocalBlob(copy.path(), copy));
    }

    /** Names the content in cache keys. */
    static String identity(Digest digest) {
        return "store-blob:" + digest;
    }

    /** The blob as a file to fetch. */
    static RemoteFile file(Store store, Digest digest, String source, String location, String identity) {
        BlobKey key = BlobKey.content(digest);
        return switch (store.blobs().locate(key, VALIDITY)) {
            case null ->
                new RemoteFile.Unusable(
                        source,
                        location,
                        new Unreachable("the store has lost the content; `framewright store verify` tells more"));
            case Place.OnDisk(Path path) -> new RemoteFile.Local(source, location, identity, path, true);
            case Place.AtUrl _ ->
                new RemoteFile.Web(source, location, identity, () -> sign(store, key), Trust.TRUSTED, false, false);
        };
    }

    private static Outcome<WebRequest> sign(Store store, BlobKey key) {
        try {
            WebUrl url = store.blobs().locate(key, VALIDITY) instanceof Place.AtUrl(URI at)
                    ? WebUrl.parse(at.toString())
                    : null;
            return url == null ? Outcome.failed(new Missing()) : Outcome.found(WebRequest.get(url, Map.of()));
        } catch (StorageFailure e) {
            return Outcome.failed(new Unreachable(String.valueOf(e.getMessage())));
        }
    }
}
