package framewright.shared;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.Retention;
import framewright.cache.SharedKey;
import framewright.cache.Staging;
import framewright.config.SettingsLoader;
import framewright.fetch.StoreClient.Body;
import framewright.shared.EntryFormat.Verdict;
import framewright.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntryFormatTest {
    private static final SharedKey KEY = new SharedKey(CacheKind.TABLES, Node.key("a"));
    private static final byte[] CONTENT =
            "what was written, more than once, what was written".getBytes(StandardCharsets.UTF_8);

    private final Caches caches = new Caches(
            new SettingsLoader(Map.of())
                    .parse("caches: {max_bytes: 64MiB}")
                    .settings()
                    .caches(),
            new ManualClock());

    @AfterEach
    void close() {
        caches.close();
    }

    private byte[] entry(byte[] content, long purges) throws InterruptedException, IOException {
        Outcome<CachedFile> made = caches.getOrLoad(KEY.kind(), KEY.key(), Retention.PRIVATE, staging -> {
            assertThat(staging.reserve(content.length)).isTrue();
            Files.write(staging.file(), content);
            return Loaded.ok();
        });
        if (made instanceof Found<CachedFile>(CachedFile file)) {
            try (file) {
                Body body = EntryFormat.of(file, KEY, purges);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                body.writeTo(out);
                assertThat(out.size()).isEqualTo((int) body.length());
                return out.toByteArray();
            }
        }
        throw new AssertionError(made);
    }

    @FunctionalInterface
    private interface Check {
        void check(Staging staging) throws IOException;
    }

    /** Somewhere to unpack to. */
    private void staged(Check check) throws InterruptedException {
        Throwable[] failed = new Throwable[1];
        var _ = caches.getOrLoad(CacheKind.OBJECTS, Node.key("staged"), Retention.PRIVATE, staging -> {
            try {
                check.check(staging);
            } catch (AssertionError e) {
                failed[0] = e;
            }
            staging.doNotRemember();
            return Outcome.failed(new Missing());
        });
        if (failed[0] instanceof AssertionError error) {
            throw error;
        }
    }

    private static Verdict read(byte[] entry, Staging staging) throws IOException {
        return EntryFormat.read(new ByteArrayInputStream(entry), KEY, number -> number < 7, staging);
    }

    @Test
    void entry_unpacksToWhatWasWritten() throws Exception {
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        byte[] entry = entry(large, 7);
        staged(staging -> {
            assertThat(read(entry, staging)).isEqualTo(Verdict.WHOLE);
            assertThat(Files.readAllBytes(staging.file())).isEqualTo(large);
        });
    }

    /** Some bits of the head of a zstd frame mean nothing for what it unpacks to. */
    @Test
    void anyByteTurnedRound_isDamage_orChangesNothing() throws Exception {
        byte[] sound = entry(CONTENT, 7);
        staged(staging -> {
            int harmless = 0;
            for (int at = 0; at < sound.length; at++) {
                byte[] damaged = sound.clone();
                damaged[at] ^= 0x55;
                Verdict verdict = read(damaged, staging);
                if (verdict == Verdict.WHOLE) {
                    assertThat(Files.readAllBytes(staging.file()))
                            .as("byte %d", at)
                            .isEqualTo(CONTENT);
                    harmless++;
                } else {
                    assertThat(verdict).as("byte %d", at).isEqualTo(Verdict.DAMAGED);
                }
            }
            assertThat(harmless).isLessThan(3);
        });
    }

    @Test
    void anyEnding_thatIsCutOff_isDamage() throws Exception {
        byte[] sound = entry(CONTENT, 7);
        staged(staging -> {
            for (int length = 0; length < sound.length; length++) {
                assertThat(read(Arrays.copyOf(sound, length), staging))
                        .as("cut to %d", length)
                        .isEqualTo(Verdict.DAMAGED);
            }
        });
    }

    @Test
    void frameOfMoreThanTheHeadSays_isDamage_andWritesNoMoreThanThat() throws Exception {
        byte[] lying = entry(new byte[10_000_000], 7);
        byte[] small = entryOf(1_000_000);
        int head = head(small);
        byte[] bomb = Arrays.copyOf(small, head + lying.length - head(lying));
        System.arraycopy(lying, head(lying), bomb, head, lying.length - head(lying));
        staged(staging -> {
            assertThat(read(bomb, staging)).isEqualTo(Verdict.DAMAGED);
            assertThat(Files.size(staging.file())).isLessThanOrEqualTo(1_000_000);
        });
    }

    private byte[] entryOf(int bytes) throws InterruptedException, IOException {
        caches.discard(KEY.kind(), KEY.key());
        return entry(new byte[bytes], 7);
    }

    /** Where the frame begins. */
    private static int head(byte[] entry) {
        return 16 + ByteBuffer.wrap(entry).getInt(8);
    }

    @Test
    void entryOfBeforeAPurge_isRevoked_andOfAnotherKey_damaged() throws Exception {
        byte[] old = entry(CONTENT, 6);
        staged(staging -> {
            assertThat(read(old, staging)).isEqualTo(Verdict.REVOKED);
            SharedKey other = new SharedKey(CacheKind.TABLES, Node.key("b"));
            assertThat(EntryFormat.read(new ByteArrayInputStream(old), other, number -> false, staging))
                    .isEqualTo(Verdict.DAMAGED);
            SharedKey otherKind = new SharedKey(CacheKind.OBJECTS, Node.key("a"));
            assertThat(EntryFormat.read(new ByteArrayInputStream(old), otherKind, number -> false, staging))
                    .isEqualTo(Verdict.DAMAGED);
        });
    }

    @Test
    void entryThatSaysItIsLargerThanTheCache_hasNoRoom() throws Exception {
        byte[] large = "kind: tables/v%d\nbytes: 99999999999\npurges: 7\n\n%s"
                .formatted(CacheKind.TABLES.version(), Node.key("a").text())
                .getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(large);
        byte[] entry = ByteBuffer.allocate(16 + large.length)
                .put("FWSHARE1".getBytes(StandardCharsets.UTF_8))
                .putInt(large.length)
                .putInt((int) crc.getValue())
                .put(large)
                .array();
        staged(staging -> assertThat(read(entry, staging)).isEqualTo(Verdict.NO_ROOM));
    }
}
