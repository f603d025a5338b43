package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.cache.CachedFile;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.sources.ArtifactFolder;
import framewright.sources.ArtifactFolder.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for one file in a source without a list, place after place. */
final class FolderSearch {
    private final JsFileKey key;
    private final Bundles store;
    private final Scope scope;
    private final List<Finding> findings = new ArrayList<>();
    private final List<OpenBundle> bundles = new ArrayList<>();

    /** @param scope whom what is found serves */
    FolderSearch(JsFileKey key, Bundles store, Scope scope) {
        this.key = key;
        this.store = store;
        this.scope = scope;
    }

    /** What became of it; null where it is in none of the places. */
    @Nullable
    Ended find(ArtifactFolder folder, List<Place> places) throws InterruptedException {
        for (Place place : places) {
            Ended found = place.bundle() ? bundled(folder, place) : single(folder, place);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** What is to be told of places that do not have it. */
    List<Finding> findings() {
        return findings;
    }

    /** The bundles on the way, which may have other files of the request; each has a lease. */
    List<OpenBundle> bundles() {
        return bundles;
    }

    JsFileKey key() {
        return key;
    }

    private @Nullable Ended bundled(ArtifactFolder folder, Place place) throws InterruptedException {
        String location = place.file().location();
        Outcome<Lease<ArtifactBundle>> opened = store.bundle(place.file(), scope);
        if (opened instanceof Failed<Lease<ArtifactBundle>>(Failure failure)) {
            findings.add(Finding.failed(failure, folder.id(), location, Finding.Attempt.NONE));
            return null;
        }
        OpenBundle bundle = new OpenBundle(folder.id(), location, opened, place.resolvedWith());
        bundles.add(bundle);
        return bundle.byId(key);
    }

    private @Nullable Ended single(ArtifactFolder folder, Place place) throws InterruptedException {
        String location = place.file().location();
        return switch (store.single(place.file(), scope)) {
            case Failed<CachedFile>(Failure failure) -> {
                findings.add(Finding.failed(failure, folder.id(), location, Finding.Attempt.NONE));
                yield null;
            }
            case Found<CachedFile>(CachedFile file) -> {
                FoundFile found = new FoundFile(
                        key,
                        new JsOrigin.IndividualFile(location),
                        place.resolvedWith(),
                        Outcome.found(new Content.Uploaded(file, "")),
                        Scraper.notAttempted(key));
                yield new Ended(found, List.of(Findings.of(Cause.FOUND, location, "")), file);
            }
        };
    }
}
