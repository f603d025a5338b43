package framewright.cache;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.cache.MemoryCache.Timed;
import framewright.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryCacheTest {
    private final ManualClock clock = new ManualClock();

    @Test
    void value_isKeptForItsOwnLifetime() {
        try (MemoryCache<String, Integer> cache = new MemoryCache<>(10, (key, value) -> 1, clock)) {
            cache.put("short", 1, Duration.ofSeconds(1));
            cache.put("long", 2, Duration.ofHours(1));
            cache.put("none", 3, Duration.ZERO);
            assertThat(cache.get("none")).isNull();
            assertThat(cache.get("short")).isEqualTo(1);
            clock.advance(Duration.ofSeconds(1));
            assertThat(cache.get("short")).isNull();
            assertThat(cache.get("long")).isEqualTo(2);
        }
    }

    @Test
    void values_areBounded() {
        try (MemoryCache<Integer, Integer> cache = new MemoryCache<>(10, (key, value) -> 1, clock)) {
            int kept = 0;
            for (int i = 0; i < 1000; i++) {
                cache.put(i, i, Duration.ofHours(1));
            }
            for (int i = 0; i < 1000; i++) {
                kept += cache.get(i) == null ? 0 : 1;
            }
            assertThat(kept).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void value_thatWeighsMoreThanAll_isNotKept() {
        try (MemoryCache<String, String> cache =
                new MemoryCache<>(10, (key, value) -> key.length() + value.length(), clock)) {
            cache.put("k", "small", Duration.ofHours(1));
            cache.put("large", "x".repeat(100), Duration.ofHours(1));
            assertThat(cache.get("large")).isNull();
            assertThat(cache.get("k")).isEqualTo("small");
        }
    }

    @Test
    void getOrMake_atOnce_makesOnceEvenWhatIsNotKept() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch making = new CountDownLatch(1);
        try (MemoryCache<String, Integer> cache = new MemoryCache<>(10, (key, value) -> 1, clock);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            waiting.add(threads.submit(() -> cache.getOrMake("a", () -> {
                making.countDown();
                go.await();
                return new Timed<>(made.incrementAndGet(), Duration.ofHours(1));
            })));
            making.await();
            for (int i = 0; i < 10; i++) {
                waiting.add(threads.submit(() -> cache.getOrMake("a", () -> {
                    throw new AssertionError("made twice");
                })));
            }
            go.countDown();
            for (Future<Integer> future : waiting) {
                assertThat(future.get()).isEqualTo(1);
            }
        }
    }
}
