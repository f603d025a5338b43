package framewright.sources;

import framewright.api.JsFileKey;
import framewright.api.JsStem;
import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.api.ResolvedWith;
import framewright.api.SourceConfig.StoreView;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.fetch.RemoteFile;
import framewright.store.ArtifactBundles;
import framewright.store.Digest;
import framewright.store.ReleaseFile;
import framewright.store.Store;
import framewright.store.Tenancy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Artifact bundles and files of releases that were uploaded here, as one organisation sees them. */
final class StoreArtifacts implements ArtifactCatalogue {
    /** A build is in one; more are those of other builds with the same names. */
    private static final int MOST = 10;

    private final StoreView view;
    private final Store store;

    StoreArtifacts(StoreView view, Store store) {
        this.view = view;
        this.store = store;
    }

    @Override
    public String id() {
        return view.id();
    }

    /** As {@link StoreSource#isPublic}. */
    @Override
    public boolean isPublic() {
        return true;
    }

    @Override
    public Outcome<List<Artifact>> list(Wanted wanted) {
        List<DebugId> ids = wanted.files().stream()
                .map(JsFileKey::debugId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        List<String> stems = wanted.files().stream()
                .map(JsFileKey::absPath)
                .filter(Objects::nonNull)
                .map(JsStem::of)
                .distinct()
                .toList();
        Tenancy who = new Tenancy(view.organizationKey(), view.project());
        String dist = wanted.dist() == null ? "" : wanted.dist();
        try {
            List<Artifact> found = new ArrayList<>();
            for (ArtifactBundles.Match match : store.bundles().find(who, ids, wanted.release(), dist, stems, MOST)) {
                found.add(new Artifact(
                        file(
                                "artifact_bundle/" + match.bundle().id(),
                                match.bundle().digest()),
                        true,
                        "",
                        Map.of(),
                        match.byDebugId() ? ResolvedWith.DEBUG_ID : ResolvedWith.INDEX));
            }
            if (wanted.release() != null) {
                for (ReleaseFile file : store.releaseFiles().find(who, wanted.release(), dist, stems, MOST)) {
                    found.add(new Artifact(
                            file("release_file/" + file.id(), file.digest()),
                            false,
                            file.name(),
                            file.headers(),
                            ResolvedWith.RELEASE_OLD));
                }
            }
            return Outcome.found(List.copyOf(found));
        } catch (StorageFailure e) {
            return Outcome.failed(new Unreachable(String.valueOf(e.getMessage())));
        }
    }

    private RemoteFile file(String what, Digest digest) {
        String location = "store://" + view.organization() + "/" + what;
        return LocalBlobs.file(store, digest, view.id(), location, LocalBlobs.identity(digest));
    }
}
