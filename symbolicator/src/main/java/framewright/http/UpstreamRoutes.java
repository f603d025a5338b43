package framewright.http;

import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;

/** What a symbolicator asks of Sentry, so that one with a source of the type {@code sentry} can be pointed at here. */
final class UpstreamRoutes {
    private static final String PROJECT = "/api/0/projects/{organization}/{project}";

    private final Callers callers;
    private final Store store;

    UpstreamRoutes(Callers callers, Store store) {
        this.callers = callers;
        this.store = store;
    }

    void addTo(RouteTable table) {
        Handler files = new DebugFileList(callers, store);
        table.add(Method.GET, PROJECT + "/files/dsyms[/]", "/files/dsyms", files);
        table.add(Method.HEAD, PROJECT + "/files/dsyms[/]", "/files/dsyms", files);
        Handler artifacts = new ArtifactLookup(callers, store);
        table.add(Method.GET, PROJECT + "/artifact-lookup[/]", "/artifact-lookup", artifacts);
        table.add(Method.HEAD, PROJECT + "/artifact-lookup[/]", "/artifact-lookup", artifacts);
    }

    /** The project of the address; its files are the first of its organisation's. */
    static Project project(Callers callers, ServerRequest request) {
        return callers.of(request, Permission.READ)
                .project(SentryPath.part(request, "organization"), SentryPath.part(request, "project"));
    }
}
