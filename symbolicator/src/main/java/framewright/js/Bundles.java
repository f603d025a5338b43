package framewright.js;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.OpenCache;
import framewright.cache.OpenCache.Lease;
import framewright.cache.OpenCache.Opened;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.cache.Staging;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.objects.Unpacker;
import java.io.IOException;

/** Uploaded artifacts on disk, and bundles of them kept open with their indexes. */
final class Bundles implements AutoCloseable {
    private final Caches caches;
    private final Fetcher fetcher;
    private final Unpacker unpacker;
    private final OpenCache<ArtifactBundle> bundles;

    /** @param maxBytes of memory for indexes of bundles */
    Bundles(Caches caches, Fetcher fetcher, Unpacker unpacker, long maxBytes) {
        this.caches = caches;
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.bundles = caches.openCache(maxBytes);
    }

    /** The bundle; downloaded and indexed where it is not open. */
    Outcome<Lease<ArtifactBundle>> bundle(RemoteFile remote, Scope scope) throws InterruptedException {
        CacheKey key = key(remote, scope);
        return bundles.get(key, () -> switch (caches.getOrLoad(
                CacheKind.ARTIFACTS,
                key,
                Retention.of(scope),
                remote.effort(),
                staging -> fetcher.fetch(remote, staging))) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> open(file);
        });
    }

    private static Outcome<Opened<ArtifactBundle>> open(CachedFile file) {
        Outcome<ArtifactBundle> opened = ArtifactBundle.open(file);
        if (opened instanceof Failed) {
            file.close();
        }
        return opened.map(bundle -> new Opened<>(bundle, bundle.memory()));
    }

    /** A file that was uploaded on its own. */
    Outcome<CachedFile> single(RemoteFile remote, Scope scope) throws InterruptedException {
        return caches.getOrLoad(
                CacheKind.ARTIFACTS,
                key(remote, scope),
                Retention.of(scope),
                remote.effort(),
                staging -> load(remote, staging));
    }

    private Outcome<Loaded> load(RemoteFile remote, Staging staging) throws IOException, InterruptedException {
        Outcome<Loaded> fetched = fetcher.fetch(remote, staging);
        return fetched instanceof Found ? unpacker.unpack(staging) : fetched;
    }

    private static CacheKey key(RemoteFile remote, Scope scope) {
        return new CacheKey(
                "scope: " + scope + "\n\nsource: " + remote.source() + "\nlocation: " + remote.identity() + "\n");
    }

    @Override
    public void close() {
        bundles.close();
    }
}
