package framewright.http;

import framewright.api.SourceConfig;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.StoreViews;
import framewright.store.Tenancy;
import framewright.store.Tenants;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On whose behalf requests look for files, and where. */
final class Callers {
    private final @Nullable Access access;
    private final StoreViews views;
    private final List<SourceConfig> defaultSources;

    /**
     * @param access null: there is no store, hence nobody with a token
     * @param defaultSources for requests that name none
     */
    Callers(@Nullable Access access, StoreViews views, List<SourceConfig> defaultSources) {
        this.access = access;
        this.views = views;
        this.defaultSources = List.copyOf(defaultSources);
    }

    /** Who sent the request, if that one may do this; else the request ends with 401 or 403. */
    Caller of(ServerRequest request, Permission permission) {
        return new Caller(access == null ? null : access.reader(request, permission));
    }

    /** One who asks. */
    final class Caller {
        private final @Nullable Principal principal;

        private Caller(@Nullable Principal principal) {
            this.principal = principal;
        }

        /** Whose files are seen; a server without a store has none. */
        Tenancy tenancy() {
            return access == null ? new Tenancy(-1, null) : access.readersTenancy(principal);
        }

        /** Whose requests these are, as {@code organisation/project}; nothing behind the slash for a token of all projects. */
        String project() {
            Project only = principal == null ? null : principal.project();
            return principal == null
                    ? Tenants.DEFAULT + "/" + Tenants.DEFAULT
                    : principal.organization().slug() + "/" + (only == null ? "" : only.slug());
        }

        /** The project of an address, if this one may see its files; else the request ends with 404. */
        Project project(String organization, String project) {
            if (access == null) {
                throw new ProblemException(Status.NOT_FOUND_404, "this server keeps no symbols of its own");
            }
            return access.readersProject(principal, organization, project);
        }

        /** The store alone as a source. */
        List<SourceConfig> store() {
            return sources(List.of(new SourceConfig.Store("store", null, null)));
        }

        /** Where is looked for files, as of now. {@code named}: what the request names; null: nothing. */
        List<SourceConfig> sources(@Nullable List<SourceConfig> named) {
            return named == null ? views.ofSettings(defaultSources, principal) : views.ofRequest(named, principal);
        }
    }
}
