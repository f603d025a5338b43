package framewright.tracing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import framewright.telemetry.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Spans as OTLP's {@code ExportTraceServiceRequest} in JSON: ids in hexadecimal digits, 64-bit numbers as texts. */
final class SpanJson {
    private static final int SERVER = 2;
    private static final int INTERNAL = 1;
    private static final int ERROR = 2;

    private final JsonFactory factory = new JsonFactory();
    private final String version;

    SpanJson(String version) {
        this.version = version;
    }

    byte[] write(List<Span> spans) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = factory.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeArrayFieldStart("resourceSpans");
            out.writeStartObject();
            out.writeObjectFieldStart("resource");
            attributes(out, Map.of("service.name", "framewright", "service.version", version));
            out.writeEndObject();
            out.writeArrayFieldStart("scopeSpans");
            out.writeStartObject();
            out.writeObjectFieldStart("scope");
            out.writeStringField("name", "framewright");
            out.writeEndObject();
            out.writeArrayFieldStart("spans");
            for (Span span : spans) {
                span(out, span);
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void span(JsonGenerator out, Span span) throws IOException {
        out.writeStartObject();
        out.writeStringField("traceId", span.traceId());
        out.writeStringField("spanId", span.id());
        if (!span.parentId().isEmpty()) {
            out.writeStringField("parentSpanId", span.parentId());
        }
        out.writeStringField("name", span.name());
        out.writeNumberField("kind", span.isRequest() ? SERVER : INTERNAL);
        out.writeStringField("startTimeUnixNano", Long.toString(span.startNanos()));
        out.writeStringField("endTimeUnixNano", Long.toString(span.endNanos()));
        attributes(out, span.attributes());
        if (span.failure() != null) {
            out.writeObjectFieldStart("status");
            out.writeNumberField("code", ERROR);
            out.writeStringField("message", span.failure());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void attributes(JsonGenerator out, Map<String, ?> attributes) throws IOException {
        out.writeArrayFieldStart("attributes");
        for (Map.Entry<String, ?> attribute : attributes.entrySet()) {
            out.writeStartObject();
            out.writeStringField("key", attribute.getKey());
            out.writeObjectFieldStart("value");
            if (attribute.getValue() instanceof Long number) {
                out.writeStringField("intValue", number.toString());
            } else {
                out.writeStringField("stringValue", attribute.getValue().toString());
            }
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
