package framewright.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A limit on the time in which nothing comes. Only waiting for the other side counts: what the local disk takes between
 * two reads is not its fault.
 */
final class StallWatch implements AutoCloseable {
    private final Pacing pacing;
    private final long limit;
    private final Runnable cancel;

    private volatile long progress;
    private volatile boolean expired;
    private Runnable stop = () -> {};
    private boolean closed;

    /** @param cancel makes the read that waits fail; may block */
    StallWatch(Pacing pacing, Duration limit, Runnable cancel) {
        this.pacing = pacing;
        this.limit = limit.toNanos();
        this.cancel = cancel;
        this.progress = pacing.nanos();
        look();
    }

    /** One timer for the whole body, set anew where something has come meanwhile. */
    private synchronized void look() {
        if (closed) {
            return;
        }
        long left = limit - (pacing.nanos() - progress);
        if (left > 0) {
            stop = pacing.after(Duration.ofNanos(left), this::look);
        } else {
            expired = true;
            Thread.startVirtualThread(cancel);
        }
    }

    /** The body, whose reads are watched. */
    InputStream watched(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                progress = pacing.nanos();
                int count = in.read(bytes, from, length);
                progress = pacing.nanos();
                return count;
            }
        };
    }

    boolean hasExpired() {
        return expired;
    }

    @Override
    public synchronized void close() {
        closed = true;
        stop.run();
    }
}
