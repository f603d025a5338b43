package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The form of {@link Finding} on the wire: facts that are not known are left out. */
final class FindingWriter {
    private FindingWriter() {}

    static void write(Finding finding, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("cause");
        out.writeStringField("code", finding.cause().code());
        out.writeStringField("message", finding.sentence());
        text(out, "remedy", finding.cause().remedy());
        text(out, "source", finding.source());
        text(out, "location", finding.location());
        if (finding.httpStatus() > 0) {
            out.writeNumberField("http_status", finding.httpStatus());
        }
        text(out, "address_blocked", finding.address());
        if (!finding.attempt().equals(Finding.Attempt.NONE)) {
            attempt(finding.attempt(), out);
        }
        if (finding.file() != null) {
            file(finding.file(), out);
        }
        out.writeEndObject();
    }

    private static void attempt(Finding.Attempt attempt, JsonGenerator out) throws IOException {
        out.writeBooleanField("cached", attempt.cached());
        if (attempt.elapsedMillis() >= 0) {
            out.writeNumberField("elapsed_ms", attempt.elapsedMillis());
        }
        if (attempt.nextTry() != null) {
            out.writeStringField("next_try", attempt.nextTry().toString());
        }
        if (attempt.remembered() != null) {
            out.writeStringField("remembered", attempt.remembered().code());
        }
    }

    private static void file(Finding.FileFacts file, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("file");
        out.writeNumberField("bytes", file.bytes());
        text(out, "debug_id", file.debugId());
        text(out, "code_id", file.codeId());
        out.writeStringField("arch", file.arch());
        out.writeStringField("kind", file.kind());
        out.writeBooleanField("stripped", file.stripped());
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }
}
