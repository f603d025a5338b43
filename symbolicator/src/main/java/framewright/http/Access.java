package framewright.http;

import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.Store;
import framewright.store.Tenancy;
import framewright.store.Tenants;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and what that one may. Tokens come as {@code Authorization: Bearer}, as Tecken's {@code Auth-Token}, or as
 * {@code key} in the query, as Breakpad's client sends them; debuginfod's {@code /metadata} has a {@code key} of its own.
 */
final class Access {
    private static final HeaderName AUTH_TOKEN = HeaderNames.create("Auth-Token");
    private static final String BEARER = "bearer ";

    /** In a label and at the end of a token. */
    private static final int MAX_DASHES = 8;

    private final Store store;
    private final boolean open;

    /** @param open whether reading and symbolicating need no token */
    Access(Store store, boolean open) {
        this.store = store;
        this.open = open;
    }

    /** Who holds the token of the request, and may do that; else the request ends here with 401 or 403. */
    Principal require(ServerRequest request, Permission permission) {
        Principal principal = require(request);
        if (!principal.may(permission)) {
            throw new ProblemException(
                    Status.FORBIDDEN_403,
                    "the token \"" + principal.name() + "\" does not include the permission `" + permission.wireName()
                            + "`");
        }
        return principal;
    }

    /** Who holds the token of the request, whatever it lets him do; else the request ends here with 401. */
    Principal require(ServerRequest request) {
        String token = token(request);
        if (token == null) {
            throw new ProblemException(
                    Status.UNAUTHORIZED_401,
                    "this needs a token: send it as `Authorization: Bearer ...`; `framewright tokens create` makes one");
        }
        Principal principal = store.tokens().authenticate(token);
        if (principal == null && request.headers().contains(AUTH_TOKEN)) {
            principal = withoutLabel(token);
        }
        if (principal == null) {
            throw new ProblemException(Status.UNAUTHORIZED_401, "the token is unknown, expired or revoked");
        }
        return principal;
    }

    /** Clients of Tecken may add a dash and a word of theirs to a token, which may have dashes itself. */
    private @Nullable Principal withoutLabel(String token) {
        Principal principal = null;
        int dash = token.length();
        for (int tries = 0; principal == null && tries < MAX_DASHES; tries++) {
            dash = token.lastIndexOf('-', dash - 1);
            if (dash <= 0) {
                return null;
            }
            principal = store.tokens().authenticate(token.substring(0, dash));
        }
        return principal;
    }

    /**
     * For whom files are looked up.
     *
     * @return null: for everyone, because nobody has to say who he is and nobody did
     */
    @Nullable
    Principal reader(ServerRequest request, Permission permission) {
        return open && token(request) == null ? null : require(request, permission);
    }

    /** The organisation of this slug, if it is the principal's; else the request ends with 404, whether there is one. */
    static Organization organization(Principal principal, String slug) {
        if (!principal.organization().slug().equalsIgnoreCase(slug)
                && !String.valueOf(principal.organization().id()).equals(slug)) {
            throw new ProblemException(
                    Status.NOT_FOUND_404,
                    "the token \"" + principal.name() + "\" is of the organisation "
                            + principal.organization().slug() + ", not of " + slug);
        }
        return principal.organization();
    }

    /** The project of this slug or number, if the principal reaches it; else the request ends with 404. */
    Project project(Principal principal, String organization, String slug) {
        Project project = store.tenants().project(organization(principal, organization), slug);
        if (project == null || !principal.reaches(project)) {
            throw new ProblemException(
                    Status.NOT_FOUND_404,
                    "there is no project " + slug + " in the organisation "
                            + principal.organization().slug()
                            + " that the token reaches; `framewright projects create` makes one");
        }
        return project;
    }

    static Tenancy tenancy(Principal principal) {
        Project project = principal.project();
        return new Tenancy(principal.organization().id(), project == null ? null : project.id());
    }

    /** As keys have it, where the asker may see it; the default one need not be there. */
    String projectKey(@Nullable Principal principal, String organization, String slug) {
        boolean isDefault = organization.equals(Tenants.DEFAULT) && slug.equals(Tenants.DEFAULT);
        if (principal == null && isDefault) {
            return Tenants.DEFAULT + "/" + Tenants.DEFAULT;
        }
        Project project = readersProject(principal, organization, slug);
        String own =
                principal == null ? Tenants.DEFAULT : principal.organization().slug();
        return own + "/" + project.slug();
    }

    /** The projects whose events a reader sees, as {@code organisation/project}, or {@code organisation/} for all of them. */
    String reach(@Nullable Principal reader, ServerRequest request) {
        String named = QueryParams.single(request.query(), "project");
        String organization =
                reader == null ? Tenants.DEFAULT : reader.organization().slug();
        if (named != null && !named.isEmpty()) {
            return projectKey(reader, organization, named);
        }
        Project only = reader == null ? null : reader.project();
        return organization + "/" + (only == null ? "" : only.slug());
    }

    /** Of one who may read. {@code reader}: null: nobody in particular, who sees {@link Tenants#DEFAULT}. */
    Tenancy readersTenancy(@Nullable Principal reader) {
        return reader == null ? tenancy(anyone()) : tenancy(reader);
    }

    /** Nobody in particular. Before there is a default organisation, one without files. */
    private Principal anyone() {
        Organization known = store.tenants().organization(Tenants.DEFAULT);
        Organization organization = known == null ? new Organization(-1, Tenants.DEFAULT, "") : known;
        return new Principal(-1, "", organization, null, Set.of(Permission.READ));
    }

    /** The project of an address, for one who may read; else the request ends with 404. */
    Project readersProject(@Nullable Principal reader, String organization, String slug) {
        return project(reader == null ? anyone() : reader, organization, slug);
    }

    private static @Nullable String token(ServerRequest request) {
        String bearer = request.headers().value(HeaderNames.AUTHORIZATION).orElse("");
        if (bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return bearer.substring(BEARER.length()).strip();
        }
        String plain = request.headers().value(AUTH_TOKEN).orElse(null);
        if (plain != null || request.path().path().equals(MetadataEndpoint.PATH)) {
            return plain;
        }
        return QueryParams.single(request.query(), "key");
    }
}
