package framewright.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stack trace as text that came over the queue.
 *
 * @param body of the request to that platform's address
 */
public record StackRequest(Platform platform, String body) {
    /** Whose text it is. */
    public enum Platform {
        JAVASCRIPT,
        JAVA,
        DART;

        private static @Nullable Platform of(@Nullable String name) {
            for (Platform platform : values()) {
                if (platform.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return platform;
                }
            }
            return null;
        }
    }

    /** @throws InvalidRequestException where the payload does not say which platform it is */
    public static StackRequest of(EventPayload payload, String text) {
        Platform platform = Platform.of(payload.platform());
        if (platform == null) {
            throw new InvalidRequestException("$.payload.platform", "must be javascript, java or dart");
        }
        try {
            JsonNode request = Json.TREES.readTree(payload.request());
            if (!(request instanceof ObjectNode fields)) {
                throw new InvalidRequestException("$.payload.request", "must be an object");
            }
            if (platform == Platform.JAVA) {
                fields.putArray("stacks").add(text);
            } else {
                fields.put("stack", text);
            }
            return new StackRequest(platform, Json.TREES.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("$.payload.request", "cannot be read: " + e.getOriginalMessage());
        }
    }
}
