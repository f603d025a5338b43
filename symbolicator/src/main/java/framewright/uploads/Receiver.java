package framewright.uploads;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.store.Blobs;
import framewright.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes what arrives to a file of the store's, and hashes it on the way. */
public final class Receiver {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Blobs blobs;

    public Receiver(Blobs blobs) {
        this.blobs = blobs;
    }

    /**
     * A part of a file.
     *
     * @param file of {@link Blobs#newFile}
     * @param sha1 of its bytes, 40 lower-case digits
     */
    public record Part(Path file, String sha1, long size) {
        /** Removes the file, unless the store has taken it. */
        public void discard() {
            Receiver.discard(file);
        }
    }

    /**
     * Reads a stream to its end that is a part of a file only, which nobody asks for by its content.
     *
     * @param maxBytes and failures as in {@link #receive}
     */
    public Outcome<Part> receivePart(InputStream in, String name, long maxBytes) throws IOException {
        MessageDigest sha1 = Digest.hash("SHA-1");
        return written(in, name, maxBytes, sha1)
                .map(written -> new Part(written.file, HexFormat.of().formatHex(sha1.digest()), written.size));
    }

    /**
     * Reads a stream to its end.
     *
     * @param maxBytes a longer file is refused, and no more than these are read
     * @param debugId what the sender says the file is; null: nothing
     * @throws IOException the stream failed; nothing is left then
     * @throws StorageFailure the file cannot be written
     */
    public Outcome<Incoming> receive(InputStream in, String name, long maxBytes, @Nullable DebugId debugId)
            throws IOException {
        MessageDigest sha1 = Digest.hash("SHA-1");
        MessageDigest sha256 = Digest.hash("SHA-256");
        return written(in, name, maxBytes, sha1, sha256)
                .map(written -> new Incoming(
                        written.file,
                        name,
                        Digest.of(sha256),
                        HexFormat.of().formatHex(sha1.digest()),
                        written.size,
                        debugId));
    }

    private record Written(Path file, long size) {}

    private Outcome<Written> written(InputStream in, String name, long maxBytes, MessageDigest... hashes)
            throws IOException {
        Path file = blobs.newFile();
        boolean taken = false;
        try {
            long size = copy(in, file, maxBytes, hashes);
            if (size > maxBytes) {
                return Outcome.failed(new Unsupported(
                        name + " is larger than " + maxBytes + " bytes, which store.max_file_size allows"));
            }
            taken = true;
            return Outcome.found(new Written(file, size));
        } finally {
            if (!taken) {
                discard(file);
            }
        }
    }

    /** How many bytes were written; more than {@code maxBytes}: there are more than that. */
    private static long copy(InputStream in, Path file, long maxBytes, MessageDigest... hashes) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (OutputStream out = open(file)) {
            int count;
            while (size <= maxBytes && (count = in.read(buffer)) >= 0) {
                size += count;
                for (MessageDigest hash : hashes) {
                    hash.update(buffer, 0, count);
                }
                write(out, buffer, count, file);
            }
        }
        return size;
    }

    private static OutputStream open(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** That we cannot write is not the sender's fault, as it is that he cannot be read. */
    private static void write(OutputStream out, byte[] buffer, int count, Path file) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    static StorageFailure cannotWrite(Path file, IOException e) {
        return new StorageFailure("the store cannot write " + file + ": " + e.getMessage(), e);
    }

    /** Removes a file that is not kept. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
