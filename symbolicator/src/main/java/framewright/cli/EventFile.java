package framewright.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.CrashKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an event of a file, by what is in it. */
final class EventFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern JAVA_FRAME = Pattern.compile(
            "(?m)^\\s*at .+\\((\\S+\\.(java|kt)(:\\d+)?|Native Method|Unknown Source|r8-map-id-\\S+|SourceFile(:\\d+)?)\\)");
    private static final String DART_HEADER = "*** *** ***";

    private EventFile() {}

    /**
     * The event: the file itself where it is one.
     *
     * @param kind as {@code native}, {@code js}, ...; null: by what is in it
     * @throws UsageException where it cannot be told what it is
     */
    static ObjectNode read(Path file, @Nullable String kind) throws IOException {
        CrashKind crash = CrashFile.kind(file);
        byte[] content = Files.readAllBytes(file);
        if (crash == CrashKind.MINIDUMP || "minidump".equals(kind)) {
            return event("minidump", payload("base64", Base64.getEncoder().encodeToString(content)));
        }
        String text = new String(content, StandardCharsets.UTF_8);
        if (crash == CrashKind.APPLE_REPORT || "apple".equals(kind)) {
            return event("apple", payload("text", text));
        }
        JsonNode json = text.stripLeading().startsWith("{") ? tree(file, content) : null;
        if (json instanceof ObjectNode object) {
            return object.has("event_id") && object.has("payload") ? object : ofRequest(object, kind);
        }
        ObjectNode payload = payload("text", text).put("platform", platform(text));
        return event("stack", payload);
    }

    private static JsonNode tree(Path file, byte[] content) throws IOException {
        try {
            return JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw new UsageException(file + " begins like JSON and is none: " + e.getOriginalMessage());
        }
    }

    private static ObjectNode ofRequest(ObjectNode request, @Nullable String kind) {
        ObjectNode payload = JSON.createObjectNode();
        payload.set("json", request);
        return event(kind == null ? kind(request) : kind, payload);
    }

    /** What only one of the requests has. */
    private static String kind(ObjectNode request) {
        String first = request.path("modules").path(0).path("type").asText();
        if (first.equals("sourcemap")
                || request.path("stacktraces").path(0).path("frames").path(0).has("abs_path")) {
            return request.path("modules").path(0).has("uuid") ? "jvm" : "js";
        }
        boolean jvm =
                first.equals("proguard") || first.equals("source") || request.has("classes") || request.has("stacks");
        return jvm ? "jvm" : "native";
    }

    private static String platform(String text) {
        return text.contains(DART_HEADER) ? "dart" : JAVA_FRAME.matcher(text).find() ? "java" : "javascript";
    }

    private static ObjectNode payload(String form, String content) {
        return JSON.createObjectNode().put(form, content);
    }

    private static ObjectNode event(String kind, ObjectNode payload) {
        ObjectNode event = JSON.createObjectNode().put("version", 1).put("kind", kind);
        event.set("payload", payload);
        return event;
    }
}
