package framewright.uploads;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what arrives to a file of the store's, and hashes it on the way. */
public final class Receiver {
    private static final int PIECE_BYTES = 256 << 10;

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
            NewFile.discard(file);
        }
    }

    /**
     * Reads a stream to its end that is a part of a file only, which nobody asks for by its content.
     *
     * @param maxBytes and failures as in {@link #receive}
     */
    public Outcome<Part> receivePart(InputStream in, String name, long maxBytes) throws IOException {
        return receive(in, NewFile.part(blobs), name, maxBytes, NewFile::finishPart);
    }

    /**
     * Reads a stream to its end.
     *
     * @param maxBytes a longer file is refused, and not much more than these is read
     * @param debugId what the sender says the file is; null: nothing
     * @throws IOException the stream failed; nothing is left then
     * @throws StorageFailure the file cannot be written
     */
    public Outcome<Incoming> receive(InputStream in, String name, long maxBytes, @Nullable DebugId debugId)
            throws IOException {
        return receive(in, NewFile.whole(blobs), name, maxBytes, file -> file.finish(name, debugId));
    }

    private static <T> Outcome<T> receive(
            InputStream in, NewFile file, String name, long maxBytes, Function<NewFile, T> end) throws IOException {
        boolean taken = false;
        try {
            copy(in, file, maxBytes);
            if (file.size() > maxBytes) {
                return Outcome.failed(new Unsupported(
                        name + " is larger than " + maxBytes + " bytes, which store.max_file_size allows"));
            }
            taken = true;
            return Outcome.found(end.apply(file));
        } finally {
            if (!taken) {
                file.discard();
            }
        }
    }

    /** While a piece is hashed and written, the next one is read. */
    private static void copy(InputStream in, NewFile file, long maxBytes) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        int count = in.readNBytes(piece, 0, PIECE_BYTES);
        if (count < PIECE_BYTES) {
            file.append(piece, count);
            return;
        }
        byte[] next = new byte[PIECE_BYTES];
        while (count > 0 && file.size() <= maxBytes) {
            CompletableFuture<Void> written = append(file, piece, count);
            try {
                count = in.readNBytes(next, 0, PIECE_BYTES);
            } finally {
                await(written);
            }
            byte[] free = piece;
            piece = next;
            next = free;
        }
    }

    private static CompletableFuture<Void> append(NewFile file, byte[] piece, int count) {
        return CompletableFuture.runAsync(() -> file.append(piece, count), Thread::startVirtualThread);
    }

    private static void await(CompletableFuture<Void> written) {
        try {
            written.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageFailure failure ? failure : e;
        }
    }
}
