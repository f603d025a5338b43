package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One generation of an event's answer. Its form is in {@code symbolicator/docs/queue/result.schema.json}.
 *
 * @param generation from 1; of the same event a higher one replaces those before it
 * @param reason why there is this one
 * @param missing what it lacks
 * @param retryAt when what is missing is asked for again; null: when it is uploaded
 * @param answer the JSON object that the event's kind is answered with over HTTP; empty where it is too large for the
 *     engine, and lies at {@code answer_at} of this server
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record EventResult(
        Envelope envelope,
        int generation,
        Status status,
        Reason reason,
        Instant answered,
        List<Shortfall> missing,
        @Nullable Instant retryAt,
        byte[] answer) {
    public EventResult {
        missing = List.copyOf(missing);
    }

    /** How whole the answer is. */
    public enum Status {
        /** Nothing is missing. */
        COMPLETE,
        /** Some of it is resolved, or all that could be. */
        PARTIAL,
        /** There is no answer but the reason why. */
        FAILED;

        /** Stable name. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why there is a generation. */
    public enum Reason {
        /** The event came. */
        FIRST,
        /** The event's deadline was over, and the rest is still being got. */
        DEADLINE,
        /** What failed was tried again. */
        RETRY,
        /** What was missing has come. */
        LATE;

        /** Stable name. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Of a name that this has written; {@link #FIRST} for all else. */
        public static Reason of(@Nullable String wireName) {
            for (Reason reason : values()) {
                if (reason.wireName().equals(wireName)) {
                    return reason;
                }
            }
            return FIRST;
        }
    }

    /** Where the answer is had over HTTP. */
    public String answerPath() {
        return "/queue/events/" + envelope.organization() + "/" + envelope.project() + "/" + envelope.event()
                + "/results/" + generation;
    }

    /** As {@link #json} gives it, with where the answer is in place of the answer. */
    public static byte[] withoutAnswer(byte[] json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonParser in = Json.parser(new ByteArrayInputStream(json));
                JsonGenerator out = Json.generator(bytes)) {
            String event = "";
            String generation = "";
            in.nextToken();
            out.writeStartObject();
            for (String name; (name = in.nextFieldName()) != null; ) {
                in.nextToken();
                switch (name) {
                    case "organization", "project", "event_id" -> event += "/" + in.getText();
                    case "generation" -> generation = in.getText();
                    default -> {}
                }
                if (name.equals("answer")) {
                    in.skipChildren();
                    out.writeStringField("answer_at", "/queue/events" + event + "/results/" + generation);
                } else {
                    out.writeFieldName(name);
                    out.copyCurrentStructure(in);
                }
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("it was written by us", e);
        }
        return bytes.toByteArray();
    }

    /** As it travels. */
    public byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(answer.length + 1000);
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("version", Envelope.VERSION);
            out.writeStringField("event_id", envelope.event());
            out.writeStringField("organization", envelope.organization());
            out.writeStringField("project", envelope.project());
            out.writeStringField("kind", envelope.kind().wireName());
            out.writeNumberField("generation", generation);
            out.writeStringField("status", status.wireName());
            out.writeStringField("reason", reason.wireName());
            out.writeStringField("answered", answered.toString());
            if (envelope.replyTo() != null) {
                out.writeStringField("reply_to", envelope.replyTo());
            }
            missing(out);
            if (retryAt != null) {
                out.writeStringField("retry_at", retryAt.toString());
            }
            trace(out);
            if (answer.length > 0) {
                out.writeFieldName("answer");
                out.writeRawValue(new String(answer, StandardCharsets.UTF_8));
            } else {
                out.writeStringField("answer_at", answerPath());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private void missing(JsonGenerator out) throws IOException {
        if (missing.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("missing");
        for (Shortfall shortfall : missing) {
            shortfall.write(out);
        }
        out.writeEndArray();
    }

    private void trace(JsonGenerator out) throws IOException {
        if (envelope.trace().isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("trace");
        for (Map.Entry<String, String> header : envelope.trace().entrySet()) {
            out.writeStringField(header.getKey(), header.getValue());
        }
        out.writeEndObject();
    }
}
