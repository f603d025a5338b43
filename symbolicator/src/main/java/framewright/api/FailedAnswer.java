package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * A job that could not do its work, for a reason outside of this server.
 *
 * @param message what is wrong, as the peer says it where it says something
 * @param cause what kind of reason it is
 * @param causes what led to it and what to do, a sentence each; the peer has no such field
 */
public record FailedAnswer(String message, Cause cause, List<String> causes) implements Answer {
    /** One whose crash file is at fault. */
    public FailedAnswer(String message, List<String> causes) {
        this(message, Cause.MALFORMED, causes);
    }

    public FailedAnswer {
        causes = List.copyOf(causes);
    }

    @Override
    public String status() {
        return "failed";
    }

    @Override
    public List<Shortfall> shortfalls() {
        return List.of(new Shortfall(Shortfall.Kind.CRASH_FILE, null, "", cause, message));
    }

    @Override
    public void writeFields(JsonGenerator out) throws IOException {
        out.writeStringField("message", message);
        if (!causes.isEmpty()) {
            out.writeArrayFieldStart("causes");
            for (String cause : causes) {
                out.writeString(cause);
            }
            out.writeEndArray();
        }
    }
}
