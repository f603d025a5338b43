package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig.StoreView;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import framewright.store.BlobKey;
import framewright.store.Blobs.Place;
import framewright.store.Digest;
import framewright.store.Store;
import framewright.store.StoreFailure;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blobs of the store as files to fetch. They are known by their content, so that what was made of one serves everyone
 * who sees a file of that content; who may see which is decided when they are listed.
 */
final class StoreFiles {
    /** For the longest download. */
    private static final Duration VALIDITY = Duration.ofHours(1);

    private final Store store;
    private final StoreView view;

    StoreFiles(Store store, StoreView view) {
        this.store = store;
        this.view = view;
    }

    /**
     * @param what names the file in its organisation
     * @param part of the content, which one blob may have several of; empty: all of it
     */
    RemoteFile file(String what, Digest digest, String part) {
        String location = "store://" + view.organization() + "/" + what;
        String identity = "store-blob:" + digest + (part.isEmpty() ? "" : "#" + part);
        BlobKey key = BlobKey.content(digest);
        return switch (store.blobs().locate(key, VALIDITY)) {
            case null ->
                new RemoteFile.Unusable(
                        view.id(),
                        location,
                        new Unreachable("the store has lost the content; `framewright store verify` tells more"));
            case Place.OnDisk(var path) -> new RemoteFile.Local(view.id(), location, identity, path);
            case Place.AtUrl _ ->
                new RemoteFile.Web(view.id(), location, identity, () -> sign(key), Trust.TRUSTED, false, false);
        };
    }

    private Outcome<WebRequest> sign(BlobKey key) {
        try {
            WebUrl url = store.blobs().locate(key, VALIDITY) instanceof Place.AtUrl(URI at)
                    ? WebUrl.parse(at.toString())
                    : null;
            return url == null
                    ? Outcome.failed(new Outcome.Missing())
                    : Outcome.found(WebRequest.get(url, Map.of()));
        } catch (StoreFailure e) {
            return Outcome.failed(new Unreachable(String.valueOf(e.getMessage())));
        }
    }

    /** What a name says after its last separator; null and control characters of hostile names are left out. */
    static String lastPart(@Nullable String name) {
        String plain = name == null ? "" : name.replaceAll("\\p{Cntrl}", "");
        return plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1);
    }
}
