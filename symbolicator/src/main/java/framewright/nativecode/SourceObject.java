package framewright.nativecode;

import framewright.cache.CacheKey;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;

/**
 * The file that a module's sources are in.
 *
 * @param key of the file in the cache
 * @param scope whose file it is
 */
public record SourceObject(Lease<OpenSources> lease, CacheKey key, Scope scope) implements AutoCloseable {
    @Override
    public void close() {
        lease.close();
    }
}
