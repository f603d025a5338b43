package framewright.fetch;

import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Streams into a file, never further than its reservation. */
public final class FileSink implements Sink, AutoCloseable {
    /** Step by which the reservation of a body of unknown length grows at least. */
    private static final long STEP = 1 << 20;

    /** What a process that is killed loses of a download at most, and a little. */
    private static final long FLUSH_STEP = 32L << 20;

    /** It costs less to get so little again than to keep it. */
    private static final long MIN_PARTIAL = 64 << 10;

    private final Staging staging;
    private final long maxBytes;
    private final Resume resume;
    private @Nullable FileChannel channel;
    private long inherited;
    private long written;
    private long flushed;
    private Head head = Head.NONE;
    private long checkpointed;

    /** Counts the bodies; guarded by this. */
    private int body;

    /** Up to here the disk has this body for certain; guarded by this. */
    private long safe;

    /** Opens nothing yet: most downloads end with their head, and thousands may wait for theirs. */
    FileSink(Staging staging, long maxBytes, Resume resume) {
        this.staging = staging;
        this.maxBytes = maxBytes;
        this.resume = resume;
    }

    /** For a body that nobody could go on with. */
    public FileSink(Staging staging, long maxBytes) {
        this(staging, maxBytes, new Resume());
    }

    static Failure tooLarge() {
        return new Malformed("Maximum file size exceeded");
    }

    /** Begins with what an earlier load has left, if anything. */
    void inherit() throws IOException {
        String note = staging.takePartial();
        if (note != null && resume.restore(note)) {
            inherited = Files.size(staging.file());
            written = inherited;
            checkpointed = inherited;
        }
    }

    /** Leaves what has come to a later load, where that can go on with it; whether it is more than there was. */
    boolean bequeath() throws IOException {
        if (!resume.isPossible(written) || written < MIN_PARTIAL) {
            return false;
        }
        close();
        return staging.keepPartial(written, resume.note()) && written - inherited >= MIN_PARTIAL;
    }

    @Override
    public @Nullable Failure begin(long from, long total, Head answered) throws IOException {
        head = answered;
        if (from == 0) {
            staging.forgetCheckpoint();
            checkpointed = 0;
        }
        open().truncate(from);
        written = from;
        flushed = from;
        synchronized (this) {
            body++;
            safe = 0;
        }
        if (total > maxBytes) {
            return tooLarge();
        }
        return total > 0 && !staging.reserve(total) ? noRoom() : null;
    }

    /** Writes where another part of the body has its place; from any thread, and within what was reserved. */
    void writeAt(long position, byte[] bytes, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        FileChannel to = open();
        while (buffer.hasRemaining()) {
            to.write(buffer, position + buffer.position());
        }
    }

    /** All from here to the end has been written by {@link #writeAt}. */
    void complete(long total) {
        written = total;
    }

    @Override
    public @Nullable Failure write(byte[] bytes, int count) throws IOException {
        long end = written + count;
        if (end > maxBytes) {
            return tooLarge();
        }
        if (end > staging.reserved() && !reserve(end)) {
            return noRoom();
        }
        writeAt(written, bytes, count);
        written = end;
        secure();
        return null;
    }

    private void secure() throws IOException {
        FileChannel to = open();
        long end = written;
        long secured;
        synchronized (this) {
            int current = body;
            if (end - flushed >= FLUSH_STEP) {
                flushed = end;
                Thread.startVirtualThread(() -> flush(to, current, end));
            }
            secured = safe;
        }
        if (secured > checkpointed && resume.isPossible(secured)) {
            checkpointed = secured;
            staging.checkpoint(secured, resume.note());
        }
    }

    /** Has the disk work while the network does: the entry is synced before it is used, and that waits for less. */
    private void flush(FileChannel channel, int flushedBody, long end) {
        try {
            channel.force(false);
            synchronized (this) {
                if (body == flushedBody) {
                    safe = Math.max(safe, end);
                }
            }
        } catch (IOException e) {
            // closed meanwhile, or the final sync will say what is wrong
        }
    }

    private synchronized FileChannel open() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(staging.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        return channel;
    }

    /** Twice as much as before, so that a large body does not ask thousands of times; less where that is not had. */
    private boolean reserve(long end) {
        long ample = Math.min(maxBytes, Math.max(end + STEP, 2 * staging.reserved()));
        return staging.reserve(ample) || staging.reserve(end);
    }

    Failure noRoom() {
        return staging.noRoom() instanceof Failed<Loaded>(Failure failure) ? failure : tooLarge();
    }

    /** Of the answer whose body this holds. */
    Head head() {
        return head;
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
