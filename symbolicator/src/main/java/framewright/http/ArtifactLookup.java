package framewright.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.ResolvedWith;
import framewright.debugfiles.DebugId;
import framewright.store.ArtifactBundle;
import framewright.store.ArtifactBundles;
import framewright.store.ReleaseFile;
import framewright.store.Store;
import framewright.store.Tenancy;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET .../artifact-lookup/}: which bundles may hold files of JavaScript, and with {@code download} one of them
 * (contract, B3). Addresses of bundles are below the one that was asked: a client sends its token nowhere else.
 */
final class ArtifactLookup implements Handler {
    private static final int MOST_BUNDLES = 5;

    private static final int MOST_FILES = 10;

    private static final Pattern ARTIFACT = Pattern.compile("(artifact_bundle|release_file)/(\\d{1,18})");

    private final Callers callers;
    private final Store store;
    private final StoredFiles files;

    ArtifactLookup(Callers callers, Store store) {
        this.callers = callers;
        this.store = store;
        this.files = new StoredFiles(store);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        Tenancy who = UpstreamRoutes.project(callers, request).tenancy();
        String wanted = QueryParams.single(request.query(), "download");
        if (wanted != null) {
            download(wanted, who, request, response);
            return;
        }
        String url = PublicUrl.of(request) + "?download=";
        List<ObjectNode> rows = new ArrayList<>();
        bundles(request.query(), who)
                .forEach(match -> rows.add(row(
                        "bundle",
                        "artifact_bundle/" + match.bundle().id(),
                        url,
                        match.byDebugId() ? ResolvedWith.DEBUG_ID : ResolvedWith.INDEX)));
        files(request.query(), who).forEach(file -> {
            ObjectNode row = row("file", "release_file/" + file.id(), url, ResolvedWith.RELEASE_OLD);
            row.put("abs_path", file.name());
            ObjectNode headers = row.putObject("headers");
            file.headers().forEach(headers::put);
            rows.add(row);
        });
        SentryJson.send(response, Status.OK_200, SentryJson.list(rows, row -> row));
    }

    private List<ArtifactBundles.Match> bundles(UriQuery query, Tenancy who) {
        List<DebugId> ids = query.all("debug_id", List::of).stream()
                .map(DebugId::parse)
                .filter(Objects::nonNull)
                .toList();
        return store.bundles()
                .find(
                        who,
                        ids,
                        QueryParams.single(query, "release"),
                        dist(query),
                        query.all("url", List::of),
                        MOST_BUNDLES);
    }

    private static String dist(UriQuery query) {
        String dist = QueryParams.single(query, "dist");
        return dist == null ? "" : dist;
    }

    private static ObjectNode row(String type, String id, String url, ResolvedWith how) {
        return SentryJson.object()
                .put("type", type)
                .put("id", id)
                .put("url", url + id)
                .put("resolved_with", how.wireName());
    }

    /** Single files of the release, which only old clients have sent. */
    private List<ReleaseFile> files(UriQuery query, Tenancy who) {
        String release = QueryParams.single(query, "release");
        return release == null
                ? List.of()
                : store.releaseFiles().find(who, release, dist(query), query.all("url", List::of), MOST_FILES);
    }

    private void download(String wanted, Tenancy who, ServerRequest request, ServerResponse response)
            throws IOException {
        Matcher name = ARTIFACT.matcher(wanted);
        FileReply reply = name.matches() ? reply(name.group(1), Long.parseLong(name.group(2)), who) : null;
        if (reply == null) {
            throw new ProblemException(Status.NOT_FOUND_404, "there is no artifact " + wanted);
        }
        reply.send(request, response);
    }

    private @Nullable FileReply reply(String type, long id, Tenancy who) {
        if (type.equals("artifact_bundle")) {
            ArtifactBundle bundle = store.bundles().get(who, id);
            if (bundle == null) {
                return null;
            }
            store.uses().note(bundle);
            return files.reply(FileReply.BINARY, bundle.size(), bundle.digest(), bundle.created());
        }
        ReleaseFile file = store.releaseFiles().get(who, id);
        if (file == null) {
            return null;
        }
        store.uses().note(file);
        return files.reply(FileReply.BINARY, file.size(), file.digest(), file.created());
    }
}
