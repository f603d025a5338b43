package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON object that is put together field by field, in that order. */
public final class JsonFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    public void text(String name, String value) {
        byte[] quoted = JsonText.of(value).json().asQuotedUTF8();
        fields.put(name, '"' + new String(quoted, StandardCharsets.UTF_8) + '"');
    }

    /** @param json a value, well-formed */
    public void json(String name, String json) {
        fields.put(name, json);
    }

    /** The object. */
    public String json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                out.writeFieldName(field.getKey());
                out.writeRawValue(field.getValue());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
