package framewright.cache;

/**
 * How one kind of the disk cache fares.
 *
 * @param bytes allocated on disk by its files, folders not counted
 * @param files how many files there are
 * @param failures how many failures are remembered
 * @param hits look-ups that were answered from the cache, failures included
 * @param misses look-ups that led to a load
 * @param evictions files removed to make room
 * @param expired files removed for their age
 */
public record CacheStats(long bytes, long files, long failures, long hits, long misses, long evictions, long expired) {}
