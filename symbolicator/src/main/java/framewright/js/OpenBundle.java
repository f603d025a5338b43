package framewright.js;

import framewright.api.BundleManifest;
import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.ResolvedWith;
import framewright.cache.OpenCache.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of a request, or why it could not be had.
 *
 * @param source id of where it is from
 * @param location names it in answers
 * @param resolvedWith by what it was found
 */
record OpenBundle(String source, String location, Outcome<Lease<ArtifactBundle>> opened, ResolvedWith resolvedWith) {

    /** The file with this id; null where the bundle has none, or the key. */
    @Nullable
    Ended byId(JsFileKey key) {
        if (key.debugId() == null || !(opened instanceof Found<Lease<ArtifactBundle>>(var lease))) {
            return null;
        }
        BundleManifest.File file = lease.value().byDebugId(key.debugId(), key.kind());
        return file == null ? null : ended(key, lease.value(), file, ResolvedWith.DEBUG_ID);
    }

    /** The file that was uploaded under an address; null where the bundle has none. */
    @Nullable
    Ended byUrl(JsFileKey key, String url) {
        if (!(opened instanceof Found<Lease<ArtifactBundle>>(var lease))) {
            return null;
        }
        BundleManifest.File file = lease.value().byUrl(url);
        return file == null ? null : ended(key, lease.value(), file, resolvedWith);
    }

    private Ended ended(JsFileKey key, ArtifactBundle bundle, BundleManifest.File file, ResolvedWith how) {
        FoundFile found = new FoundFile(
                key,
                new JsOrigin.Bundled(location, key),
                how,
                Outcome.found(new Content.Bundled(bundle, file)),
                Scraper.notAttempted(key));
        Finding finding = Findings.of(Cause.FOUND, location + " (" + file.path() + ")", "");
        return Ended.of(found, finding);
    }
}
