package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer lacked.
 *
 * @param id by which the file is found, as requests write it: a debug id, a code id, a mapping's uuid, or the release of
 *     a script ({@link ScriptRelease}); null where there is none
 * @param name of the module, or the address of the script; empty where it has none
 * @param cause why it was not there
 * @param sentence the same for people
 */
public record Shortfall(Kind kind, @Nullable String id, String name, Cause cause, String sentence) {
    /** What kind of file it is. */
    public enum Kind {
        DEBUG_FILE,
        MAPPING,
        SOURCE_MAP,
        CRASH_FILE;

        /** Stable name. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("kind", kind.wireName());
        if (id != null) {
            out.writeStringField("id", id);
        }
        if (!name.isEmpty()) {
            out.writeStringField("name", name);
        }
        out.writeStringField("cause", cause.code());
        out.writeStringField("message", sentence);
        if (!cause.remedy().isEmpty()) {
            out.writeStringField("remedy", cause.remedy());
        }
        out.writeEndObject();
    }
}
