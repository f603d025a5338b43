package framewright.http;

import io.helidon.http.Method;

/**
 * {@code /api/v1}: what our own commands ask of the store where Sentry's API has nothing for it. The token says which
 * organisation is meant. Answers are JSON.
 */
final class StoreApiRoutes {
    private static final String ROOT = "/api/v1";

    private final FilesApi files;
    private final TenantsApi tenants;

    StoreApiRoutes(StoreServices services, Access access) {
        this.files = new FilesApi(services.store(), access);
        this.tenants = new TenantsApi(services.store(), access);
    }

    void addTo(RouteTable table) {
        String project = ROOT + "/projects/{project}";
        table.add(Method.GET, project + "/files", ROOT + "/files", files::list);
        table.add(Method.DELETE, project + "/files/{id}", ROOT + "/files", files::delete);
        table.add(Method.GET, project + "/bundles", ROOT + "/bundles", files::listBundles);
        table.add(Method.DELETE, project + "/bundles/{id}", ROOT + "/bundles", files::deleteBundle);
        table.add(Method.GET, ROOT + "/projects", ROOT + "/projects", tenants::projects);
        table.add(Method.POST, ROOT + "/projects", ROOT + "/projects", tenants::createProject);
        table.add(Method.GET, ROOT + "/tokens", ROOT + "/tokens", tenants::tokens);
        table.add(Method.POST, ROOT + "/tokens", ROOT + "/tokens", tenants::createToken);
        table.add(Method.DELETE, ROOT + "/tokens/{id}", ROOT + "/tokens", tenants::revokeToken);
        table.add(Method.GET, ROOT + "/audit", ROOT + "/audit", tenants::audit);
    }
}
