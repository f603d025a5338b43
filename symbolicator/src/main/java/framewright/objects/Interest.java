package framewright.objects;

import framewright.cache.CacheKey;
import framewright.fetch.Abort;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for a download. Requests share one; it is aborted when the last of those who wait has found something
 * better. Who leaves for any other reason lets it go on for whoever comes next.
 */
final class Interest {
    /** One who waits; its own thread is interrupted after {@link #giveUp}. */
    static final class Waiter {
        private volatile boolean givenUp;

        void giveUp() {
            givenUp = true;
        }

        boolean hasGivenUp() {
            return givenUp;
        }
    }

    /** Of all files. */
    static final class Board {
        private final Map<CacheKey, Interest> waiting = new ConcurrentHashMap<>();

        Interest join(CacheKey key) {
            return waiting.compute(key, (_, known) -> {
                Interest interest = known == null ? new Interest() : known;
                interest.waiters++;
                return interest;
            });
        }

        void leave(CacheKey key, Waiter waiter) {
            waiting.computeIfPresent(key, (_, interest) -> {
                interest.waiters--;
                if (interest.waiters > 0) {
                    return interest;
                }
                if (waiter.hasGivenUp()) {
                    interest.abort.abort();
                }
                return null;
            });
        }

        /** How many files are waited for. */
        int size() {
            return waiting.size();
        }
    }

    private final Abort abort = new Abort();
    private int waiters;

    private Interest() {}

    Abort abort() {
        return abort;
    }
}
