package framewright.sources;

import framewright.api.JsFileKey;
import framewright.api.Outcome;
import framewright.api.ResolvedWith;
import framewright.fetch.RemoteFile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Artifacts of which a list is kept somewhere. */
public non-sealed interface ArtifactCatalogue extends Artifacts {
    /**
     * What is looked for.
     *
     * @param files one with a debug id, or several without any; their addresses say something only with a release
     */
    record Wanted(
            List<JsFileKey> files,
            @Nullable String release,
            @Nullable String dist) {
        public Wanted {
            files = List.copyOf(files);
        }
    }

    /**
     * What the list names.
     *
     * @param file its location names it in answers
     * @param bundle whether it is a bundle of files
     * @param absPath the address that a single file was uploaded under; empty for a bundle
     * @param headers of a single file, by lower-case name
     * @param resolvedWith by what it was found
     */
    record Artifact(
            RemoteFile file, boolean bundle, String absPath, Map<String, String> headers, ResolvedWith resolvedWith) {
        public Artifact {
            headers = Map.copyOf(headers);
        }
    }

    /** What may hold the files. The list may be cut off, and the shorter the more files are wanted. */
    Outcome<List<Artifact>> list(Wanted wanted) throws InterruptedException;
}
