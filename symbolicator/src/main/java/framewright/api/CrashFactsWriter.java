package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import framewright.api.CrashFacts.Cut;
import framewright.api.CrashFacts.SystemInfo;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The form of {@link CrashFacts} on the wire. */
final class CrashFactsWriter {
    private CrashFactsWriter() {}

    /** What the peer tells, too. */
    static void write(CrashFacts facts, JsonGenerator out) throws IOException {
        if (facts.timestamp() != null) {
            out.writeNumberField("timestamp", facts.timestamp());
        }
        if (facts.system() != null) {
            system(facts.system(), out);
        }
        out.writeBooleanField("crashed", facts.crashed());
        text(out, "crash_reason", facts.reason());
        text(out, "crash_details", facts.details());
        text(out, "assertion", facts.assertion());
    }

    /** What only we tell, at the end, where clients that do not know it pass over it. */
    static void writeMore(CrashFacts facts, JsonGenerator out) throws IOException {
        if (!facts.cuts().isEmpty()) {
            out.writeArrayFieldStart("cuts");
            for (Cut cut : facts.cuts()) {
                cut(cut, out);
            }
            out.writeEndArray();
        }
        if (facts.extended() != null) {
            out.writeFieldName("extended");
            out.writeRawValue(facts.extended());
        }
    }

    private static void system(SystemInfo system, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("system_info");
        out.writeStringField("os_name", system.osName());
        out.writeStringField("os_version", system.osVersion());
        out.writeStringField("os_build", system.osBuild());
        out.writeStringField("cpu_arch", system.cpuArch());
        out.writeStringField("device_model", system.deviceModel());
        out.writeEndObject();
    }

    private static void cut(Cut cut, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("what", cut.what());
        out.writeNumberField("kept", cut.kept());
        if (cut.of() != null) {
            out.writeNumberField("of", cut.of());
        }
        if (cut.thread() != null) {
            out.writeNumberField("thread", cut.thread());
        }
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }
}
