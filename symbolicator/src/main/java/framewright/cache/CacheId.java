package framewright.cache;

/** Names a thing among all that the cache holds or could hold. */
record CacheId(CacheKind kind, Digest digest) {}
