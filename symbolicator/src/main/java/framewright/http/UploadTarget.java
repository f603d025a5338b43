package framewright.http;

import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.Store;
import framewright.uploads.Intake;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;

/** Where the files of clients go whose addresses name no project. */
final class UploadTarget {
    private UploadTarget() {}

    /** The token's project; else {@code ?project=}; else the organisation's only one, or the one of the first start. */
    static Intake.Target of(ServerRequest request, Store store, Access access) {
        Principal principal = access.require(request, Permission.UPLOAD);
        Organization organization = principal.organization();
        String named = QueryParams.single(request.query(), "project");
        if (named != null) {
            return Intake.Target.of(organization, access.project(principal, organization.slug(), named));
        }
        Project own = principal.project();
        if (own != null) {
            return Intake.Target.of(organization, own);
        }
        List<Project> all = store.tenants().projects(organization);
        Project first = store.tenants().project(organization, "default");
        Project chosen = all.size() == 1 ? all.getFirst() : first;
        if (chosen == null) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    "say which project this is for: add ?project=SLUG to the address, or use a token of one project");
        }
        return Intake.Target.of(organization, chosen);
    }
}
