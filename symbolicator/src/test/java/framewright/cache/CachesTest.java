package framewright.cache;

import static framewright.cache.CacheFixture.EMPTY;
import static framewright.cache.CacheFixture.allocated;
import static framewright.cache.CacheFixture.bytes;
import static framewright.cache.CacheFixture.failing;
import static framewright.cache.CacheFixture.failure;
import static framewright.cache.CacheFixture.files;
import static framewright.cache.CacheFixture.found;
import static framewright.cache.CacheFixture.has;
import static framewright.cache.CacheFixture.key;
import static framewright.cache.CacheFixture.load;
import static framewright.cache.CacheFixture.never;
import static framewright.cache.CacheFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CachesTest {
    private static final long ROOMY = 4 << 20;

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();

    private Caches open(long maxBytes) {
        return new Caches(settings(dir, maxBytes), clock);
    }

    private static CacheStats stats(Caches caches) {
        return Objects.requireNonNull(caches.stats().get(CacheKind.OBJECTS));
    }

    // ---- loading

    @Test
    void getOrLoad_again_givesTheSameFileWithoutLoading() throws Exception {
        try (Caches caches = open(ROOMY)) {
            try (CachedFile file = found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, bytes(5)))) {
                assertThat(file.bytes()).isEqualTo(5);
                assertThat(file.path()).hasSize(5);
                assertThat(file.key()).isEqualTo(key("a"));
                assertThat(found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()))
                                .path())
                        .isEqualTo(file.path());
            }
            assertThat(stats(caches)).isEqualTo(new CacheStats(4096, 1, 0, 1, 1, 0, 0));
        }
    }

    @Test
    void getOrLoad_kinds_areApart() throws Exception {
        try (Caches caches = open(ROOMY)) {
            load(caches, "a", 1);
            assertThat(caches.peek(CacheKind.TABLES, key("a"))).isNull();
        }
    }

    @Test
    void getOrLoad_twentyAtOnce_loadOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        try (Caches caches = open(ROOMY);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome<CachedFile>>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(
                        () -> caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, staging -> {
                            loads.incrementAndGet();
                            go.await();
                            return bytes(10).load(staging);
                        })));
            }
            go.countDown();
            for (Future<Outcome<CachedFile>> future : waiting) {
                try (CachedFile file = found(future.get())) {
                    assertThat(file.bytes()).isEqualTo(10);
                }
            }
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void getOrLoad_interruptedWaiter_takesNothingFromTheOthers() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Caches caches = open(ROOMY);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Loader slow = staging -> {
                loading.countDown();
                go.await();
                return bytes(10).load(staging);
            };
            CountDownLatch gaveUp = new CountDownLatch(1);
            Thread first = Thread.startVirtualThread(() -> {
                try {
                    caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, slow);
                } catch (InterruptedException e) {
                    gaveUp.countDown();
                }
            });
            loading.await();
            Future<Outcome<CachedFile>> second =
                    threads.submit(() -> caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()));
            first.interrupt();
            gaveUp.await();
            go.countDown();
            found(second.get()).close();
        }
    }

    @Test
    void getOrLoad_bugInTheLoader_reachesTheCallerAndIsForgotten() throws Exception {
        try (Caches caches = open(ROOMY)) {
            Loader broken = staging -> {
                staging.reserve(100);
                Files.write(staging.file(), new byte[100]);
                throw new IllegalStateException("bug");
            };
            assertThatThrownBy(() -> caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, broken))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("bug");
            assertThat(files(dir)).isEmpty();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
            load(caches, "a", 1);
        }
    }

    @Test
    void getOrLoad_localDiskFails_isAFailureThatIsForgotten() throws Exception {
        try (Caches caches = open(ROOMY)) {
            Loader broken = staging -> {
                throw new IOException("disk");
            };
            assertThat(failure(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, broken)))
                    .isInstanceOf(Unreachable.class);
            load(caches, "a", 1);
        }
    }

    @Test
    void scratchFiles_areGoneAfterTheLoad() throws Exception {
        try (Caches caches = open(ROOMY)) {
            Loader loader = staging -> {
                Path scratch = staging.scratch("extra");
                assertThat(staging.reserve(20_000)).isTrue();
                assertThat(staging.reserved()).isGreaterThanOrEqualTo(20_000);
                Files.write(scratch, new byte[10_000]);
                Files.write(staging.file(), new byte[10_000]);
                assertThat(allocated(dir)).isLessThanOrEqualTo(caches.usedBytes());
                return Loaded.ok();
            };
            found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, loader))
                    .close();
            assertThat(files(dir)).hasSize(1);
            assertThat(caches.usedBytes()).isEqualTo(EMPTY + 3 * 4096 + 2 * 4096);
        }
    }

    // ---- failures

    static List<Failure> failures() {
        return List.of(
                new Missing(),
                new Denied("403 Forbidden"),
                new TimedOut(Duration.ofMillis(200)),
                new Unreachable("500 Internal Server Error\nsecond line"),
                new Unsupported("pdb"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_isRememberedForItsLifetime_alsoOverARestart(Failure failure) throws Exception {
        try (Caches caches = open(ROOMY)) {
            assertThat(failure(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, failing(failure))))
                    .isEqualTo(failure);
            assertThat(failure(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never())))
                    .isEqualTo(failure);
        }
        try (Caches caches = open(ROOMY)) {
            clock.advance(Duration.ofMinutes(54));
            assertThat(failure(caches.peek(CacheKind.OBJECTS, key("a")))).isEqualTo(failure);
            assertThat(caches.knownUntil(CacheKind.OBJECTS, key("a")))
                    .isBetween(Instant.parse("2026-01-01T00:54:00Z"), Instant.parse("2026-01-01T01:00:00Z"));
            clock.advance(Duration.ofMinutes(6));
            assertThat(caches.peek(CacheKind.OBJECTS, key("a"))).isNull();
            load(caches, "a", 1);
            assertThat(files(dir)).hasSize(1);
        }
    }

    @Test
    void failure_ofAPublicSource_isRememberedLonger() throws Exception {
        try (Caches caches = open(ROOMY)) {
            caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PUBLIC, failing(new Missing()));
            clock.advance(Duration.ofHours(21));
            assertThat(failure(caches.peek(CacheKind.OBJECTS, key("a")))).isEqualTo(new Missing());
            clock.advance(Duration.ofHours(3));
            assertThat(caches.peek(CacheKind.OBJECTS, key("a"))).isNull();
        }
    }

    @Test
    void malformed_isRememberedUntilTheNextStart() throws Exception {
        try (Caches caches = open(ROOMY)) {
            caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, failing(new Malformed("bad")));
            clock.advance(Duration.ofHours(21));
            assertThat(failure(caches.peek(CacheKind.OBJECTS, key("a")))).isEqualTo(new Malformed("bad"));
        }
        try (Caches caches = open(ROOMY)) {
            assertThat(caches.peek(CacheKind.OBJECTS, key("a"))).isNull();
        }
    }

    @Test
    void failure_withALifetimeOfZero_isNeverRemembered() throws Exception {
        Lifetimes none = new Lifetimes(Duration.ofDays(1), Duration.ZERO, Duration.ZERO, Duration.ZERO);
        try (Caches caches = new Caches(new CacheSettings(dir, ROOMY, none, none), clock)) {
            for (Failure failure : List.of(new Missing(), new Malformed("bad"))) {
                caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, failing(failure));
                assertThat(caches.peek(CacheKind.OBJECTS, key("a"))).isNull();
            }
            assertThat(stats(caches).failures()).isZero();
        }
    }

    @Test
    void failure_withoutALifetime_isRememberedForEver() throws Exception {
        Lifetimes endless = new Lifetimes(null, null, null, null);
        try (Caches caches = new Caches(new CacheSettings(dir, ROOMY, endless, endless), clock)) {
            caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, failing(new Missing()));
            load(caches, "b", 1);
            clock.advance(Duration.ofDays(3650));
            caches.maintain();
            assertThat(failure(caches.peek(CacheKind.OBJECTS, key("a")))).isEqualTo(new Missing());
            assertThat(has(caches, "b")).isTrue();
        }
    }

    @Test
    void failure_thatDependsOnTheMoment_isNotRemembered() throws Exception {
        try (Caches caches = open(ROOMY)) {
            caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, staging -> {
                staging.doNotRemember();
                return Outcome.failed(new Unreachable("later"));
            });
            load(caches, "a", 1);
        }
    }

    // ---- age

    @Test
    void unusedEntry_isDroppedAfterItsTime_andUseKeepsIt() throws Exception {
        try (Caches caches = open(ROOMY)) {
            load(caches, "used", 1);
            load(caches, "unused", 1);
            clock.advance(Duration.ofHours(20));
            assertThat(has(caches, "used")).isTrue();
            clock.advance(Duration.ofHours(5));
            caches.maintain();
            assertThat(has(caches, "used")).isTrue();
            assertThat(has(caches, "unused")).isFalse();
            assertThat(files(dir)).hasSize(1);
            assertThat(stats(caches).expired()).isEqualTo(1);
        }
        try (Caches caches = open(ROOMY)) {
            assertThat(has(caches, "used")).as("its use was written down").isTrue();
        }
        clock.advance(Duration.ofDays(2));
        try (Caches caches = open(ROOMY)) {
            assertThat(files(dir)).isEmpty();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
        }
    }

    @Test
    void leasedEntry_isNotTooOld() throws Exception {
        try (Caches caches = open(ROOMY);
                CachedFile file = found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, bytes(1)))) {
            clock.advance(Duration.ofDays(30));
            caches.maintain();
            assertThat(file.path()).exists();
            found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()))
                    .close();
        }
    }

    @Test
    void expiredEntry_isReplacedByTheNextLoad() throws Exception {
        try (Caches caches = open(ROOMY)) {
            load(caches, "a", 1);
            clock.advance(Duration.ofDays(2));
            load(caches, "a", 7000);
            assertThat(files(dir)).hasSize(1);
            assertThat(caches.usedBytes()).isEqualTo(EMPTY + 2 * 4096 + 2 * 4096);
        }
    }

    // ---- room

    @Test
    void eviction_takesWhatWasNotUsedLongest_andNeverWhatIsInUse() throws Exception {
        long cap = EMPTY + 4 * (4 * 4096 + 2 * 4096);
        try (Caches caches = open(cap)) {
            load(caches, "a", 4 * 4096);
            clock.advance(Duration.ofMinutes(1));
            load(caches, "b", 4 * 4096);
            clock.advance(Duration.ofMinutes(1));
            load(caches, "c", 4 * 4096);
            try (CachedFile leased = found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()))) {
                clock.advance(Duration.ofMinutes(10));
                load(caches, "d", 4 * 4096);
                load(caches, "e", 4 * 4096);
                assertThat(leased.path()).exists();
            }
            assertThat(has(caches, "a")).isTrue();
            assertThat(has(caches, "b")).isFalse();
            assertThat(has(caches, "e")).isTrue();
            assertThat(stats(caches).evictions()).isPositive();
            assertThat(allocated(dir)).isLessThanOrEqualTo(cap);
        }
    }

    @Test
    void eviction_sparesWhatIsUsedOftenOrCostsMuchToHaveAgain_alsoAfterARestart() throws Exception {
        long cap = EMPTY + 10 * (4 * 4096 + 2 * 4096);
        try (Caches caches = open(cap)) {
            found(caches.getOrLoad(CacheKind.OBJECTS, key("dear"), Retention.PRIVATE, staging -> {
                        clock.advance(Duration.ofMinutes(5));
                        return bytes(4 * 4096).load(staging);
                    }))
                    .close();
            load(caches, "often", 4 * 4096);
            for (int i = 0; i < 200; i++) {
                assertThat(has(caches, "often")).isTrue();
            }
            load(caches, "once", 4 * 4096);
            // written down only after a minute
            clock.advance(Duration.ofMinutes(2));
            assertThat(has(caches, "often")).isTrue();
        }
        try (Caches caches = open(cap)) {
            for (int i = 0; i < 30; i++) {
                clock.advance(Duration.ofSeconds(1));
                load(caches, "n" + i, 4 * 4096);
            }
            assertThat(has(caches, "dear")).isTrue();
            assertThat(has(caches, "often")).isTrue();
            assertThat(has(caches, "once")).isFalse();
        }
    }

    @Test
    void reserve_moreThanCanBeFreed_failsAndEvictsNothing() throws Exception {
        long cap = EMPTY + (100 << 10);
        try (Caches caches = open(cap)) {
            load(caches, "a", 10_000);
            Outcome<CachedFile> outcome =
                    caches.getOrLoad(CacheKind.OBJECTS, key("big"), Retention.PRIVATE, bytes(200 << 10));
            assertThat(failure(outcome).describe()).contains("no room", "cap is " + cap);
            assertThat(has(caches, "a")).isTrue();
            assertThat(has(caches, "big")).as("remembered").isFalse();
            try (CachedFile _ = found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()))) {
                assertThat(failure(caches.getOrLoad(CacheKind.OBJECTS, key("big"), Retention.PRIVATE, bytes(90 << 10))))
                        .isInstanceOf(Unreachable.class);
            }
            load(caches, "big", 90 << 10);
            assertThat(has(caches, "a")).isFalse();
        }
    }

    @Test
    void loaderThatWritesMoreThanItReserved_getsTheRoomOrNothing() throws Exception {
        long cap = EMPTY + (100 << 10);
        try (Caches caches = open(cap)) {
            Loader sloppy = staging -> {
                Files.write(staging.file(), new byte[200 << 10]);
                return Loaded.ok();
            };
            assertThat(failure(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, sloppy)))
                    .isInstanceOf(Unreachable.class);
            assertThat(files(dir)).isEmpty();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
        }
    }

    @Test
    void openHandles_thatNobodyUses_giveTheirFilesBackUnderPressure() throws Exception {
        long cap = EMPTY + (100 << 10);
        try (Caches caches = open(cap)) {
            try (OpenCache<CachedFile> handles = caches.openCache(1 << 30)) {
                OpenCache.Opener<CachedFile> opener =
                        () -> caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, bytes(60 << 10))
                                .map(file -> new OpenCache.Opened<>(file, file.bytes()));
                try (OpenCache.Lease<CachedFile> lease = OpenCacheTest.lease(handles.get(key("a"), opener))) {
                    assertThat(failure(
                                    caches.getOrLoad(CacheKind.OBJECTS, key("b"), Retention.PRIVATE, bytes(60 << 10))))
                            .isInstanceOf(Unreachable.class);
                    assertThat(lease.value().path()).exists();
                }
                load(caches, "b", 60 << 10);
                assertThat(handles.size()).isZero();
            }
        }
    }

    @Test
    void defaultCap_isATenthOfTheFreeDisk_andWhatIsThereCountsIn() throws Exception {
        try (Caches caches = open(0)) {
            long tenth = Files.getFileStore(dir).getUsableSpace() / 10;
            assertThat(caches.capBytes()).isBetween(tenth / 2, tenth * 2);
        }
    }

    // ---- start

    @Test
    void start_withoutAnIndex_findsWholeEntriesAndRemovesTheRest() throws Exception {
        Path entry;
        try (Caches caches = open(ROOMY)) {
            load(caches, "whole", 5000);
            load(caches, "cut", 5000);
            try (CachedFile file = found(caches.getOrLoad(CacheKind.OBJECTS, key("cut"), Retention.PRIVATE, never()))) {
                entry = file.path();
            }
            caches.getOrLoad(CacheKind.OBJECTS, key("miss"), Retention.PRIVATE, failing(new Missing()));
        }
        Files.write(entry, new byte[100]);
        Files.delete(dir.resolve("index/v1/log"));
        Path log = dir.resolve("failures/v1/current");
        Files.write(log, Arrays.copyOf(Files.readAllBytes(log), 40));
        Files.createDirectories(dir.resolve("tmp/sub"));
        Files.write(dir.resolve("tmp/12.part"), new byte[100_000]);
        Files.write(dir.resolve("tmp/sub/x"), new byte[1]);
        Files.write(entry.resolveSibling("stranger"), new byte[1]);
        Files.createDirectories(dir.resolve("objects/v1/zz/00"));
        Files.createSymbolicLink(dir.resolve("objects/v1/link"), dir);
        Files.createSymbolicLink(entry.resolveSibling("00-4"), dir.resolve("lock"));
        try (Caches caches = open(ROOMY)) {
            assertThat(has(caches, "whole")).isTrue();
            assertThat(has(caches, "cut")).isFalse();
            assertThat(has(caches, "miss")).isFalse();
            assertThat(dir.resolve("tmp")).isEmptyDirectory();
            assertThat(files(dir)).hasSize(1);
            assertThat(allocated(dir)).isLessThanOrEqualTo(caches.usedBytes());
            caches.getOrLoad(CacheKind.OBJECTS, key("miss"), Retention.PRIVATE, failing(new Missing()));
        }
        try (Caches caches = open(ROOMY)) {
            assertThat(failure(caches.peek(CacheKind.OBJECTS, key("miss")))).isEqualTo(new Missing());
        }
    }

    @Test
    void start_removesEntriesOfOtherVersions() throws Exception {
        Path old = dir.resolve("tables/v0/aa/bb/rest");
        Files.createDirectories(old.getParent());
        Files.write(old, new byte[10]);
        Path foreign = dir.resolve("lost+found/x");
        Files.createDirectories(foreign.getParent());
        Files.write(foreign, new byte[10]);
        try (Caches caches = open(ROOMY)) {
            assertThat(dir.resolve("tables/v0")).doesNotExist();
            assertThat(foreign).as("not ours").exists();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
        }
    }

    @Test
    void start_withALowerCap_makesRoomBeforeItServes() throws Exception {
        try (Caches caches = open(ROOMY)) {
            for (int i = 0; i < 20; i++) {
                load(caches, "n" + i, 100_000);
            }
        }
        long cap = EMPTY + (500 << 10);
        try (Caches caches = open(cap)) {
            assertThat(caches.usedBytes()).isLessThanOrEqualTo(cap);
            assertThat(allocated(dir)).isLessThanOrEqualTo(cap);
            assertThat(files(dir)).isNotEmpty();
        }
    }

    @Test
    void start_inADirectoryThatIsHeld_isRefused() {
        try (Caches _ = open(ROOMY)) {
            assertThatThrownBy(() -> open(ROOMY))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("in use");
        }
        open(ROOMY).close();
    }

    @Test
    void withoutADirectory_aTemporaryOneServes_andGoesInTheEnd() throws Exception {
        Path path;
        try (Caches caches = new Caches(settings(null, ROOMY), clock)) {
            try (CachedFile file = found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, bytes(1)))) {
                path = file.path();
                assertThat(path).exists();
            }
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void temporaryDirectory_ofAProcessThatWasKilled_isRemovedByTheNextStart() throws Exception {
        Path base = Path.of(System.getProperty("java.io.tmpdir"));
        Path abandoned = Files.createTempDirectory(base, "framewright-cache-");
        Files.createFile(abandoned.resolve("lock"));
        Files.write(abandoned.resolve("entry"), new byte[1]);
        try (Caches first = new Caches(settings(null, ROOMY), clock);
                Caches second = new Caches(settings(null, ROOMY), clock)) {
            assertThat(abandoned).doesNotExist();
            load(first, "a", 1);
            load(second, "a", 1);
        }
    }

    @Test
    void folders_goWithTheirLastEntry() throws Exception {
        try (Caches caches = open(ROOMY)) {
            load(caches, "a", 1);
            clock.advance(Duration.ofDays(2));
            caches.maintain();
            assertThat(dir.resolve("objects/v1")).isEmptyDirectory();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
        }
    }
}
