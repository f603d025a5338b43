package framewright.telemetry;

import java.time.temporal.ChronoUnit;
import java.util.logging.LogRecord;

/** {@code 2026-11-24T19:42:07.123Z WARN framewright.fetch.Fetcher [id] message}; coloured for terminals. */
final class TextLine extends LogLine {
    private final boolean colour;

    TextLine(boolean colour, boolean backtraces) {
        super(backtraces);
        this.colour = colour;
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder();
        line.append(record.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
        String level = level(record);
        line.append(colour ? paint(level) : level).append(' ');
        line.append(record.getLoggerName()).append(' ');
        String request = RequestId.current();
        if (request != null) {
            line.append('[').append(request).append("] ");
        }
        line.append(formatMessage(record)).append('\n');
        String thrown = thrown(record);
        if (thrown != null) {
            line.append(thrown).append('\n');
        }
        return line.toString();
    }

    private static String paint(String level) {
        String code = switch (level) {
            case "ERROR" -> "31";
            case "WARN" -> "33";
            case "INFO" -> "32";
            default -> "2";
        };
        return "\u001b[" + code + "m" + level + "\u001b[0m";
    }
}
