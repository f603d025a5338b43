package framewright.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The end of what a process writes to its standard error, which is read so that it never waits for a reader. */
final class LastWords {
    private static final int KEPT_BYTES = 4 << 10;

    private final byte[] ring = new byte[KEPT_BYTES];
    private final Thread reader;
    private long written;

    private LastWords(InputStream from) {
        this.reader = Thread.ofPlatform().name("crash-process-stderr").daemon().unstarted(() -> drain(from));
    }

    static LastWords of(InputStream from) {
        LastWords words = new LastWords(from);
        words.reader.start();
        return words;
    }

    private void drain(InputStream from) {
        byte[] buffer = new byte[KEPT_BYTES];
        try (from) {
            int count;
            while ((count = from.read(buffer)) >= 0) {
                keep(buffer, count);
            }
        } catch (IOException e) {
            // ended by us
        }
    }

    private synchronized void keep(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            ring[(int) (written++ % KEPT_BYTES)] = bytes[i];
        }
    }

    /** The last of it, once all has come or the time is up. */
    String await(Duration limit) {
        try {
            var _ = reader.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text();
    }

    private synchronized String text() {
        int count = (int) Math.min(written, KEPT_BYTES);
        byte[] last = new byte[count];
        for (int i = 0; i < count; i++) {
            last[i] = ring[(int) ((written - count + i) % KEPT_BYTES)];
        }
        return new String(last, StandardCharsets.UTF_8).strip();
    }
}
