package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.JsonIn;
import framewright.store.Audit;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.Store;
import framewright.store.Tenants;
import framewright.store.Tokens;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Projects, tokens and the log of changes of the organisation that the token is of. */
final class TenantsApi {
    private static final long BODY_BYTES = 64 << 10;
    private static final int MAX_NAME = 200;
    private static final int MAX_DAYS = 36_500;
    private static final int MAX_CHANGES = 1000;

    private final Store store;
    private final Access access;

    TenantsApi(Store store, Access access) {
        this.store = store;
        this.access = access;
    }

    void projects(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.READ);
        List<Project> all = store.tenants().projects(principal.organization()).stream()
                .filter(principal::reaches)
                .toList();
        ObjectNode body =
                SentryJson.object().put("organization", principal.organization().slug());
        body.set("projects", SentryJson.list(all, SentryJson::project));
        SentryJson.send(response, Status.OK_200, body);
    }

    void createProject(ServerRequest request, ServerResponse response) {
        Principal principal = administrator(request);
        Body body = body(request);
        String slug = body.name;
        if (slug == null || !Tenants.isSlug(slug)) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    "`name` must be 1 to 100 letters, digits, `-` and `_`, and not only digits");
        }
        Project project = store.tenants().project(principal.organization(), slug, slug);
        store.audit().write(principal.organization(), principal.name(), "project.create", project.slug());
        SentryJson.send(response, Status.CREATED_201, SentryJson.project(project));
    }

    void tokens(ServerRequest request, ServerResponse response) {
        Principal principal = administrator(request);
        ObjectNode body = SentryJson.object();
        body.set("tokens", SentryJson.list(store.tokens().list(principal.organization()), TenantsApi::token));
        SentryJson.send(response, Status.OK_200, body);
    }

    private static ObjectNode token(Tokens.Info info) {
        Project project = info.principal().project();
        ObjectNode node = SentryJson.object()
                .put("id", info.principal().token())
                .put("name", info.principal().name())
                .put("project", project == null ? null : project.slug())
                .put("created", info.created().toString())
                .put("expires", text(info.expires()))
                .put("used", text(info.used()))
                .put("revoked", info.revoked());
        ArrayNode permissions = node.putArray("permissions");
        info.principal().permissions().stream().sorted().forEach(may -> permissions.add(may.wireName()));
        return node;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** The only answer that holds the token itself. */
    void createToken(ServerRequest request, ServerResponse response) {
        Principal principal = administrator(request);
        Body body = body(request);
        if (body.name == null || body.name.isBlank() || body.name.length() > MAX_NAME) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    "`name` must say what the token is for, in up to " + MAX_NAME + " characters");
        }
        Project project = body.project == null
                ? principal.project()
                : access.project(principal, principal.organization().slug(), body.project);
        Instant expires = body.days == null ? null : store.tokens().in(Duration.ofDays(body.days));
        String token = store.tokens().create(principal.organization(), project, body.name, body.permissions, expires);
        store.audit().write(principal.organization(), principal.name(), "token.create", body.name);
        SentryJson.send(
                response,
                Status.CREATED_201,
                SentryJson.object().put("token", token).put("name", body.name));
    }

    void revokeToken(ServerRequest request, ServerResponse response) {
        Principal principal = administrator(request);
        long id = FilesApi.number(request.path().pathParameters().get("id"));
        if (!store.tokens().revoke(principal.organization(), id)) {
            throw new ProblemException(
                    Status.NOT_FOUND_404,
                    "there is no token " + id + " that is not revoked; `framewright tokens` lists them");
        }
        store.audit().write(principal.organization(), principal.name(), "token.revoke", String.valueOf(id));
        response.status(Status.NO_CONTENT_204).send();
    }

    void audit(ServerRequest request, ServerResponse response) {
        Principal principal = administrator(request);
        ObjectNode body = SentryJson.object();
        List<Audit.Change> changes = store.audit().list(principal.organization(), MAX_CHANGES);
        body.set(
                "changes",
                SentryJson.list(
                        changes,
                        change -> SentryJson.object()
                                .put("happened", change.happened().toString())
                                .put("actor", change.actor())
                                .put("action", change.action())
                                .put("subject", change.subject())));
        SentryJson.send(response, Status.OK_200, body);
    }

    /** One whose token is not good for a single project alone, and may do everything in all of them. */
    private Principal administrator(ServerRequest request) {
        Principal principal = access.require(request, Permission.ADMIN);
        if (principal.project() != null) {
            throw new ProblemException(
                    Status.FORBIDDEN_403,
                    "the token \"" + principal.name() + "\" is good for the project "
                            + principal.project().slug() + " alone, and this is the whole organisation's");
        }
        return principal;
    }

    /**
     * @param days until it expires; null: it does not
     */
    private record Body(
            @Nullable String name,
            @Nullable String project,
            Set<Permission> permissions,
            @Nullable Integer days) {}

    private static Body body(ServerRequest request) {
        return JsonIn.document(RequestBody.json(request, BODY_BYTES), TenantsApi::read);
    }

    private static Body read(JsonIn in) throws IOException {
        String name = null;
        String project = null;
        Set<Permission> permissions = EnumSet.of(Permission.UPLOAD);
        Integer days = null;
        in.object();
        for (String field; (field = in.nextField()) != null; ) {
            switch (field) {
                case "name" -> name = in.text();
                case "project" -> project = in.text();
                case "permissions" -> permissions = permissions(in);
                case "expires_in_days" -> days = in.isNull() ? null : days(in);
                default -> in.skip();
            }
        }
        return new Body(name, project, permissions, days);
    }

    private static int days(JsonIn in) throws IOException {
        long days = in.u32();
        if (days == 0 || days > MAX_DAYS) {
            throw in.invalid("must be from 1 to " + MAX_DAYS);
        }
        return (int) days;
    }

    private static Set<Permission> permissions(JsonIn in) throws IOException {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        in.array();
        while (in.nextElement()) {
            String text = in.text();
            Permission permission = text == null ? null : Permission.of(text);
            if (permission == null) {
                throw in.invalid("must be upload, read, symbolicate or admin");
            }
            permissions.add(permission);
        }
        if (permissions.isEmpty()) {
            throw in.invalid("must name one permission at least");
        }
        return permissions;
    }
}
