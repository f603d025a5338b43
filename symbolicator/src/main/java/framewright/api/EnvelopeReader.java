package framewright.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of {@link Envelope} on the wire. Fields that it does not know are passed over. */
final class EnvelopeReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final int MAX_PRIORITY = 9;
    private static final int MAX_REPLY = 500;
    private static final String DEFAULT = "default";

    private @Nullable String event;
    private String organization = DEFAULT;
    private String project = DEFAULT;
    private @Nullable EventKind kind;
    private @Nullable EventPayload payload;
    private Instant created = Instant.EPOCH;
    private long deadlineMillis = -1;
    private long priority;
    private @Nullable String replyTo;
    private final Map<String, String> trace = new TreeMap<>();

    private EnvelopeReader() {}

    static Envelope read(JsonIn in) throws IOException {
        return new EnvelopeReader().envelope(in);
    }

    private Envelope envelope(JsonIn in) throws IOException {
        long version = -1;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "version" -> version = in.u32();
                case "event_id" -> event = name(in);
                case "organization" -> organization = Objects.requireNonNullElse(name(in), DEFAULT);
                case "project" -> project = Objects.requireNonNullElse(name(in), DEFAULT);
                case "kind" -> kind = kind(in);
                case "payload" -> payload = payload(in);
                case "created" -> created = time(in);
                case "deadline_ms" -> deadlineMillis = in.u32();
                case "priority" -> priority = priority(in);
                case "reply_to" -> replyTo = replyTo(in);
                case "trace" -> trace.putAll(Objects.requireNonNullElse(in.textsByName(), Map.of()));
                default -> in.skip();
            }
        }
        if (version != Envelope.VERSION) {
            throw new InvalidRequestException(
                    "$.version", version < 0 ? "is required; this server reads version 1" : "must be 1, is " + version);
        }
        return new Envelope(
                organization,
                project,
                required(in, event, "event_id"),
                required(in, kind, "kind"),
                required(in, payload, "payload"),
                created,
                deadlineMillis,
                (int) Math.max(0, priority),
                replyTo,
                trace);
    }

    private static <T> T required(JsonIn in, @Nullable T value, String name) {
        if (value == null) {
            throw in.missing(name);
        }
        return value;
    }

    private static @Nullable String name(JsonIn in) throws IOException {
        String text = in.text();
        if (text != null && !NAME.matcher(text).matches()) {
            throw in.invalid("must be 1 to 128 letters, digits and . _ : -");
        }
        return text;
    }

    private static EventKind kind(JsonIn in) throws IOException {
        EventKind kind = EventKind.of(in.text());
        if (kind == null) {
            throw in.invalid("must be native, minidump, apple, js, jvm or stack");
        }
        return kind;
    }

    private static Instant time(JsonIn in) throws IOException {
        String text = in.text();
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            throw in.invalid("must be a time such as 2026-11-26T10:00:00Z");
        }
    }

    private static long priority(JsonIn in) throws IOException {
        long priority = in.u32();
        if (priority > MAX_PRIORITY) {
            throw in.invalid("must be from 0 to 9");
        }
        return priority;
    }

    private static @Nullable String replyTo(JsonIn in) throws IOException {
        String text = in.text();
        if (text != null && text.length() > MAX_REPLY) {
            throw in.invalid("must have 500 characters at most");
        }
        return text;
    }

    private static EventPayload payload(JsonIn in) throws IOException {
        byte[] inline = null;
        String url = null;
        String token = null;
        String request = "{}";
        String platform = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "json" -> inline = in.isNull() ? null : in.json().getBytes(StandardCharsets.UTF_8);
                case "text" -> inline = bytes(in.text());
                case "base64" -> inline = base64(in);
                case "url" -> url = in.text();
                case "token" -> token = in.text();
                case "request" -> request = request(in);
                case "platform" -> platform = in.text();
                default -> in.skip();
            }
        }
        if ((inline == null) == (url == null)) {
            throw in.invalid("must have one of json, text, base64 and url");
        }
        EventPayload.Content content = inline == null
                ? new EventPayload.Reference(Objects.requireNonNull(url), token)
                : new EventPayload.Inline(inline);
        return new EventPayload(content, request, platform);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] base64(JsonIn in) throws IOException {
        String text = in.text();
        try {
            return text == null ? null : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw in.invalid("must be Base64");
        }
    }

    private static String request(JsonIn in) throws IOException {
        if (in.isNull()) {
            return "{}";
        }
        in.object();
        return in.json();
    }
}
