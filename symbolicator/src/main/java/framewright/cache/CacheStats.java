package framewright.cache;

/**
 * How one kind of the disk cache fares.
 *
 * @param bytes allocated on disk by its entries, folders not counted
 * @param files entries, remembered failures included
 * @param hits look-ups that were answered from the cache, failures included
 * @param misses look-ups that led to a load
 * @param evictions entries removed to make room
 * @param expired entries removed for their age
 */
public record CacheStats(long bytes, long files, long hits, long misses, long evictions, long expired) {}
