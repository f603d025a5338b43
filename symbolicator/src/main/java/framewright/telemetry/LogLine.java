package framewright.telemetry;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** What all formats of log lines need. */
abstract class LogLine extends Formatter {
    private final boolean backtraces;

    LogLine(boolean backtraces) {
        this.backtraces = backtraces;
    }

    /** The level as the peer's logs name it. */
    static String level(LogRecord record) {
        int level = record.getLevel().intValue();
        if (level >= java.util.logging.Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level >= java.util.logging.Level.WARNING.intValue()) {
            return "WARN";
        }
        if (level >= java.util.logging.Level.INFO.intValue()) {
            return "INFO";
        }
        return level >= java.util.logging.Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** The exception of a record: with its stack, or its message alone where stacks are switched off. */
    @Nullable
    String thrown(LogRecord record) {
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return null;
        }
        if (!backtraces) {
            return thrown.toString();
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
