package framewright.cache;

import static framewright.cache.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.cache.OpenCache.Lease;
import framewright.cache.OpenCache.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenCacheTest {
    private static final class Handle implements AutoCloseable {
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        boolean isOpen() {
            return closed.get() == 0;
        }
    }

    static <V extends AutoCloseable> Lease<V> lease(Outcome<Lease<V>> outcome) {
        if (outcome instanceof Found<Lease<V>>(Lease<V> lease)) {
            return lease;
        }
        throw new AssertionError("not opened: " + outcome);
    }

    private static OpenCache.Opener<Handle> opening(Handle handle, long bytes) {
        return () -> Outcome.found(new Opened<>(handle, bytes));
    }

    @Test
    void get_again_givesTheSameOpenValue() throws Exception {
        Handle handle = new Handle();
        try (OpenCache<Handle> cache = new OpenCache<>(100)) {
            for (int i = 0; i < 3; i++) {
                try (Lease<Handle> lease = lease(cache.get(key("a"), opening(i == 0 ? handle : new Handle(), 1)))) {
                    assertThat(lease.value()).isSameAs(handle);
                }
            }
            assertThat(handle.isOpen()).isTrue();
        }
        assertThat(handle.closed).hasValue(1);
    }

    @Test
    void failure_isNotKept() throws Exception {
        try (OpenCache<Handle> cache = new OpenCache<>(100)) {
            assertThat(cache.get(key("a"), () -> Outcome.failed(new Missing()))).isInstanceOf(Failed.class);
            lease(cache.get(key("a"), opening(new Handle(), 1))).close();
        }
    }

    @Test
    void evictedValue_isClosedWithItsLastLease() throws Exception {
        Handle handle = new Handle();
        OpenCache<Handle> cache = new OpenCache<>(100);
        Lease<Handle> first = lease(cache.get(key("a"), opening(handle, 1)));
        Lease<Handle> second = lease(cache.get(key("a"), opening(new Handle(), 1)));
        cache.close();
        first.close();
        first.close();
        assertThat(handle.isOpen()).as("a lease closed twice counts once").isTrue();
        second.close();
        assertThat(handle.closed).hasValue(1);
    }

    @Test
    void valueThatWeighsMoreThanAll_isUsableAndClosedAfterwards() throws Exception {
        Handle handle = new Handle();
        try (OpenCache<Handle> cache = new OpenCache<>(100)) {
            try (Lease<Handle> lease = lease(cache.get(key("a"), opening(handle, 1000)))) {
                assertThat(lease.value().isOpen()).isTrue();
            }
            assertThat(handle.isOpen()).isFalse();
        }
    }

    @Test
    void manyThreads_neverSeeAClosedValue_andEveryValueIsClosedOnce() throws Exception {
        List<Handle> all = new ArrayList<>();
        OpenCache<Handle> cache = new OpenCache<>(5);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                results.add(threads.submit(() -> {
                    go.await();
                    boolean sound = true;
                    for (int i = 0; i < 500; i++) {
                        String name = "k" + ThreadLocalRandom.current().nextInt(12);
                        try (Lease<Handle> lease = lease(cache.get(key(name), () -> {
                            Handle handle = new Handle();
                            synchronized (all) {
                                all.add(handle);
                            }
                            return Outcome.found(new Opened<>(handle, 1));
                        }))) {
                            sound &= lease.value().isOpen();
                            Thread.onSpinWait();
                            sound &= lease.value().isOpen();
                        }
                    }
                    return sound;
                }));
            }
            go.countDown();
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
        cache.close();
        assertThat(all).allMatch(handle -> handle.closed.get() == 1);
    }
}
