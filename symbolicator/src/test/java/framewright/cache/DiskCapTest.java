package framewright.cache;

import static framewright.cache.CacheFixture.EMPTY;
import static framewright.cache.CacheFixture.allocated;
import static framewright.cache.CacheFixture.key;
import static framewright.cache.CacheFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.config.CacheSettings;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cap holds at every moment, under any operations. */
class DiskCapTest {
    private static final CacheKind[] KINDS = {CacheKind.OBJECTS, CacheKind.TABLES, CacheKind.SOURCE_FILES};

    @TempDir
    Path dir;

    /** One step: what it does, to which of a few keys, with how many blocks. */
    record Step(int action, int key, int blocks) {}

    /** What the cache may hold, as simply as can be: the length that was last written under each key. */
    private static final class Model {
        private final Map<String, Long> written = new HashMap<>();
        private final Map<String, CachedFile> leased = new HashMap<>();
    }

    @Property(tries = 60)
    void anySteps_keepTheCap_andServeWhatWasWritten(@ForAll @Size(min = 1, max = 60) List<@From("steps") Step> steps)
            throws Exception {
        Path root = Files.createTempDirectory("cap");
        long cap = EMPTY + 64 * DiskBudget.BLOCK;
        ManualClock clock = new ManualClock();
        Model model = new Model();
        Caches caches = new Caches(settings(root, cap), clock);
        try {
            for (Step step : steps) {
                if (step.action == 5) {
                    model.leased.values().forEach(CachedFile::close);
                    model.leased.clear();
                    caches.close();
                    caches = new Caches(settings(root, cap), clock);
                } else {
                    step(caches, clock, model, step);
                }
                assertThat(allocated(root)).isLessThanOrEqualTo(caches.usedBytes());
                assertThat(caches.usedBytes()).isLessThanOrEqualTo(cap);
                for (CachedFile file : model.leased.values()) {
                    assertThat(file.path()).exists();
                }
            }
        } finally {
            model.leased.values().forEach(CachedFile::close);
            caches.close();
            CacheFolder.deleteTree(root);
        }
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.integers().between(0, 30))
                .as(Step::new);
    }

    private static void step(Caches caches, ManualClock clock, Model model, Step step) throws Exception {
        CacheKind kind = KINDS[step.key % KINDS.length];
        String name = "k" + step.key;
        long size = step.blocks * DiskBudget.BLOCK - step.key;
        switch (step.action) {
            case 0 -> {
                Map<CacheKind, CacheStats> stats = caches.stats();
                Outcome<CachedFile> outcome = caches.getOrLoad(
                        kind, key(name), Retention.PRIVATE, staging -> write(model, name, Math.max(0, size), staging));
                assertOthersKeepTheirShare(kind, stats, caches);
                if (outcome instanceof Found<CachedFile>(CachedFile file)) {
                    assertThat(file.bytes()).isEqualTo(model.written.get(name));
                    assertThat(Files.size(file.path())).isEqualTo(file.bytes());
                    CachedFile before = model.leased.put(name, file);
                    if (before != null) {
                        before.close();
                    }
                }
            }
            case 1 -> {
                CachedFile leased = model.leased.remove(name);
                if (leased != null) {
                    leased.close();
                }
            }
            case 2 ->
                caches.getOrLoad(kind, key("miss" + step.key), Retention.PUBLIC, staging -> {
                    staging.reserve(size);
                    return Outcome.failed(new Missing());
                });
            case 3 -> clock.advance(Duration.ofHours(step.blocks));
            default -> caches.maintain();
        }
    }

    private static void assertOthersKeepTheirShare(CacheKind kind, Map<CacheKind, CacheStats> before, Caches caches) {
        long share = caches.capBytes() / 100 * CacheSettings.DEFAULT_MIN_SHARE;
        caches.stats().forEach((other, after) -> {
            CacheStats was = before.get(other);
            if (other != kind && was != null && was.bytes() <= share) {
                assertThat(after.bytes()).as("%s kept", other).isEqualTo(was.bytes());
            }
        });
    }

    private static Outcome<Loaded> write(Model model, String name, long size, Staging staging) throws IOException {
        if (!staging.reserve(size)) {
            return staging.noRoom();
        }
        Files.write(staging.file(), new byte[Math.toIntExact(size)]);
        model.written.put(name, size);
        return Loaded.ok();
    }

    @Test
    void used_isNeverBelowWhatDuSays() throws Exception {
        long cap = EMPTY + 300 * DiskBudget.BLOCK;
        Random random = new Random(7);
        try (Caches caches = new Caches(settings(dir, cap), new ManualClock())) {
            for (int i = 0; i < 200; i++) {
                CacheFixture.load(caches, "n" + i, random.nextInt(40_000));
                if (i % 20 == 0) {
                    assertThat(du()).isPositive().isLessThanOrEqualTo(caches.usedBytes());
                }
            }
            assertThat(du()).isLessThanOrEqualTo(caches.usedBytes());
            assertThat(caches.usedBytes()).isBetween(cap / 2, cap);
        }
    }

    /** Blocks that the file system has given to the folder, by a program that has nothing of ours. */
    private long du() throws Exception {
        Process du = new ProcessBuilder("du", "-s", "-B1", dir.toString()).start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(du.waitFor()).isZero();
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }

    @Test
    void kindWithinItsShare_isNotEvictedByAnother_whichMayFillTheRest() throws Exception {
        long cap = EMPTY + 1000 * DiskBudget.BLOCK;
        long share = cap / 100 * CacheSettings.DEFAULT_MIN_SHARE;
        int table = (int) (share / 10 / DiskBudget.BLOCK * DiskBudget.BLOCK);
        ManualClock clock = new ManualClock();
        try (Caches caches = new Caches(settings(dir, cap), clock)) {
            for (int i = 0; i < 10; i++) {
                CacheFixture.found(caches.getOrLoad(
                                CacheKind.TABLES, key("t" + i), Retention.PRIVATE, CacheFixture.bytes(table)))
                        .close();
            }
            clock.advance(Duration.ofHours(1));
            for (int i = 0; i < 300; i++) {
                CacheFixture.load(caches, "o" + i, 10 * (int) DiskBudget.BLOCK);
            }
            CacheStats tables = Objects.requireNonNull(caches.stats().get(CacheKind.TABLES));
            assertThat(tables.files()).isEqualTo(10);
            assertThat(tables.evictions()).isZero();
            assertThat(caches.usedBytes()).as("no ceiling").isGreaterThan(cap - 20 * DiskBudget.BLOCK);
        }
    }

    @Test
    void kindAboveItsShare_makesRoomForAnother() throws Exception {
        long cap = EMPTY + 200 * DiskBudget.BLOCK;
        try (Caches caches = new Caches(settings(dir, cap), new ManualClock())) {
            for (int i = 0; i < 100; i++) {
                CacheFixture.load(caches, "o" + i, 4 * (int) DiskBudget.BLOCK);
            }
            for (int i = 0; i < 10; i++) {
                CacheFixture.found(caches.getOrLoad(
                                CacheKind.TABLES,
                                key("t" + i),
                                Retention.PRIVATE,
                                CacheFixture.bytes(4 * (int) DiskBudget.BLOCK)))
                        .close();
            }
        }
    }

    @Test
    void allShares_fitBelowTheCap() {
        assertThat(CacheKind.values().length * CacheSettings.MAX_MIN_SHARE).isLessThan(100);
    }

    @Test
    void severalThreads_keepTheCapAtEveryMoment() throws Exception {
        long cap = EMPTY + 200 * DiskBudget.BLOCK;
        ManualClock clock = new ManualClock();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong most = new AtomicLong();
        CountDownLatch watching = new CountDownLatch(1);
        try (Caches caches = new Caches(settings(dir, cap), clock);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> watcher = threads.submit(() -> {
                watching.countDown();
                while (!done.get()) {
                    most.accumulateAndGet(allocated(dir), Math::max);
                    assertThat(caches.usedBytes()).isLessThanOrEqualTo(cap);
                }
            });
            watching.await();
            List<Future<?>> workers = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                Random random = new Random(worker);
                workers.add(threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        work(caches, clock, random);
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
            done.set(true);
            watcher.get();
            assertThat(allocated(dir)).isLessThanOrEqualTo(caches.usedBytes());
            long entries = caches.stats().values().stream()
                    .mapToLong(CacheStats::bytes)
                    .sum();
            assertThat(entries).isPositive().isLessThanOrEqualTo(cap);
        }
        // a walk that runs beside writers may see a file before and after its renaming, hence one file more
        assertThat(most.get()).isPositive().isLessThanOrEqualTo(cap + 40 * DiskBudget.BLOCK);
        assertThat(CacheFixture.files(dir).stream().filter(file -> file.startsWith(dir.resolve("tmp"))))
                .isEmpty();
    }

    private static void work(Caches caches, ManualClock clock, Random random) throws InterruptedException {
        CacheKind kind = KINDS[random.nextInt(KINDS.length)];
        String name = "k" + random.nextInt(60);
        int size = random.nextInt(30 * 4096);
        clock.advance(Duration.ofSeconds(1));
        Outcome<CachedFile> outcome = caches.getOrLoad(kind, key(name), Retention.PRIVATE, staging -> {
            if (random.nextInt(5) == 0) {
                return Outcome.failed(new Missing());
            }
            for (int reserved = 1; reserved < size; reserved *= 4) {
                if (!staging.reserve(reserved)) {
                    return staging.noRoom();
                }
            }
            if (!staging.reserve(size)) {
                return staging.noRoom();
            }
            Files.write(staging.file(), new byte[size]);
            return Loaded.ok();
        });
        if (outcome instanceof Found<CachedFile>(CachedFile file)) {
            try (file) {
                if (Files.size(file.path()) != file.bytes()) {
                    throw new AssertionError("a cut-off file was served");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
