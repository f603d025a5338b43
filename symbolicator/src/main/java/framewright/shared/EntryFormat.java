package framewright.shared;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import framewright.cache.CachedFile;
import framewright.cache.SharedKey;
import framewright.cache.Staging;
import framewright.fetch.StoreClient.Body;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An entry as an object of the store: eight bytes of magic and version, the length of the head and its CRC-32C (both
 * big-endian, 32 bits), the head, and the file as one zstd frame with its own checksum.
 *
 * <p>The head is text: {@code kind: objects/v1}, {@code bytes: <of the file>}, {@code purges: <number>}, an empty line,
 * and the key. The number is that of the last purge that its node knew of when it began to make the entry; an entry is
 * no good any more once a later purge means its key.
 *
 * <p>Another version of this format gets another magic, and is a miss for those who do not know it.
 */
final class EntryFormat {
    private static final byte[] MAGIC = "FWSHARE1".getBytes(StandardCharsets.US_ASCII);

    /** Keys are addresses; a longer head is none. */
    private static final int MAX_HEAD = 64 << 10;

    /** Half a gigabyte a second, a third of the size: the link is slower. */
    private static final int LEVEL = 1;

    private static final int BUFFER = 256 << 10;

    /** What became of reading an entry. */
    enum Verdict {
        WHOLE,
        /** Not what was written, or something else than what was asked for. */
        DAMAGED,
        REVOKED,
        /** The local cache has no room for it. */
        NO_ROOM
    }

    private EntryFormat() {}

    // ---- writing

    /**
     * An entry as it is written. The file is compressed twice, once to know the length, so that no room on the disk is
     * needed for what is on its way.
     *
     * @param file stays open while the body is used
     */
    static Body of(CachedFile file, SharedKey key, long purges) throws IOException {
        byte[] head = ("kind: " + key.format() + "\nbytes: " + file.bytes() + "\npurges: " + purges + "\n\n"
                        + key.key().text())
                .getBytes(StandardCharsets.UTF_8);
        Counter counter = new Counter();
        write(file.path(), head, counter);
        return new Body() {
            @Override
            public long length() {
                return counter.bytes;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                write(file.path(), head, out);
            }
        };
    }

    private static void write(Path file, byte[] head, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to, BUFFER));
        out.write(MAGIC);
        out.writeInt(head.length);
        out.writeInt(crc(head));
        out.write(head);
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(new Unclosed(out), LEVEL)) {
            zstd.setChecksum(true);
            Files.copy(file, zstd);
        }
        out.flush();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** The stream around it belongs to the store. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] written, int from, int count) {
            bytes += count;
        }
    }

    // ---- reading

    /**
     * Unpacks an entry into {@link Staging#file()}.
     *
     * @param revoked whether a purge after this number means the key
     * @throws IOException the other side failed
     * @throws UncheckedIOException the local disk failed
     */
    static Verdict read(InputStream in, SharedKey key, LongPredicate revoked, Staging staging) throws IOException {
        Far far = new Far(in);
        DataInputStream data = new DataInputStream(far);
        try {
            if (!Arrays.equals(data.readNBytes(MAGIC.length), MAGIC)) {
                return Verdict.DAMAGED;
            }
            int length = data.readInt();
            int crc = data.readInt();
            byte[] head = data.readNBytes(Math.clamp(length, 0, MAX_HEAD));
            if (head.length != length || crc(head) != crc) {
                return Verdict.DAMAGED;
            }
            String text = new String(head, StandardCharsets.UTF_8);
            int end = text.indexOf("\n\n");
            String[] lines = text.substring(0, Math.max(0, end)).split("\n", -1);
            if (lines.length < 3
                    || !lines[0].equals("kind: " + key.format())
                    || !text.substring(end + 2).equals(key.key().text())) {
                return Verdict.DAMAGED;
            }
            long bytes = number(lines[1], "bytes: ");
            long purges = number(lines[2], "purges: ");
            if (bytes < 0 || purges < 0) {
                return Verdict.DAMAGED;
            }
            if (revoked.test(purges)) {
                return Verdict.REVOKED;
            }
            return staging.reserve(Math.max(1, bytes)) ? unpack(data, bytes, staging.file()) : Verdict.NO_ROOM;
        } catch (IOException e) {
            if (far.failure != null) {
                throw far.failure;
            }
            return Verdict.DAMAGED;
        }
    }

    private static long number(String line, String name) {
        String digits = line.startsWith(name) ? line.substring(name.length()) : "";
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    /** No more is written than was promised, whatever the frame unpacks to. */
    private static Verdict unpack(InputStream in, long bytes, Path to) throws IOException {
        long left = bytes;
        try (OutputStream out = local(() -> Files.newOutputStream(to));
                ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in)) {
            byte[] buffer = new byte[BUFFER];
            int count;
            while ((count = zstd.read(buffer)) >= 0) {
                left -= count;
                if (left < 0) {
                    return Verdict.DAMAGED;
                }
                int some = count;
                local(() -> {
                    out.write(buffer, 0, some);
                    return out;
                });
            }
        }
        return left == 0 ? Verdict.WHOLE : Verdict.DAMAGED;
    }

    @FunctionalInterface
    private interface Local<T> {
        T run() throws IOException;
    }

    /** Tells failures of our own disk from those of the other side. */
    private static <T> T local(Local<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Remembers that reading from the other side failed, which says nothing of what it has. */
    private static final class Far extends FilterInputStream {
        private @Nullable IOException failure;

        Far(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        /** Whoever opened it closes it. */
        @Override
        public void close() {}

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return in.read(bytes, from, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
