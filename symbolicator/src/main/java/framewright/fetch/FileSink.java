package framewright.fetch;

import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Streams into a file, never further than its reservation. */
public final class FileSink implements Sink, AutoCloseable {
    /** Step by which the reservation of a body of unknown length grows at least. */
    private static final long STEP = 1 << 20;

    private static final long FLUSH_STEP = 64L << 20;

    private final Staging staging;
    private final long maxBytes;
    private @Nullable FileChannel channel;
    private long written;
    private long flushed;
    private Head head = Head.NONE;

    /** Opens nothing yet: most downloads end with their head, and thousands may wait for theirs. */
    public FileSink(Staging staging, long maxBytes) {
        this.staging = staging;
        this.maxBytes = maxBytes;
    }

    static Failure tooLarge() {
        return new Malformed("Maximum file size exceeded");
    }

    @Override
    public @Nullable Failure begin(long declared, Head answered) throws IOException {
        head = answered;
        open().truncate(0);
        written = 0;
        flushed = 0;
        if (declared > maxBytes) {
            return tooLarge();
        }
        return declared > 0 && !staging.reserve(declared) ? noRoom() : null;
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
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        FileChannel to = open();
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
        written = end;
        if (written - flushed >= FLUSH_STEP) {
            flushed = written;
            Thread.startVirtualThread(() -> flush(to));
        }
        return null;
    }

    /** Has the disk work while the network does: the entry is synced before it is used, and that waits for less. */
    private static void flush(FileChannel channel) {
        try {
            channel.force(false);
        } catch (IOException e) {
            // closed meanwhile, or the final sync will say what is wrong
        }
    }

    private FileChannel open() throws IOException {
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

    private Failure noRoom() {
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
