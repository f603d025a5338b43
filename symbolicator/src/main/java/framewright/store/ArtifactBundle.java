package framewright.store;

import framewright.debugfiles.DebugId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scripts, maps and sources of one build, in one zip.
 *
 * @param id its key
 * @param release empty: for none in particular
 * @param dist empty: for none in particular
 * @param files how many it holds
 */
public record ArtifactBundle(
        long id, Digest digest, long size, String bundleId, String release, String dist, long files, Instant created) {
    /**
     * What is known of a bundle before it is kept.
     *
     * @param bundleId as its maker calls it; where it does not say, the SHA-1 of its bytes
     */
    public record Description(String bundleId, String release, String dist, List<File> files) {
        public Description {
            files = List.copyOf(files);
        }
    }

    /**
     * One of its files.
     *
     * @param path in the zip
     * @param stem the address without host, query and extensions, as clients ask for it (contract, B3)
     * @param type {@code minified_source}, {@code source_map}, {@code source} or {@code indexed_ram_bundle}
     */
    public record File(
            String path,
            String url,
            String stem,
            String type,
            @Nullable DebugId debugId) {}
}
