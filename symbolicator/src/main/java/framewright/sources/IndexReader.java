package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.debugfiles.SymstoreIndex;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the indexes of symstores and keeps them in memory. Transactions are only ever added, so that a later reading
 * begins where the last one ended. An index that cannot be read is an empty one for a while.
 */
final class IndexReader {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final Duration KEPT_FAILURE = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Bytes of all indexes together; the largest one takes half of it. */
    private static final long MAX_KEPT = 256L << 20;

    private static final int MAX_BYTES = 64 << 20;

    private final Fetcher fetcher;
    private final MemoryCache<String, PathSet> current;
    private final MemoryCache<String, PathSet> last;

    IndexReader(Fetcher fetcher, InstantSource clock) {
        this.fetcher = fetcher;
        this.current = new MemoryCache<>(MAX_KEPT, IndexReader::weight, clock);
        this.last = new MemoryCache<>(MAX_KEPT, IndexReader::weight, clock);
    }

    private static long weight(String key, PathSet paths) {
        return 100 + key.length() + paths.bytes();
    }

    /**
     * @param key names the store
     * @param file the file at a path of the store
     */
    PathSet read(String key, Function<String, RemoteFile> file) throws InterruptedException {
        return current.getOrMake(key, () -> {
            PathSet start = last.get(key);
            PathSet read = readOn(start == null ? PathSet.none() : start, file);
            if (read == null) {
                return new Timed<>(PathSet.none(), KEPT_FAILURE);
            }
            last.put(key, read, KEPT.multipliedBy(7));
            return new Timed<>(read, KEPT);
        });
    }

    private @Nullable PathSet readOn(PathSet start, Function<String, RemoteFile> file) throws InterruptedException {
        String lastIdText = text(file.apply(SymstoreIndex.LAST_ID));
        int lastId = lastIdText == null ? -1 : SymstoreIndex.lastId(lastIdText);
        if (lastId < 0) {
            return null;
        }
        PathSet.Builder paths = new PathSet.Builder(start);
        for (int number = start.transactions() + 1; number <= lastId; number++) {
            String transaction = text(file.apply(SymstoreIndex.transaction(number)));
            if (transaction == null || !paths.add(transaction)) {
                return null;
            }
        }
        return paths.build();
    }

    private @Nullable String text(RemoteFile file) throws InterruptedException {
        Outcome<Answer> outcome = fetcher.fetchAnswer(file, MAX_BYTES, LIMIT);
        return outcome instanceof Found<Answer>(Answer answer)
                ? new String(answer.body(), StandardCharsets.UTF_8)
                : null;
    }
}
