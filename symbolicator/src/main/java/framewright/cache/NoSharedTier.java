package framewright.cache;

import framewright.api.CacheQuery;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has nothing, and everyone's turn at once. */
final class NoSharedTier implements SharedTier {
    private static final Turn FREE = new Turn() {
        @Override
        public boolean isFetched() {
            return false;
        }

        @Override
        public void publish(Supplier<@Nullable CachedFile> file) {}

        @Override
        public void close() {}
    };

    @Override
    public boolean fetch(SharedKey key, Staging staging) {
        return false;
    }

    @Override
    public Turn turn(SharedKey key, Staging staging) {
        return FREE;
    }

    @Override
    public void discard(SharedKey key) {}

    @Override
    public boolean revoke(CacheQuery query) {
        return false;
    }

    @Override
    public void follow(Path folder, Consumer<CacheQuery> revoked) {}

    @Override
    public void close() {}
}
