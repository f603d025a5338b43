package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What a job found out, ready to be written as JSON any number of times. */
public interface Answer {
    /** Writes the fields of this answer into an open JSON object; {@code status} is not among them. */
    void writeFields(JsonGenerator out) throws IOException;

    /** How the job ended, as clients read it. */
    default String status() {
        return "completed";
    }

    /** Writes the whole object as UTF-8 and leaves the stream open. */
    default void write(OutputStream stream) throws IOException {
        try (JsonGenerator out = Json.generator(stream)) {
            out.writeStartObject();
            out.writeStringField("status", status());
            writeFields(out);
            out.writeEndObject();
        }
    }

    /** What it lacks, each once; empty: nothing. */
    default List<Shortfall> shortfalls() {
        return List.of();
    }

    /** What explains this answer: its modules, each with its cause and every candidate, whatever the client asked. */
    default Answer evidence() {
        return this;
    }
}
