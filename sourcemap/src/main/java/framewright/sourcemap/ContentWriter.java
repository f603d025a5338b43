package framewright.sourcemap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.Deflater;

/**
 * Writes the contents of sources, compressed, as they come. Small ones share a chunk: alone they would compress badly,
 * and all together they would have to be inflated for any.
 */
final class ContentWriter implements AutoCloseable {
    /** A chunk is full from here on; about what inflates in a quarter of a millisecond. */
    private static final int CHUNK_BYTES = 64 << 10;

    /** On a map of 13 MB the default level doubles the time of the whole table, and makes it a twelfth smaller. */
    private static final int LEVEL = Deflater.BEST_SPEED;

    final ByteSink chunks = new ByteSink(1 << 10);
    private final FileChannel file;
    private final Deflater deflater = new Deflater(LEVEL);
    private final ByteSink pending = new ByteSink(CHUNK_BYTES);
    private final byte[] buffer = new byte[64 << 10];
    private int chunkCount;
    private long written;

    /** Writes from the channel's position on. */
    ContentWriter(FileChannel file) {
        this.file = file;
    }

    int chunkCount() {
        return chunkCount;
    }

    /** Bytes written so far. */
    long written() {
        return written;
    }

    /** Adds a text and its place, chunk, offset and length, to a row; an absent text has no chunk. */
    void add(Texts texts, int index, ByteSink row) throws IOException {
        if (!texts.isPresent(index)) {
            row.putInt(TableLayout.ABSENT);
            row.putInt(0);
            row.putInt(0);
            return;
        }
        if (pending.size() > 0 && (long) pending.size() + texts.maxBytes(index) > CHUNK_BYTES) {
            flush();
        }
        int start = pending.size();
        texts.write(index, pending);
        row.putInt(chunkCount);
        row.putInt(start);
        row.putInt(pending.size() - start);
    }

    /** Ends the last chunk. */
    void finish() throws IOException {
        if (pending.size() > 0) {
            flush();
        }
    }

    private void flush() throws IOException {
        long start = written;
        deflater.reset();
        deflater.setInput(pending.array(), 0, pending.size());
        deflater.finish();
        while (!deflater.finished()) {
            int length = deflater.deflate(buffer);
            Channels.writeAll(file, ByteBuffer.wrap(buffer, 0, length));
            written += length;
        }
        chunks.putLong(start);
        chunks.putInt(Math.toIntExact(written - start));
        chunks.putInt(pending.size());
        chunkCount++;
        pending.clear();
    }

    @Override
    public void close() {
        deflater.end();
    }
}
