package framewright.cache;

/** Names an entry among all nodes, as {@link CacheKey} does within one. */
public record SharedKey(CacheKind kind, CacheKey key) {
    /** {@code <kind>/v<version>}. */
    public String format() {
        return kind.folder() + "/v" + kind.version();
    }

    /** {@code <kind>/v<version>/aa/bb/<rest of the key's SHA-256>}. */
    public String path() {
        String digest = digest();
        return format() + "/" + digest.substring(0, 2) + "/" + digest.substring(2, 4) + "/" + digest.substring(4);
    }

    /** SHA-256 of the key, in hexadecimal digits. */
    public String digest() {
        return key.digest().toString();
    }
}
