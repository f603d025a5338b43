package framewright.store;

import java.util.Locale;

/**
 * Names a blob in its place.
 *
 * @param path with slashes, of safe characters only
 */
public record BlobKey(String path) {
    /** What a blob is for. */
    enum Family {
        /** Content, by its SHA-256; lasts as long as something names it. */
        BLOBS,
        /** Parts of uploads. */
        CHUNKS;

        /** What all paths of the family begin with. */
        String prefix() {
            return name().toLowerCase(Locale.ROOT) + "/";
        }
    }

    public static BlobKey content(Digest digest) {
        return new BlobKey(Family.BLOBS.prefix() + fanned(digest.hex()));
    }

    /** @param sha1 40 lower-case digits */
    public static BlobKey chunk(long organization, String sha1) {
        return new BlobKey(Family.CHUNKS.prefix() + organization + "/" + fanned(sha1));
    }

    /** Whether it has to outlive the power: what puts chunks together finds a damaged one and asks for it again. */
    boolean isLasting() {
        return path.startsWith(Family.BLOBS.prefix());
    }

    private static String fanned(String hex) {
        return hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex.substring(4);
    }
}
