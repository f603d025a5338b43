package framewright.http;

import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.Release;
import framewright.store.Store;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;

/**
 * What the address of a request names, and who names it.
 *
 * @param projects the one that is named; where none is, all that the principal reaches
 */
record SentryPath(Principal principal, Organization organization, List<Project> projects) {
    /** What clients put for a slash, which a part of an address cannot hold. */
    private static final char SLASH = '\uFFFD';

    /** Reads an address; the request ends here where it names what the token does not reach. */
    static SentryPath of(ServerRequest request, Store store, Access access, Permission permission) {
        Principal principal = access.require(request, permission);
        Organization organization = Access.organization(principal, part(request, "organization"));
        if (request.path().pathParameters().contains("project")) {
            Project project = access.project(principal, organization.slug(), part(request, "project"));
            return new SentryPath(principal, organization, List.of(project));
        }
        List<Project> all = store.tenants().projects(organization).stream()
                .filter(principal::reaches)
                .toList();
        return new SentryPath(principal, organization, all);
    }

    Project project() {
        return projects.getFirst();
    }

    static String part(ServerRequest request, String name) {
        return request.path().pathParameters().get(name).replace(SLASH, '/');
    }

    /** The release that the address names; the request ends with 404 where there is none. */
    Release release(ServerRequest request, Store store) {
        String version = part(request, "version");
        Release release = store.releases().get(organization, version);
        if (release == null) {
            throw new ProblemException(
                    Status.NOT_FOUND_404, "there is no release " + version + " in " + organization.slug());
        }
        return release;
    }
}
