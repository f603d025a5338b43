package framewright.cache;

import static framewright.cache.CacheFixture.bytes;
import static framewright.cache.CacheFixture.found;
import static framewright.cache.CacheFixture.has;
import static framewright.cache.CacheFixture.key;
import static framewright.cache.CacheFixture.load;
import static framewright.cache.CacheFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something else fills the disk that the cache lies on. */
class FullVolumeTest {
    private static final int MIB = 1 << 20;
    private static final int FILES = 20;

    private final AtomicLong foreign = new AtomicLong();

    @TempDir
    private Path folder;

    @BeforeEach
    void empty() {
        foreign.set(0);
    }

    /** Of 100 MiB, of which others have taken what a test says. */
    private Caches open() {
        return new Caches(
                settings(folder, 64L * MIB),
                new ManualClock(),
                SharedTier.NONE,
                path -> () -> 100L * MIB - foreign.get() - CacheFixture.allocated(path));
    }

    private static void fill(Caches caches) throws InterruptedException {
        for (int i = 0; i < FILES; i++) {
            load(caches, "file " + i, MIB);
        }
    }

    private static long kept(Caches caches) {
        return IntStream.range(0, FILES).filter(i -> has(caches, "file " + i)).count();
    }

    @Test
    void volumeThatOthersHaveFilled_getsEntriesForTheWriteAtHand() throws InterruptedException {
        try (Caches caches = open()) {
            fill(caches);
            foreign.set(100L * MIB - CacheFixture.allocated(folder));
            load(caches, "new", MIB);
            assertThat(has(caches, "new")).isTrue();
            assertThat(caches.squeezedOut()).isPositive().isEqualTo(FILES - kept(caches));
            assertThat(100L * MIB - foreign.get() - CacheFixture.allocated(folder))
                    .isPositive();
        }
    }

    @Test
    void volumeWithRoom_costsNothing() throws InterruptedException {
        try (Caches caches = open()) {
            fill(caches);
            assertThat(caches.squeezedOut()).isZero();
            assertThat(kept(caches)).isEqualTo(FILES);
        }
    }

    @Test
    void volumeThatOthersHaveFilled_whileNothingCanGo_isTriedAllTheSame() throws InterruptedException {
        foreign.set(95L * MIB);
        try (Caches caches = open()) {
            load(caches, "new", MIB);
            assertThat(has(caches, "new")).isTrue();
        }
    }

    @Test
    void writeThatFindsNoRoom_isDoneAgainAfterEntriesHaveGone() throws InterruptedException {
        AtomicLong tries = new AtomicLong();
        try (Caches caches = open()) {
            fill(caches);
            found(caches.getOrLoad(CacheKind.OBJECTS, key("new"), Retention.PRIVATE, staging -> {
                        if (tries.incrementAndGet() == 1) {
                            assertThat(staging.reserve(3L * MIB)).isTrue();
                            throw new IOException("No space left on device");
                        }
                        return bytes(3 * MIB).load(staging);
                    }))
                    .close();
            assertThat(tries).hasValue(2);
            assertThat(FILES - kept(caches)).isGreaterThanOrEqualTo(3);
        }
    }
}
