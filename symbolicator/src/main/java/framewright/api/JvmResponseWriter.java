package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import framewright.api.JvmRequest.ModuleType;
import framewright.api.JvmResponse.JvmModule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of {@link JvmResponse} on the wire: order of fields, and which are left out. */
final class JvmResponseWriter {
    private JvmResponseWriter() {}

    static void write(JvmResponse response, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("exceptions");
        for (JvmException exception : response.exceptions()) {
            exception(exception, out);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("stacktraces");
        for (JvmRequest.Stacktrace stacktrace : response.stacktraces()) {
            stacktrace(stacktrace, out);
        }
        out.writeEndArray();
        if (!response.stacks().isEmpty()) {
            out.writeArrayFieldStart("stacks");
            for (String stack : response.stacks()) {
                out.writeString(stack);
            }
            out.writeEndArray();
        }
        out.writeObjectFieldStart("classes");
        for (Map.Entry<String, String> entry : response.classes().entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("errors");
        for (JvmModule module : response.modules()) {
            error(module, out);
        }
        out.writeEndArray();
        if (response.causes()) {
            modules(response.modules(), out);
        }
    }

    private static void exception(JvmException exception, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", exception.type());
        out.writeStringField("module", exception.module());
        out.writeEndObject();
    }

    private static void stacktrace(JvmRequest.Stacktrace stacktrace, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeFieldName("exception");
        if (stacktrace.exception() == null) {
            out.writeNull();
        } else {
            exception(stacktrace.exception(), out);
        }
        out.writeArrayFieldStart("frames");
        for (JvmFrame frame : stacktrace.frames()) {
            frame(frame, out);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void frame(JvmFrame frame, JsonGenerator out) throws IOException {
        out.writeStartObject();
        text(out, "platform", frame.platform());
        out.writeStringField("function", frame.function());
        text(out, "filename", frame.filename());
        out.writeStringField("module", frame.module());
        text(out, "abs_path", frame.absPath());
        if (frame.line() != JvmFrame.NO_LINE) {
            out.writeNumberField("lineno", frame.line());
        }
        lines(out, "pre_context", frame.before());
        if (frame.contextLine() != null) {
            out.writeFieldName("context_line");
            out.writeString(frame.contextLine().json());
        }
        lines(out, "post_context", frame.after());
        if (frame.inApp() != null) {
            out.writeBooleanField("in_app", frame.inApp());
        }
        text(out, "signature", frame.signature());
        if (frame.synthesized()) {
            out.writeBooleanField("method_synthesized", true);
        }
        out.writeFieldName("index");
        ResponseWriter.unsigned(out, frame.index());
        out.writeEndObject();
    }

    private static void lines(JsonGenerator out, String name, List<JsonText> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (JsonText line : lines) {
                out.writeString(line.json());
            }
            out.writeEndArray();
        }
    }

    /** Mappings alone: without source code an answer is as good, as the peer has it. */
    private static void error(JvmModule module, JsonGenerator out) throws IOException {
        if (module.raw().type() == ModuleType.PROGUARD && module.status() != ModuleStatus.FOUND) {
            out.writeStartObject();
            out.writeStringField("uuid", module.raw().uuid());
            out.writeStringField("type", module.status() == ModuleStatus.MALFORMED ? "invalid" : "missing");
            out.writeEndObject();
        }
    }

    static void modules(List<JvmModule> modules, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("modules");
        for (JvmModule module : modules) {
            out.writeStartObject();
            out.writeStringField("debug_status", module.status().wireName());
            out.writeStringField("type", module.raw().type().name().toLowerCase(Locale.ROOT));
            out.writeStringField(
                    module.raw().mapId() == null ? "debug_id" : "code_id",
                    module.raw().uuid());
            FindingWriter.write(module.finding(), out);
            ModuleWriter.candidates(module.candidates(), true, out);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }
}
