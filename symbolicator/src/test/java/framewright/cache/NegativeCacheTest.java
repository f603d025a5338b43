package framewright.cache;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NegativeCacheTest {
    private static final long ROOMY = 1 << 20;

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();

    private NegativeCache open(long bytes) throws IOException {
        return new NegativeCache(dir, bytes, CacheFixture.settings(dir, 0), clock);
    }

    private static CacheId id(int number) {
        return new CacheId(CacheKind.OBJECTS, Digest.of("n" + number));
    }

    private NegativeEntry entry(int number, Failure failure) {
        return new NegativeEntry(id(number), failure, clock.instant(), Retention.PRIVATE);
    }

    private static long bytes(Path dir) throws IOException {
        long sum = 0;
        for (String name : List.of("current", "previous")) {
            sum += Files.exists(dir.resolve(name)) ? Files.size(dir.resolve(name)) : 0;
        }
        return sum;
    }

    @Test
    void everyKindOfFailure_isReadBackByTheNextStart() throws Exception {
        List<Failure> failures = List.of(
                new Missing(),
                new Denied("403 Forbidden"),
                new TimedOut(Duration.ofMillis(200)),
                new Unreachable("two\nlines \u20ac \ud83d\ude00"),
                new Unsupported(""));
        try (NegativeCache cache = open(ROOMY)) {
            for (int i = 0; i < failures.size(); i++) {
                cache.put(entry(i, failures.get(i)));
            }
        }
        try (NegativeCache cache = open(ROOMY)) {
            for (int i = 0; i < failures.size(); i++) {
                assertThat(cache.find(id(i))).isEqualTo(entry(i, failures.get(i)));
            }
            assertThat(cache.count(CacheKind.OBJECTS)).isEqualTo(failures.size());
            assertThat(cache.count(CacheKind.TABLES)).isZero();
        }
    }

    @Test
    void log_staysWithinItsSize_andKeepsTheNewest() throws Exception {
        long limit = 8192;
        try (NegativeCache cache = open(limit)) {
            for (int i = 0; i < 1000; i++) {
                cache.put(entry(i, new Missing()));
                assertThat(bytes(dir)).isLessThanOrEqualTo(limit);
                assertThat(cache.find(id(i))).isNotNull();
            }
            assertThat(cache.count(CacheKind.OBJECTS)).isBetween(30L, 100L);
            assertThat(cache.find(id(0))).isNull();
        }
        try (NegativeCache cache = open(limit)) {
            assertThat(cache.find(id(999))).isNotNull();
            assertThat(cache.count(CacheKind.OBJECTS)).isBetween(30L, 100L);
        }
        try (NegativeCache cache = open(limit / 4)) {
            assertThat(bytes(dir)).as("a lower cap").isLessThanOrEqualTo(limit / 4);
            cache.put(entry(1, new Missing()));
            assertThat(cache.find(id(1))).isNotNull();
        }
    }

    @Test
    void log_cutOffAnywhere_givesItsWholeEntries_andGoesOnFromThere() throws Exception {
        List<Long> ends = new ArrayList<>();
        try (NegativeCache cache = open(ROOMY)) {
            for (int i = 0; i < 3; i++) {
                cache.put(entry(i, new Unreachable("details " + i)));
                ends.add(bytes(dir));
            }
        }
        byte[] whole = Files.readAllBytes(dir.resolve("current"));
        for (int length = 0; length <= whole.length; length++) {
            int cut = length;
            Files.write(dir.resolve("current"), Arrays.copyOf(whole, length));
            try (NegativeCache cache = open(ROOMY)) {
                long kept = ends.stream().filter(end -> end <= cut).count();
                assertThat(cache.count(CacheKind.OBJECTS)).isEqualTo(kept);
                cache.put(entry(9, new Missing()));
            }
            try (NegativeCache cache = open(ROOMY)) {
                assertThat(cache.find(id(9))).isNotNull();
            }
        }
    }

    @Test
    void log_damagedAnywhere_neverGivesAnEntryThatWasNotWritten() throws Exception {
        try (NegativeCache cache = open(ROOMY)) {
            for (int i = 0; i < 3; i++) {
                cache.put(entry(i, new Unreachable("details")));
            }
        }
        byte[] whole = Files.readAllBytes(dir.resolve("current"));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x41;
            Files.write(dir.resolve("current"), damaged);
            try (NegativeCache cache = open(ROOMY)) {
                long known = 0;
                for (int i = 0; i < 3; i++) {
                    NegativeEntry entry = cache.find(id(i));
                    assertThat(entry == null || entry.equals(entry(i, new Unreachable("details"))))
                            .isTrue();
                    known += entry == null ? 0 : 1;
                }
                assertThat(cache.count(CacheKind.OBJECTS)).isEqualTo(known).isLessThan(3);
            }
        }
    }

    @Property
    void parse_ofFormat_givesTheEntryBack(@ForAll String details, @ForAll boolean everyone, @ForAll long number) {
        Retention retention = everyone ? Retention.PUBLIC : Retention.PRIVATE;
        String kept = withoutHalves(details.substring(0, Math.min(details.length(), 1000)));
        CacheId id = new CacheId(CacheKind.TABLES, new Digest(number, ~number, number * 31, 7));
        Instant when = Instant.ofEpochMilli(number % (1L << 42));
        byte[] bytes = new NegativeEntry(id, new Malformed(details), when, retention).format();
        assertThat(bytes.length).isLessThan(8192);
        assertThat(NegativeEntry.parse(ByteBuffer.wrap(bytes)))
                .isEqualTo(new NegativeEntry(id, new Malformed(kept), when, retention));
    }

    /** Halves of characters outside the first plane become question marks. */
    private static String withoutHalves(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Property
    void parse_ofAnyBytes_neverThrows(@ForAll byte[] bytes) {
        NegativeEntry entry = NegativeEntry.parse(ByteBuffer.wrap(bytes));
        assertThat(entry == null || entry.format().length > 0).isTrue();
    }
}
