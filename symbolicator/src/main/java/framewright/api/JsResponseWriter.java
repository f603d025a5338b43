package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of {@link JsResponse} on the wire: order of fields, and which are left out. */
final class JsResponseWriter {
    private final JsonGenerator out;
    private final boolean explain;

    JsResponseWriter(JsonGenerator out, boolean explain) {
        this.out = out;
        this.explain = explain;
    }

    void write(JsResponse response) throws IOException {
        stacktraces("stacktraces", response.stacktraces(), explain);
        stacktraces("raw_stacktraces", response.rawStacktraces(), false);
        if (!response.errors().isEmpty()) {
            out.writeArrayFieldStart("errors");
            for (JsError error : response.errors()) {
                error(error);
            }
            out.writeEndArray();
        }
        if (!response.scrapingAttempts().isEmpty()) {
            out.writeArrayFieldStart("scraping_attempts");
            for (ScrapingAttempt attempt : response.scrapingAttempts()) {
                attempt(attempt);
            }
            out.writeEndArray();
        }
    }

    private void stacktraces(String name, List<List<JsFrame>> stacktraces, boolean explained) throws IOException {
        out.writeArrayFieldStart(name);
        for (List<JsFrame> frames : stacktraces) {
            out.writeStartObject();
            out.writeArrayFieldStart("frames");
            for (JsFrame frame : frames) {
                frame(frame, explained);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void frame(JsFrame frame, boolean explained) throws IOException {
        out.writeStartObject();
        text("platform", frame.platform);
        text("function", frame.function);
        text("filename", frame.filename);
        text("module", frame.module);
        out.writeStringField("abs_path", frame.absPath);
        out.writeNumberField("lineno", frame.line);
        if (frame.column != JsFrame.NO_COLUMN) {
            out.writeNumberField("colno", frame.column);
        }
        if (frame.context != null) {
            context(frame.context);
        }
        out.writeObjectFieldStart("data");
        text("sourcemap", frame.sourceMap);
        if (frame.origin != null) {
            origin(frame.origin);
        }
        if (frame.resolvedWith != null) {
            out.writeStringField("resolved_with", frame.resolvedWith.wireName());
        }
        out.writeBooleanField("symbolicated", frame.symbolicated);
        out.writeEndObject();
        if (explained && frame.decision != null) {
            decision(frame.decision);
        }
        out.writeEndObject();
    }

    private void context(SourceLines context) throws IOException {
        lines("pre_context", context.before());
        if (context.line() != null) {
            out.writeFieldName("context_line");
            out.writeString(context.line().json());
        }
        lines("post_context", context.after());
    }

    private void lines(String name, List<JsonText> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (JsonText line : lines) {
                out.writeString(line.json());
            }
            out.writeEndArray();
        }
    }

    private void origin(JsOrigin origin) throws IOException {
        out.writeFieldName("sourcemap_origin");
        switch (origin) {
            case JsOrigin.IndividualFile(String uri) -> only("individual_file", uri);
            case JsOrigin.ScrapedFile(String uri) -> only("scraped_file", uri);
            case JsOrigin.Bundled(String uri, JsFileKey key) -> {
                out.writeStartObject();
                out.writeArrayFieldStart("bundled");
                out.writeString(uri);
                key(key);
                out.writeEndArray();
                out.writeEndObject();
            }
            case JsOrigin.Embedded() -> out.writeString("embedded");
        }
    }

    private void only(String name, String value) throws IOException {
        out.writeStartObject();
        out.writeStringField(name, value);
        out.writeEndObject();
    }

    private void key(JsFileKey key) throws IOException {
        out.writeStartObject();
        out.writeObjectFieldStart(
                switch (key.kind()) {
                    case MINIFIED_SOURCE -> "minified_source";
                    case SOURCE_MAP -> "source_map";
                    case SOURCE -> "source";
                });
        text("abs_path", key.absPath());
        if (key.debugId() != null) {
            out.writeStringField("debug_id", key.debugId().toString());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private void error(JsError error) throws IOException {
        out.writeStartObject();
        out.writeStringField("abs_path", error.absPath());
        out.writeStringField("type", error.type().wireName());
        switch (error.type()) {
            case INVALID_LOCATION -> {
                out.writeNumberField("line", error.line());
                if (error.column() == null) {
                    out.writeNullField("col");
                } else {
                    out.writeNumberField("col", error.column());
                }
            }
            case MISSING_SOURCE_CONTENT -> {
                out.writeStringField("source", error.source());
                out.writeStringField("sourcemap", error.sourceMap());
            }
            case MALFORMED_SOURCEMAP -> out.writeStringField("url", error.sourceMap());
            case MISSING_SOURCE, MISSING_SOURCEMAP, SCRAPING_DISABLED -> {}
        }
        out.writeEndObject();
    }

    private void attempt(ScrapingAttempt attempt) throws IOException {
        out.writeStartObject();
        out.writeStringField("url", attempt.url());
        out.writeStringField("status", attempt.status().wireName());
        if (attempt.reason() != null) {
            out.writeStringField("reason", attempt.reason().wireName());
            if (!attempt.details().isEmpty()) {
                out.writeStringField("details", attempt.details());
            }
        }
        out.writeEndObject();
    }

    private void decision(JsDecision decision) throws IOException {
        out.writeObjectFieldStart("explain");
        FindingWriter.write(decision.verdict(), out);
        out.writeArrayFieldStart("tried");
        for (Finding step : decision.steps()) {
            out.writeStartObject();
            FindingWriter.write(step, out);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }
}
