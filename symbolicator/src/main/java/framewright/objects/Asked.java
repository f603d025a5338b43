package framewright.objects;

import framewright.cache.CacheKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one request has asked sources for. Its parts look for the same files at the same time: what one of them has
 * just fetched is news to the others, too, not something remembered from before.
 */
public final class Asked {
    private final Set<CacheKey> files = ConcurrentHashMap.newKeySet();

    /** Noted before the question, so that whoever sees its result sees the note. */
    void note(CacheKey file) {
        files.add(file);
    }

    boolean has(CacheKey file) {
        return files.contains(file);
    }
}
