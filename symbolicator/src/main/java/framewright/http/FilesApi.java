package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.store.ArtifactBundle;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.store.Store;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** What a project has, in pages, and deleting of it. */
final class FilesApi {
    private static final int PAGE = 500;

    private final Store store;
    private final Access access;

    FilesApi(Store store, Access access) {
        this.store = store;
        this.access = access;
    }

    /** {@code ?query=} in names and ids, {@code ?before=} the id that the page before ended with. */
    void list(ServerRequest request, ServerResponse response) {
        Project project = project(request, access.require(request, Permission.READ));
        String query = QueryParams.single(request.query(), "query");
        List<DebugFile> files = store.debugFiles().list(project, query == null ? "" : query, before(request), PAGE);
        ObjectNode body = SentryJson.object();
        ArrayNode list = body.putArray("files");
        files.forEach(file -> list.add(PutUploadEndpoint.entry(file.entry())
                .put("id", file.id())
                .put("sha1", file.sha1())
                .put("size", file.size())
                .put("created", file.created().toString())
                .put("used", file.used().toString())));
        page(body, files.size(), files.isEmpty() ? 0 : files.getLast().id());
        SentryJson.send(response, Status.OK_200, body);
    }

    void delete(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.ADMIN);
        Project project = project(request, principal);
        long id = number(request.path().pathParameters().get("id"));
        deleted(response, principal, store.debugFiles().delete(project, id), "file.delete", project.slug() + "/" + id);
    }

    void listBundles(ServerRequest request, ServerResponse response) {
        Project project = project(request, access.require(request, Permission.READ));
        List<ArtifactBundle> bundles = store.bundles().list(project, before(request), PAGE);
        ObjectNode body = SentryJson.object();
        ArrayNode list = body.putArray("bundles");
        bundles.forEach(bundle -> list.addObject()
                .put("id", bundle.id())
                .put("bundle_id", bundle.bundleId())
                .put("release", bundle.release().isEmpty() ? null : bundle.release())
                .put("dist", bundle.dist().isEmpty() ? null : bundle.dist())
                .put("files", bundle.files())
                .put("size", bundle.size())
                .put("created", bundle.created().toString()));
        page(body, bundles.size(), bundles.isEmpty() ? 0 : bundles.getLast().id());
        SentryJson.send(response, Status.OK_200, body);
    }

    void deleteBundle(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.ADMIN);
        Project project = project(request, principal);
        long id = number(request.path().pathParameters().get("id"));
        boolean ofProject = store.bundles().list(project, id + 1, 1).stream().anyMatch(bundle -> bundle.id() == id);
        deleted(
                response,
                principal,
                ofProject && store.bundles().delete(principal.organization(), id),
                "bundle.delete",
                project.slug() + "/" + id);
    }

    private Project project(ServerRequest request, Principal principal) {
        return access.project(
                principal,
                principal.organization().slug(),
                request.path().pathParameters().get("project"));
    }

    private void deleted(ServerResponse response, Principal principal, boolean deleted, String action, String subject) {
        if (!deleted) {
            throw new ProblemException(
                    Status.NOT_FOUND_404, "there is no " + subject + "; `framewright ls` lists what there is");
        }
        store.audit().write(principal.organization(), principal.name(), action, subject);
        response.status(Status.NO_CONTENT_204).send();
    }

    /** {@code next} is there where more may follow: the value of {@code before} for it. */
    private static void page(ObjectNode body, int count, long last) {
        if (count == PAGE) {
            body.put("next", last);
        }
    }

    private static long before(ServerRequest request) {
        String before = QueryParams.single(request.query(), "before");
        return before == null ? Long.MAX_VALUE : number(before);
    }

    static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(Status.BAD_REQUEST_400, "\"" + text + "\" is no number of a list");
        }
        return Long.parseLong(text);
    }
}
