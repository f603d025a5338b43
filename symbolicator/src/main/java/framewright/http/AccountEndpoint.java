package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Store;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/** What a token is, and what it reaches. */
final class AccountEndpoint {
    /** Our permissions in the words that clients show. */
    private static final Map<Permission, List<String>> SCOPES = Map.of(
            Permission.READ, List.of("org:read", "project:read"),
            Permission.UPLOAD, List.of("project:releases", "project:write"),
            Permission.SYMBOLICATE, List.of("event:read"),
            Permission.ADMIN, List.of("org:admin", "project:admin"));

    private final Store store;
    private final Access access;

    AccountEndpoint(Store store, Access access) {
        this.store = store;
        this.access = access;
    }

    /** {@code GET /api/0/}: whether the token is good. Nobody in particular is behind it. */
    void info(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request);
        ObjectNode node = SentryJson.object().put("version", "0");
        ArrayNode scopes = node.putObject("auth").putArray("scopes");
        SCOPES.forEach((permission, names) -> {
            if (principal.may(permission)) {
                names.forEach(scopes::add);
            }
        });
        SentryJson.send(response, Status.OK_200, node.putNull("user"));
    }

    void organizations(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request);
        SentryPages.send(request, response, List.of(principal.organization()), SentryJson::organization);
    }

    void projects(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        SentryPages.send(request, response, path.projects(), SentryJson::project);
    }

    /** We know of no repositories; clients then take the commits from their own. */
    void repositories(ServerRequest request, ServerResponse response) {
        SentryPath.of(request, store, access, Permission.READ);
        SentryJson.send(response, Status.OK_200, JsonNodeFactory.instance.arrayNode());
    }
}
