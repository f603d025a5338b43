package framewright.api;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as it comes over the queue. Its form is in {@code symbolicator/docs/queue/event.schema.json}.
 *
 * @param event names it within its project: up to 128 letters, digits and {@code . _ : -}; sent twice, it is one event
 * @param created when the sender's clock made it; whoever reads does not trust it
 * @param deadlineMillis so long after it was taken in there is an answer with what is there; -1: whenever
 *     all is there
 * @param priority from 0 to 9
 * @param replyTo handed on to whoever reads the answers; null: nobody in particular
 * @param trace headers of W3C Trace Context, by their names
 */
public record Envelope(
        String organization,
        String project,
        String event,
        EventKind kind,
        EventPayload payload,
        Instant created,
        long deadlineMillis,
        int priority,
        @Nullable String replyTo,
        Map<String, String> trace) {
    /** What this reads. */
    public static final int VERSION = 1;

    public Envelope {
        trace = Map.copyOf(trace);
    }

    /**
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form, or of another version
     */
    public static Envelope read(byte[] body) {
        return JsonIn.document(new ByteArrayInputStream(body), EnvelopeReader::read);
    }

    /** What tells it from all others, and what engines spread by. */
    public String key() {
        return organization + "/" + project + "/" + event;
    }
}
