package framewright.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void plainLine_hasTimeLevelNameRequestAndMessage() {
        AtomicReference<String> line = new AtomicReference<>();
        RequestId.with("abc", () -> line.set(new TextLine(false, true).format(record())));
        assertThat(line.get()).isEqualTo("2026-11-24T10:00:00.123Z WARN framewright.x [abc] it took 5 s\n");
    }

    @Test
    void exception_withoutBacktraces_isOneLine() {
        LogRecord record = record();
        record.setThrown(new IllegalStateException("broken"));
        assertThat(new TextLine(false, false).format(record))
                .endsWith("it took 5 s\njava.lang.IllegalStateException: broken\n");
        assertThat(new TextLine(false, true).format(record)).contains("at framewright.telemetry.LoggingTest");
    }

    @Test
    void jsonLine_isOneObjectOnOneLine_whateverTheMessageHolds() throws Exception {
        LogRecord record = record();
        record.setParameters(null);
        record.setMessage("a \"quoted\" \\ line\nand\u0001\u001b[31m another");
        record.setThrown(new IllegalStateException("broken"));
        String line = new JsonLine(true).format(record);
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("message").asText()).isEqualTo(record.getMessage());
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("error").asText()).contains("broken").contains("LoggingTest");
        assertThat(json.path("timestamp").asText()).isEqualTo("2026-11-24T10:00:00.123456Z");
    }

    private static LogRecord record() {
        LogRecord record = new LogRecord(Level.WARNING, "it took {0} s");
        record.setLoggerName("framewright.x");
        record.setParameters(new Object[] {5});
        record.setInstant(Instant.parse("2026-11-24T10:00:00.123456Z"));
        return record;
    }
}
