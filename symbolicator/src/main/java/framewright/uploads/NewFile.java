package framewright.uploads;

import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.store.Blobs;
import framewright.store.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file of the store's that is being written: hashed on the way, and brought to the disk meanwhile, so that little is left
 * to do at its end. Used by one thread at a time.
 */
final class NewFile {
    /** What is written between two times that the disk is asked to take it. */
    private static final long FLUSH_BYTES = 32L << 20;

    /** What takes longer to hash than to have another thread do so. */
    private static final int WORTH_TWO_BYTES = 64 << 10;

    private final Blobs blobs;
    private final MessageDigest sha1 = Digest.hash("SHA-1");
    private final @Nullable MessageDigest sha256;
    private final Path path;
    private final FileChannel out;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private long size;
    private long flushed;

    private NewFile(Blobs blobs, @Nullable MessageDigest sha256) {
        this.blobs = blobs;
        this.sha256 = sha256;
        this.path = blobs.newFile();
        try {
            // ext4 brings a file that was truncated to the disk when it is closed, and has the closer wait
            this.out = FileChannel.open(path, StandardOpenOption.WRITE);
        } catch (IOException e) {
            discard(path);
            throw cannotWrite(e);
        }
    }

    /**
     * For a whole file.
     *
     * @throws StorageFailure no file can be made
     */
    static NewFile whole(Blobs blobs) {
        return new NewFile(blobs, Digest.hash("SHA-256"));
    }

    /**
     * For a part of a file, which nobody asks for by its content.
     *
     * @throws StorageFailure no file can be made
     */
    static NewFile part(Blobs blobs) {
        return new NewFile(blobs, null);
    }

    /** Bytes so far. */
    long size() {
        return size;
    }

    /** @throws StorageFailure the file cannot be written */
    void append(byte[] bytes, int count) {
        CompletableFuture<Void> other = hashOther(bytes, count);
        try {
            hashAndWrite(bytes, count);
        } finally {
            other.join();
        }
        size += count;
        if (size - flushed >= FLUSH_BYTES && flushing.compareAndSet(false, true)) {
            flushed = size;
            Thread.ofPlatform().daemon().name("upload-flush").start(this::flush);
        }
    }

    /** The hash that parts do not have, by another thread where that is worth it. */
    private CompletableFuture<Void> hashOther(byte[] bytes, int count) {
        MessageDigest other = sha256;
        if (other != null && count >= WORTH_TWO_BYTES) {
            return CompletableFuture.runAsync(() -> other.update(bytes, 0, count), Thread::startVirtualThread);
        }
        if (other != null) {
            other.update(bytes, 0, count);
        }
        return CompletableFuture.completedFuture(null);
    }

    private void hashAndWrite(byte[] bytes, int count) {
        sha1.update(bytes, 0, count);
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes, 0, count);
            while (left.hasRemaining()) {
                int _ = out.write(left);
            }
        } catch (IOException e) {
            // that we cannot write is not the sender's fault, as it is that he cannot be read
            throw cannotWrite(e);
        }
    }

    private void flush() {
        try {
            blobs.flush(out);
        } catch (IOException _) {
            // it was ended meanwhile, or else keeping the file says what is wrong with the disk
        } finally {
            flushing.set(false);
        }
    }

    /**
     * Ends a whole file.
     *
     * @param debugId what the sender says the file is; null: nothing
     * @throws StorageFailure the file cannot be written; nothing is left
     */
    Incoming finish(String name, @Nullable DebugId debugId) {
        if (sha256 == null) {
            throw new IllegalStateException("a part is no file");
        }
        end();
        return new Incoming(path, name, Digest.of(sha256), HexFormat.of().formatHex(sha1.digest()), size, debugId);
    }

    /**
     * Ends a part.
     *
     * @throws StorageFailure the file cannot be written; nothing is left
     */
    Receiver.Part finishPart() {
        end();
        return new Receiver.Part(path, HexFormat.of().formatHex(sha1.digest()), size);
    }

    private void end() {
        try {
            out.close();
        } catch (IOException e) {
            discard(path);
            throw cannotWrite(e);
        }
    }

    /** Gives its room back. */
    void discard() {
        try (out) {
            discard(path);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Removes a file that is not kept. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StorageFailure cannotWrite(IOException e) {
        return new StorageFailure("the store cannot write " + path + ": " + e.getMessage(), e);
    }
}
