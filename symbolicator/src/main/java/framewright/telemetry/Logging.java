package framewright.telemetry;

import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Sets up {@code java.util.logging}, through which all log lines go, once per process. */
public final class Logging {
    /** The loggers whose level was set: java.util.logging forgets a logger that nobody holds. */
    private static final Logger OURS = Logger.getLogger("framewright");

    private static final Logger ROOT = Logger.getLogger("");

    private Logging() {}

    /** How a line looks. */
    public enum Format {
        COLOURED,
        PLAIN,
        JSON
    }

    /**
     * Sends log lines to {@code out}.
     *
     * @param level from which our own lines are written; those of libraries only from WARNING
     * @param backtraces whether exceptions come with their stack
     */
    public static void start(PrintStream out, Level level, Format format, boolean backtraces) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.addHandler(new Lines(
                out,
                switch (format) {
                    case COLOURED -> new TextLine(true, backtraces);
                    case PLAIN -> new TextLine(false, backtraces);
                    case JSON -> new JsonLine(backtraces);
                }));
        ROOT.setLevel(level.intValue() > Level.WARNING.intValue() ? level : Level.WARNING);
        OURS.setLevel(level);
    }

    private static final class Lines extends StreamHandler {
        Lines(PrintStream out, LogLine line) {
            super(out, line);
            setLevel(Level.ALL);
            try {
                setEncoding("UTF-8");
            } catch (UnsupportedEncodingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized void publish(LogRecord record) {
            super.publish(record);
            flush();
        }

        /** The stream is the process's own; others write there too. */
        @Override
        public synchronized void close() {
            flush();
        }
    }
}
