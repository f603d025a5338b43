package framewright.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.JsonIn;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Release;
import framewright.store.Releases;
import framewright.store.Store;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Releases by the organisation's addresses and, as 2.x has them, by those of a project (contract, A8). */
final class ReleaseEndpoint {
    private static final long BODY_BYTES = 16 << 20;

    /** More than anybody pages through. */
    private static final int MOST = 10_000;

    private final Store store;
    private final Access access;
    private final StoreServices.ReleaseEvents events;

    ReleaseEndpoint(Store store, Access access, StoreServices.ReleaseEvents events) {
        this.store = store;
        this.access = access;
        this.events = events;
    }

    void list(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        SentryPages.send(request, response, store.releases().list(path.project(), MOST), SentryJson::release);
    }

    void listAll(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        List<Release> releases = path.projects().stream()
                .map(project -> store.releases().list(project, MOST))
                .flatMap(Collection::stream)
                .distinct()
                .sorted(Comparator.comparingLong(Release::id).reversed())
                .toList();
        SentryPages.send(request, response, releases, SentryJson::release);
    }

    void create(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        ReleaseBody body = body(request);
        String version = body.version();
        if (version == null || version.isBlank()) {
            throw SentryJson.refused("`version` is missing");
        }
        Release release = put(path, version, body.projects(path), body);
        SentryJson.send(response, Status.CREATED_201, SentryJson.release(release));
    }

    void get(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        SentryJson.send(response, Status.OK_200, SentryJson.release(path.release(request, store)));
    }

    /** Also makes it: whoever finalizes a release need not have made it before. */
    void update(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        ReleaseBody body = body(request);
        String version = SentryPath.part(request, "version");
        Release known = store.releases().get(path.organization(), version);
        List<Project> projects = known != null && body.projects().isEmpty() ? known.projects() : body.projects(path);
        SentryJson.send(response, Status.OK_200, SentryJson.release(put(path, version, projects, body)));
    }

    private Release put(SentryPath path, String version, List<Project> projects, ReleaseBody body) {
        Release release = store.releases().put(path.organization(), version, projects, body.released());
        tell(path, release, false);
        return release;
    }

    private void tell(SentryPath path, Release release, boolean deployed) {
        for (Project project : release.projects()) {
            events.happened(path.organization(), project, release.version(), deployed);
        }
    }

    void delete(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        Release release = path.release(request, store);
        store.releases().delete(path.organization(), release.version());
        store.audit().write(path.organization(), path.principal().name(), "release.delete", release.version());
        response.status(Status.NO_CONTENT_204).send();
    }

    void deploy(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        ReleaseBody body = body(request);
        String environment = body.environment();
        if (environment == null) {
            throw SentryJson.refused("`environment` is missing");
        }
        Release release = path.release(request, store);
        store.releases().deployed(release, environment, body.name());
        tell(path, release, true);
        SentryJson.send(
                response,
                Status.CREATED_201,
                SentryJson.object().put("environment", environment).put("name", body.name()));
    }

    void deploys(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        List<Releases.Deploy> deploys = store.releases().deploys(path.release(request, store));
        SentryPages.send(request, response, deploys, ReleaseEndpoint::deploy);
    }

    private static ObjectNode deploy(Releases.Deploy deploy) {
        return SentryJson.object()
                .put("id", Long.toString(deploy.id()))
                .put("environment", deploy.environment())
                .put("name", deploy.name())
                .put("dateFinished", deploy.created().toString());
    }

    /** We keep no commits, so that clients send what they have, of which nothing is kept. */
    void previous(ServerRequest request, ServerResponse response) {
        SentryPath.of(request, store, access, Permission.READ);
        SentryJson.send(response, Status.OK_200, SentryJson.object());
    }

    private static ReleaseBody body(ServerRequest request) {
        return JsonIn.document(RequestBody.limited(request, BODY_BYTES), ReleaseBody::read);
    }
}
