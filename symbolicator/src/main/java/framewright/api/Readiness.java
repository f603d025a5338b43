package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Whether the server can do its work, dependency by dependency. */
public record Readiness(List<Check> checks) {
    /**
     * @param name stable snake_case name
     * @param detail what was seen, a sentence
     * @param required whether the server is of no use without
     */
    public record Check(String name, boolean ok, String detail, boolean required) {
        /** Of something that the server is of no use without. */
        public Check(String name, boolean ok, String detail) {
            this(name, ok, detail, true);
        }
    }

    public Readiness {
        checks = List.copyOf(checks);
    }

    public boolean isReady() {
        return checks.stream().allMatch(check -> check.ok || !check.required);
    }

    /** {@code {"ready": ..., "down": [names], "checks": [{"name", "ok", "detail", "required"}]}} */
    public byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartObject();
            out.writeBooleanField("ready", isReady());
            out.writeArrayFieldStart("down");
            for (Check check : checks) {
                if (!check.ok) {
                    out.writeString(check.name);
                }
            }
            out.writeEndArray();
            out.writeArrayFieldStart("checks");
            for (Check check : checks) {
                out.writeStartObject();
                out.writeStringField("name", check.name);
                out.writeBooleanField("ok", check.ok);
                out.writeStringField("detail", check.detail);
                out.writeBooleanField("required", check.required);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
