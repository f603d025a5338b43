package framewright.store;

/**
 * Names a blob in its place. Two families: content, which lasts as long as something names it, and chunks of uploads.
 *
 * @param path with slashes, of safe characters only
 */
public record BlobKey(String path) {
    private static final String CONTENT = "blobs/";
    private static final String CHUNKS = "chunks/";

    public static BlobKey content(Digest digest) {
        return new BlobKey(CONTENT + fanned(digest.hex()));
    }

    /** @param sha1 40 lower-case digits */
    public static BlobKey chunk(long organization, String sha1) {
        return new BlobKey(CHUNKS + organization + "/" + fanned(sha1));
    }

    private static String fanned(String hex) {
        return hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex.substring(4);
    }
}
