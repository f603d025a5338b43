package framewright.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Release;
import framewright.store.ReleaseFile;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The store's records as Sentry's clients read them (contract, A4 to A8). */
final class SentryJson {
    /** Those that clients know. */
    private static final List<String> FEATURES = List.of("debug", "symtab", "unwind", "sources");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SentryJson() {}

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static <T> ArrayNode list(List<T> values, Function<T, ObjectNode> each) {
        ArrayNode list = NODES.arrayNode();
        values.forEach(value -> list.add(each.apply(value)));
        return list;
    }

    static ObjectNode debugFile(DebugFile file) {
        DebugFile.Entry entry = file.entry();
        DebugId debugId = entry.debugId();
        CodeId codeId = entry.codeId();
        ObjectNode node = object().put("id", Long.toString(file.id()))
                .put("uuid", debugId == null ? null : debugId.uuid().toString())
                .put("debugId", debugId == null ? null : debugId.toString())
                .put("codeId", codeId == null ? null : codeId.hex())
                .put("cpuName", entry.arch())
                .put("objectName", entry.name())
                .put("symbolType", entry.kind().wireName())
                .put("sha1", file.sha1())
                .put("size", file.size())
                .put("dateCreated", file.created().toString());
        node.putObject("headers").put("Content-Type", "application/octet-stream");
        ObjectNode data = node.putObject("data").put("type", entry.objectKind());
        ArrayNode features = data.putArray("features");
        FEATURES.stream().filter(entry.features()::contains).forEach(features::add);
        return node;
    }

    static ObjectNode organization(Organization organization) {
        ObjectNode node = object().put("id", Long.toString(organization.id()))
                .put("slug", organization.slug())
                .put("name", organization.name())
                .put("dateCreated", Instant.EPOCH.toString())
                .put("isEarlyAdopter", false)
                .put("require2FA", false)
                .put("requireEmailVerification", false);
        node.putObject("status").put("id", "active").put("name", "active");
        node.putArray("features");
        return node;
    }

    static ObjectNode project(Project project) {
        return object().put("id", Long.toString(project.id()))
                .put("slug", project.slug())
                .put("name", project.name())
                .put("status", "active")
                .putNull("team");
    }

    static ObjectNode release(Release release) {
        ObjectNode node = object().put("id", release.id())
                .put("version", release.version())
                .put("shortVersion", release.version())
                .put("status", "open")
                .put("dateCreated", release.created().toString())
                .put("dateReleased", time(release.released()))
                .put("newGroups", 0)
                .put("commitCount", 0)
                .putNull("lastEvent")
                .putNull("url");
        node.set("projects", list(release.projects(), SentryJson::project));
        return node;
    }

    static ObjectNode releaseFile(ReleaseFile file) {
        ObjectNode node = object().put("id", Long.toString(file.id()))
                .put("name", file.name())
                .put("dist", file.dist().isEmpty() ? null : file.dist())
                .put("sha1", file.sha1())
                .put("size", file.size())
                .put("dateCreated", file.created().toString());
        ObjectNode headers = node.putObject("headers");
        file.headers().forEach(headers::put);
        return node;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    static void send(ServerResponse response, Status status, JsonNode body) {
        Replies.json(response.status(status), body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A request that Sentry would refuse in these words, which clients print. */
    static ProblemException refused(String problem) {
        return new ProblemException(Status.BAD_REQUEST_400, problem);
    }
}
