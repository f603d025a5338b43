package framewright.telemetry;

import java.util.logging.LogRecord;

/** One JSON object per line: {@code timestamp}, {@code level}, {@code target}, {@code request_id}, {@code message}. */
final class JsonLine extends LogLine {
    JsonLine(boolean backtraces) {
        super(backtraces);
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder("{");
        field(line, "timestamp", record.getInstant().toString());
        field(line, "level", level(record));
        field(line, "target", String.valueOf(record.getLoggerName()));
        String request = RequestId.current();
        if (request != null) {
            field(line, "request_id", request);
        }
        field(line, "message", formatMessage(record));
        String thrown = thrown(record);
        if (thrown != null) {
            field(line, "error", thrown);
        }
        return line.append("}\n").toString();
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append(line.length() > 1 ? "," : "").append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            character(line, value.charAt(i));
        }
        line.append('"');
    }

    private static void character(StringBuilder line, char c) {
        switch (c) {
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            case '\n' -> line.append("\\n");
            case '\t' -> line.append("\\t");
            case '\r' -> line.append("\\r");
            default -> {
                if (c < ' ') {
                    line.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    line.append(c);
                }
            }
        }
    }
}
