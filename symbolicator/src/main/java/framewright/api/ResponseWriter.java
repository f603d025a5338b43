package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The form of {@link SymbolicateResponse} on the wire: order of fields, and which are left out. */
final class ResponseWriter {
    private ResponseWriter() {}

    static void write(SymbolicateResponse response, JsonGenerator out) throws IOException {
        if (response.signal() != null) {
            out.writeNumberField("signal", response.signal());
        }
        if (response.crash() != null) {
            CrashFactsWriter.write(response.crash(), out);
        }
        out.writeArrayFieldStart("stacktraces");
        FrameWriter frames = new FrameWriter(out, response.causes());
        for (ResolvedStacktrace stacktrace : response.stacktraces()) {
            stacktrace(stacktrace, out, frames);
        }
        out.writeEndArray();
        modules(response.modules(), response.causes(), out);
        exceptions(response.exceptions(), response.causes(), out);
        if (response.crash() != null) {
            CrashFactsWriter.writeMore(response.crash(), out);
        }
    }

    private static void exceptions(RestoredExceptions restored, boolean causes, JsonGenerator out) throws IOException {
        if (restored.exceptions().isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("exceptions");
        for (RawException exception : restored.exceptions()) {
            out.writeStartObject();
            out.writeStringField("type", exception.type());
            out.writeStringField("value", exception.value());
            if (causes) {
                FindingWriter.write(restored.why(), out);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static void modules(List<ResolvedModule> modules, boolean causes, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("modules");
        for (ResolvedModule module : modules) {
            ModuleWriter.write(module, causes, out);
        }
        out.writeEndArray();
    }

    private static void stacktrace(ResolvedStacktrace stacktrace, JsonGenerator out, FrameWriter frames)
            throws IOException {
        RawStacktrace raw = stacktrace.raw();
        out.writeStartObject();
        if (raw.threadId() != null) {
            out.writeFieldName("thread_id");
            unsigned(out, raw.threadId());
        }
        if (raw.threadName() != null) {
            out.writeStringField("thread_name", raw.threadName());
        }
        if (raw.isRequesting() != null) {
            out.writeBooleanField("is_requesting", raw.isRequesting());
        }
        if (!raw.registers().isEmpty()) {
            out.writeObjectFieldStart("registers");
            for (Map.Entry<String, Long> register : raw.registers().entrySet()) {
                out.writeFieldName(register.getKey());
                HexValue.write(out, register.getValue());
            }
            out.writeEndObject();
        }
        out.writeArrayFieldStart("frames");
        for (ResolvedFrame frame : stacktrace.frames()) {
            frames.write(frame);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    static void unsigned(JsonGenerator out, long value) throws IOException {
        if (value >= 0) {
            out.writeNumber(value);
        } else {
            out.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        }
    }
}
