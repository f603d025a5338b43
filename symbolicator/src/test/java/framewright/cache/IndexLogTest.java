package framewright.cache;

import static framewright.cache.CacheFixture.EMPTY;
import static framewright.cache.CacheFixture.allocated;
import static framewright.cache.CacheFixture.has;
import static framewright.cache.CacheFixture.key;
import static framewright.cache.CacheFixture.load;
import static framewright.cache.CacheFixture.never;
import static framewright.cache.CacheFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.testkit.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start knows without looking through the folders, and when it looks all the same. */
@Timeout(60)
class IndexLogTest {
    private static final long ROOMY = EMPTY + (1 << 20);
    private static final int ENTRIES = 5;

    @TempDir
    private Path dir;

    private final ManualClock clock = new ManualClock();

    private Caches open() {
        return new Caches(settings(dir, ROOMY), clock);
    }

    private Path log() {
        return dir.resolve("index/v1/log");
    }

    /** A file that takes no room, and goes when the folders are looked through. */
    private Path stranger() throws IOException {
        Path stranger = dir.resolve("objects/v1/stranger");
        if (!Files.exists(stranger)) {
            Files.createFile(stranger);
        }
        return stranger;
    }

    private void fill() throws Exception {
        try (Caches caches = open()) {
            for (int i = 0; i < ENTRIES; i++) {
                load(caches, "n" + i, 3000 * i);
            }
        }
    }

    private void assertAllThere(String what) {
        try (Caches caches = open()) {
            assertThat(allocated(dir)).as(what).isLessThanOrEqualTo(caches.usedBytes());
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(has(caches, "n" + i)).as(what).isTrue();
            }
        }
    }

    @Test
    void start_afterAnOrderlyEnd_looksThroughNoFolder() throws Exception {
        fill();
        Path stranger = stranger();
        assertAllThere("with its index");
        assertThat(stranger).exists();
    }

    @Test
    void start_withoutAnIndex_looksThroughTheFolders() throws Exception {
        fill();
        Path stranger = stranger();
        Files.delete(log());
        assertAllThere("without an index");
        assertThat(stranger).doesNotExist();
    }

    @Test
    void index_knowsWhatWentAndWhatWasUsed() throws Exception {
        fill();
        clock.advance(Duration.ofHours(20));
        try (Caches caches = open()) {
            assertThat(has(caches, "n1")).isTrue();
        }
        clock.advance(Duration.ofHours(20));
        Path stranger = stranger();
        try (Caches caches = open()) {
            assertThat(has(caches, "n1")).isTrue();
            assertThat(has(caches, "n2")).isFalse();
        }
        try (Caches caches = open()) {
            assertThat(has(caches, "n1")).isTrue();
            assertThat(CacheFixture.files(dir)).hasSize(2).contains(stranger);
        }
    }

    @Test
    void log_cutOffAtAnyByte_losesNothing() throws Exception {
        fill();
        byte[] whole = Files.readAllBytes(log());
        assertThat(whole).hasSize(IndexLog.ROW * (1 + 2 * ENTRIES - ENTRIES));
        for (int length = 0; length < whole.length; length++) {
            Path stranger = stranger();
            Files.write(log(), Arrays.copyOf(whole, length));
            assertAllThere("cut off after " + length);
            assertThat(stranger).as("cut off after " + length).doesNotExist();
        }
    }

    @Test
    void log_withAnyByteChanged_losesNothing() throws Exception {
        fill();
        byte[] whole = Files.readAllBytes(log());
        Random random = new Random(1);
        for (int at = 0; at < whole.length; at++) {
            Path stranger = stranger();
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(log(), damaged);
            assertAllThere("changed at " + at);
            assertThat(stranger).as("changed at " + at).doesNotExist();
        }
    }

    @Test
    void log_thatWasNotClosed_isTrustedByTheSameBootAlone() throws Exception {
        fill();
        byte[] whole = Files.readAllBytes(log());
        Path stranger = stranger();
        // a record that a kill has cut off
        Files.write(log(), Arrays.copyOf(head(whole, 1, 0), whole.length + 13));
        assertAllThere("killed");
        assertThat(stranger).exists();
        Files.write(log(), head(whole, 2, 1));
        assertAllThere("closed before a boot");
        assertThat(stranger).exists();
        Files.write(log(), head(whole, 1, 1));
        assertAllThere("cut off by a boot");
        assertThat(stranger).doesNotExist();
    }

    /** With the state of the log, 1 for open and 2 for closed, and another boot. */
    private static byte[] head(byte[] log, int state, int bootChange) {
        byte[] changed = log.clone();
        ByteBuffer head = ByteBuffer.wrap(changed);
        head.putInt(8, state);
        head.putLong(16, head.getLong(16) + bootChange);
        CRC32 crc = new CRC32();
        crc.update(changed, 0, IndexLog.ROW - 4);
        head.putInt(IndexLog.ROW - 4, (int) crc.getValue());
        return changed;
    }

    @Test
    void fileThatSomeoneRemoved_isMissedAtItsFirstUse() throws Exception {
        Path file;
        try (Caches caches = open()) {
            load(caches, "a", 5000);
            try (CachedFile cached =
                    CacheFixture.found(caches.getOrLoad(CacheKind.OBJECTS, key("a"), Retention.PRIVATE, never()))) {
                file = cached.path();
            }
        }
        Files.delete(file);
        try (Caches caches = open()) {
            assertThat(has(caches, "a")).isFalse();
            assertThat(caches.usedBytes()).isEqualTo(EMPTY);
            load(caches, "a", 5000);
            assertThat(has(caches, "a")).isTrue();
        }
    }

    @Test
    void moreEntriesThanTheIndexHasRoomFor_areFoundByLookingThroughTheFolders() throws Exception {
        long cap = EMPTY + 1200 * DiskBudget.BLOCK;
        int many = (int) (DiskCache.indexBytes(cap) / 4 / IndexLog.ROW + 10);
        try (Caches caches = new Caches(settings(dir, cap), clock)) {
            for (int i = 0; i < many; i++) {
                load(caches, "n" + i, 1);
            }
        }
        for (int start = 0; start < 2; start++) {
            try (Caches caches = new Caches(settings(dir, cap), clock)) {
                assertThat(log()).doesNotExist();
                for (int i = 0; i < many; i++) {
                    assertThat(has(caches, "n" + i)).isTrue();
                }
            }
        }
    }

    @Test
    void manyChanges_keepTheLogWithinItsRoom() throws Exception {
        long cap = EMPTY + 40 * DiskBudget.BLOCK;
        try (Caches caches = new Caches(settings(dir, cap), clock)) {
            for (int i = 0; i < 1200; i++) {
                load(caches, "n" + i % 50, 4 * (int) DiskBudget.BLOCK);
                if (i % 50 == 0) {
                    assertThat(Files.size(log())).isLessThanOrEqualTo(DiskCache.indexBytes(cap) / 2);
                }
            }
            assertThat(caches.stats().get(CacheKind.OBJECTS))
                    .matches(stats -> stats.evictions() > 2 * DiskCache.indexBytes(cap) / 2 / IndexLog.ROW);
        }
    }

    @Test
    void processKilledAtAnyMoment_leavesAnIndexThatIsTrue() throws Exception {
        long cap = EMPTY + 100 * DiskBudget.BLOCK;
        Random random = new Random(5);
        for (int round = 0; round < 6; round++) {
            killAfter(1 + random.nextInt(150), cap, round);
            Path stranger = stranger();
            int found = 0;
            try (Caches caches = new Caches(settings(dir, cap), clock)) {
                assertThat(stranger).as("no folder was looked through").exists();
                assertThat(allocated(dir)).isLessThanOrEqualTo(caches.usedBytes());
                assertThat(caches.usedBytes()).isLessThanOrEqualTo(cap);
                long files = caches.stats().values().stream()
                        .mapToLong(CacheStats::files)
                        .sum();
                assertThat(CacheFixture.files(dir)).hasSize((int) files + 1);
                for (int name = 0; name < CacheWriter.NAMES; name++) {
                    Outcome<CachedFile> known = caches.peek(CacheKind.OBJECTS, key("k" + name));
                    if (known instanceof Found<CachedFile>(CachedFile file)) {
                        try (file) {
                            assertThat(file.path()).hasBinaryContent(CacheWriter.content(name));
                            found++;
                        }
                    }
                }
            }
            assertThat(found).isPositive();
        }
    }

    private void killAfter(int steps, long cap, int seed) throws Exception {
        Process writer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CacheWriter.class.getName(),
                        dir.toString(),
                        String.valueOf(cap),
                        String.valueOf(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader()) {
            for (int i = 0; i < steps; i++) {
                assertThat(out.readLine()).isEqualTo("step");
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }
}
