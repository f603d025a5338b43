package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The form of {@link ResolvedModule} on the wire. */
final class ModuleWriter {
    private ModuleWriter() {}

    /** @param causes whether to tell why */
    static void write(ResolvedModule module, boolean causes, JsonGenerator out) throws IOException {
        RawModule raw = module.raw();
        out.writeStartObject();
        out.writeStringField("debug_status", module.debugStatus().wireName());
        if (module.unwindStatus() != null) {
            out.writeStringField("unwind_status", module.unwindStatus().wireName());
        }
        features(module.features(), out);
        out.writeStringField("arch", module.arch());
        out.writeStringField("type", raw.type().wireName());
        text(out, "code_id", raw.codeId() == null ? null : raw.codeId().hex());
        text(out, "code_file", raw.codeFile());
        text(out, "debug_id", raw.debugId() == null ? null : raw.debugId().toString());
        text(out, "debug_file", raw.debugFile());
        text(out, "debug_checksum", raw.debugChecksum());
        out.writeFieldName("image_addr");
        HexValue.write(out, raw.imageAddr());
        if (module.imageSize() != null) {
            out.writeFieldName("image_size");
            ResponseWriter.unsigned(out, module.imageSize());
        }
        if (causes) {
            FindingWriter.write(module.finding(), out);
        }
        candidates(module.candidates(), causes, out);
        out.writeEndObject();
    }

    /** The field with them, where there are any. */
    static void candidates(List<Candidate> candidates, boolean causes, JsonGenerator out) throws IOException {
        if (!candidates.isEmpty()) {
            out.writeArrayFieldStart("candidates");
            for (Candidate candidate : candidates) {
                candidate(candidate, causes, out);
            }
            out.writeEndArray();
        }
    }

    private static void candidate(Candidate candidate, boolean causes, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("source", candidate.source());
        out.writeStringField("location", candidate.location());
        Candidate.Download download = candidate.download();
        out.writeObjectFieldStart("download");
        out.writeStringField("status", wireName(download.status()));
        if (download.features() != null) {
            features(download.features(), out);
        }
        text(out, "details", download.details());
        out.writeEndObject();
        use(out, "unwind", candidate.unwind());
        use(out, "debug", candidate.debug());
        if (causes) {
            FindingWriter.write(candidate.finding(), out);
        }
        out.writeEndObject();
    }

    private static void use(JsonGenerator out, String name, Candidate.@Nullable Use use) throws IOException {
        if (use != null) {
            out.writeObjectFieldStart(name);
            out.writeStringField("status", wireName(use.status()));
            text(out, "details", use.details());
            out.writeEndObject();
        }
    }

    private static void features(Features features, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("features");
        out.writeBooleanField("has_debug_info", features.hasDebugInfo());
        out.writeBooleanField("has_unwind_info", features.hasUnwindInfo());
        out.writeBooleanField("has_symbols", features.hasSymbols());
        out.writeBooleanField("has_sources", features.hasSources());
        text(out, "srcsrv_vcs", features.srcsrvVcs());
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
