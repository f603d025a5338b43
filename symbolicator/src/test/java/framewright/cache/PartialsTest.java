package framewright.cache;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.testkit.ManualClock;
import framewright.testkit.TestDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialsTest {
    private static final long CAP = 4 << 20;
    private static final CacheKey KEY = CacheFixture.key("large");

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();

    private Caches open(Path path) {
        return new Caches(CacheFixture.settings(path, CAP), clock);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Leaves so many bytes with a note. */
    private static Loader leaving(int count, String note) {
        return staging -> {
            assertThat(staging.reserve(count)).isTrue();
            Files.write(staging.file(), bytes(count));
            assertThat(staging.keepPartial(count, note)).isTrue();
            return Outcome.failed(new Unreachable("cut"));
        };
    }

    /** What a load of the key finds: the note and the bytes; null where there is no note. */
    @SuppressWarnings("ArrayRecordComponent") // taken apart, not compared
    private record Left(@Nullable String note, byte[] bytes) {}

    private static Left left(Caches caches, CacheKind kind, CacheKey key) throws InterruptedException {
        AtomicReference<Left> left = new AtomicReference<>();
        caches.getOrLoad(kind, key, Retention.PRIVATE, staging -> {
            String note = staging.takePartial();
            left.set(new Left(note, note == null ? new byte[0] : Files.readAllBytes(staging.file())));
            staging.doNotRemember();
            return Outcome.failed(new Unreachable("only looked"));
        });
        return Objects.requireNonNull(left.get());
    }

    private static void leave(Caches caches, CacheKey key, int count, String note) throws InterruptedException {
        caches.getOrLoad(CacheKind.OBJECTS, key, Retention.PRIVATE, staging -> {
            staging.doNotRemember();
            return leaving(count, note).load(staging);
        });
    }

    @Test
    void partThatWasKept_isThereForTheNextLoad_once_andCountsMeanwhile() throws Exception {
        try (Caches caches = open(dir)) {
            long empty = caches.usedBytes();
            leave(caches, KEY, 100_000, "note \u00e4");
            assertThat(caches.usedBytes()).isBetween(empty + 100_000, empty + 120_000);
            assertThat(left(caches, CacheKind.OBJECTS, CacheFixture.key("other"))
                            .note())
                    .isNull();
            Left left = left(caches, CacheKind.OBJECTS, KEY);
            assertThat(left.note()).isEqualTo("note \u00e4");
            assertThat(left.bytes()).isEqualTo(bytes(100_000));
            assertThat(left(caches, CacheKind.OBJECTS, KEY).note()).isNull();
            assertThat(caches.usedBytes()).isEqualTo(empty);
        }
    }

    @Test
    void partThatWasTaken_becomesTheEntry_withinTheRoomThatItHad() throws Exception {
        try (Caches caches = open(dir)) {
            leave(caches, KEY, 1_000_000, "note");
            try (CachedFile file =
                    CacheFixture.found(caches.getOrLoad(CacheKind.OBJECTS, KEY, Retention.PRIVATE, staging -> {
                        assertThat(staging.takePartial()).isEqualTo("note");
                        assertThat(staging.reserved()).isGreaterThanOrEqualTo(1_000_000);
                        assertThat(staging.reserve(1_500_000)).isTrue();
                        Files.write(staging.file(), bytes(500_000), StandardOpenOption.APPEND);
                        return Loaded.ok();
                    }))) {
                assertThat(Files.size(file.path())).isEqualTo(1_500_000);
            }
            assertThat(caches.usedBytes()).isBetween(CacheFixture.empty(CAP), CAP);
        }
    }

    @Test
    void partThatWasKept_outlivesTheProcess_andOneThatIsDamagedIsNone() throws Exception {
        try (Caches caches = open(dir)) {
            leave(caches, KEY, 100_000, "note");
            leave(caches, CacheFixture.key("damaged"), 100_001, "note");
        }
        try (Stream<Path> files = Files.walk(dir.resolve("partials"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) == 100_001 + 4 + 8) {
                    Files.write(file, new byte[100_013]);
                }
            }
        }
        try (Caches caches = open(dir)) {
            assertThat(left(caches, CacheKind.OBJECTS, KEY).bytes()).isEqualTo(bytes(100_000));
            assertThat(left(caches, CacheKind.OBJECTS, CacheFixture.key("damaged"))
                            .note())
                    .isNull();
        }
    }

    // ---- a process that is killed

    /** What lies on the disk when the process is killed in the middle of a load. */
    private Path killed() throws Exception {
        Path disk = dir.resolve("killed");
        try (Caches caches = open(dir.resolve("running"))) {
            caches.getOrLoad(CacheKind.OBJECTS, KEY, Retention.PRIVATE, staging -> {
                assertThat(staging.reserve(300_000)).isTrue();
                Files.write(staging.file(), bytes(100_000));
                staging.checkpoint(50_000, "early");
                staging.checkpoint(90_000, "note");
                TestDisk.copy(dir.resolve("running"), disk);
                return Outcome.failed(new Unreachable("killed"));
            });
            try (Stream<Path> left = Files.list(dir.resolve("running").resolve("tmp"))) {
                assertThat(left).as("of a load that merely failed").isEmpty();
            }
        }
        return disk;
    }

    @Test
    void loadOfAProcessThatWasKilled_isThereUpToItsLastCheckpoint() throws Exception {
        try (Caches caches = open(killed())) {
            assertThat(caches.stats().get(CacheKind.PARTIALS))
                    .isNotNull()
                    .extracting(CacheStats::files)
                    .isEqualTo(1L);
            Left left = left(caches, CacheKind.OBJECTS, KEY);
            assertThat(left.note()).isEqualTo("note");
            assertThat(left.bytes()).isEqualTo(bytes(90_000));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "\n\n\n",
                "zz\n10\nnote",
                "%s\n-1\nnote",
                "%s\n99999999\nn",
                "%s\n99999999999999999999\nnote",
                "%s\n10",
                "%s\n10\nnote\nmore"
            })
    void checkpointThatIsDamaged_isNone(String text) throws Exception {
        Path disk = killed();
        try (Stream<Path> files = Files.list(disk.resolve("tmp"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("checkpoint")).toList()) {
                Files.write(file, text.formatted(KEY.digest()).getBytes(StandardCharsets.UTF_8));
            }
        }
        try (Caches caches = open(disk)) {
            assertThat(left(caches, CacheKind.OBJECTS, KEY).note()).isNull();
        }
        try (Stream<Path> files = Files.list(disk.resolve("tmp"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void partThatNobodyTook_goesWithItsAge() throws Exception {
        try (Caches caches = open(dir)) {
            leave(caches, KEY, 100_000, "note");
            clock.advance(Duration.ofDays(2));
            assertThat(left(caches, CacheKind.OBJECTS, KEY).note()).isNull();
            caches.maintain();
            assertThat(caches.usedBytes()).isEqualTo(CacheFixture.empty(CAP));
        }
    }

    @Test
    void partsThatWereKept_makeRoomForOthers() throws Exception {
        try (Caches caches = open(dir)) {
            for (String name : List.of("a", "b", "c")) {
                leave(caches, CacheFixture.key(name), 1_200_000, name);
            }
            // three do not fit beside a fourth file of that size
            try (CachedFile _ = CacheFixture.found(
                    caches.getOrLoad(CacheKind.OBJECTS, KEY, Retention.PRIVATE, CacheFixture.bytes(1_500_000)))) {
                assertThat(caches.usedBytes()).isLessThanOrEqualTo(CAP);
                assertThat(Objects.requireNonNull(caches.stats().get(CacheKind.PARTIALS))
                                .files())
                        .isLessThan(3);
            }
        }
    }
}
