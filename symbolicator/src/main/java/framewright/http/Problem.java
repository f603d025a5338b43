package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request that gets no answer.
 *
 * @param detail a sentence about what is wrong
 * @param causes what led to it, outermost first
 */
record Problem(Status status, String detail, List<String> causes) {
    Problem(Status status, String detail) {
        this(status, detail, List.of());
    }

    /** {@code {"detail": ..., "causes": [...]}}, without causes where there are none. */
    byte[] body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("detail", detail);
        if (!causes.isEmpty()) {
            ArrayNode list = body.putArray("causes");
            causes.forEach(list::add);
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
