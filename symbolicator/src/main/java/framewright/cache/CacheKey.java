package framewright.cache;

import org.jspecify.annotations.Nullable;

/**
 * Where a cached thing comes from, in readable words: two things are the same exactly when their texts are. The path
 * on disk is made of its SHA-256.
 */
public final class CacheKey {
    private final String text;
    private volatile @Nullable Digest digest;

    public CacheKey(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Key of something that was made of this with {@code line} in mind. */
    public CacheKey with(String line) {
        return new CacheKey(text + line + "\n");
    }

    Digest digest() {
        Digest known = digest;
        if (known == null) {
            known = Digest.of(text);
            digest = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CacheKey key && key.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
