package framewright.cli;

import framewright.client.ChunkUpload.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** One line that tells how far sending is, drawn over itself on a terminal; elsewhere nothing is drawn. */
final class ProgressLine implements Progress, AutoCloseable {
    private static final int WIDTH = 24;
    private static final long STEP_NANOS = 100_000_000;
    private static final double NANOS = 1e9;

    private final PrintWriter out;
    private final boolean drawn;
    private long total;
    private int files;
    private long sent;
    private long started;
    private long last;

    ProgressLine(PrintWriter out, boolean drawn) {
        this.out = out;
        this.drawn = drawn;
    }

    @Override
    public synchronized void begin(long bytes, int count) {
        total = bytes;
        files = count;
        started = System.nanoTime();
        last = started - STEP_NANOS;
    }

    @Override
    public synchronized void sent(long bytes) {
        sent += bytes;
        long now = System.nanoTime();
        if (drawn && (now - last >= STEP_NANOS || sent == total)) {
            last = now;
            out.print("\r\u001b[K" + text(sent, total, files, (now - started) / NANOS));
            out.flush();
        }
    }

    /** How far something is that is counted in files. */
    synchronized void step(long done, long all, long bytes) {
        if (drawn && all > 0) {
            sent = Math.max(1, bytes);
            int full = (int) (WIDTH * done / all);
            out.print("\r\u001b[K" + done + " of " + all + " files [" + "#".repeat(full) + ".".repeat(WIDTH - full)
                    + "] " + size(bytes));
            out.flush();
        }
    }

    /** @param seconds since the first byte */
    static String text(long sent, long total, int files, double seconds) {
        int full = total == 0 ? WIDTH : (int) (WIDTH * sent / total);
        double rate = seconds > 0 ? sent / seconds : 0;
        String left = rate > 0 && sent < total ? ", " + time((total - sent) / rate) + " left" : "";
        return String.format(
                Locale.ROOT,
                "sending %d %s [%s%s] %s of %s, %s/s%s",
                files,
                files == 1 ? "file" : "files",
                "#".repeat(full),
                ".".repeat(WIDTH - full),
                size(sent),
                size(total),
                size((long) rate),
                left);
    }

    private static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }

    /** As people read it. */
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.95 && unit < 3);
        return String.format(Locale.ROOT, value < 10 ? "%.1f %sB" : "%.0f %sB", value, "kMGT".charAt(unit));
    }

    @Override
    public synchronized void close() {
        if (drawn && sent > 0) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
