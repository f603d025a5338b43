package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.ResolvedWith;
import framewright.debugfiles.DebugId;
import framewright.store.ArtifactBundle;
import framewright.store.Store;
import framewright.store.Tenancy;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code GET .../artifact-lookup/}: which bundles may hold files of JavaScript, and with {@code download} one of them
 * (contract, B3). Addresses of bundles are below the one that was asked: a client sends its token nowhere else.
 */
final class ArtifactLookup implements Handler {
    private static final int MOST_BUNDLES = 5;

    private static final Pattern BUNDLE = Pattern.compile("artifact_bundle/(\\d{1,18})");

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
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        bundles(request.query(), who).forEach((bundle, how) -> {
            ObjectNode row = rows.addObject();
            String id = "artifact_bundle/" + bundle.id();
            row.put("type", "bundle");
            row.put("id", id);
            row.put("url", PublicUrl.of(request) + "?download=" + id);
            row.put("resolved_with", how.wireName());
        });
        Replies.json(response, rows.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** By debug ids first, each with how it was found. */
    private Map<ArtifactBundle, ResolvedWith> bundles(UriQuery query, Tenancy who) {
        Map<ArtifactBundle, ResolvedWith> found = new LinkedHashMap<>();
        for (String text : query.all("debug_id", List::of)) {
            DebugId id = DebugId.parse(text);
            if (id != null && found.size() < MOST_BUNDLES) {
                store.bundles()
                        .byDebugId(who, id, MOST_BUNDLES - found.size())
                        .forEach(bundle -> found.putIfAbsent(bundle, ResolvedWith.DEBUG_ID));
            }
        }
        String release = QueryParams.single(query, "release");
        String dist = QueryParams.single(query, "dist");
        if (found.isEmpty() && release != null) {
            store.bundles()
                    .byAddress(who, release, dist == null ? "" : dist, query.all("url", List::of), MOST_BUNDLES)
                    .forEach(bundle -> found.put(bundle, ResolvedWith.INDEX));
        }
        return found;
    }

    private void download(String wanted, Tenancy who, ServerRequest request, ServerResponse response)
            throws IOException {
        Matcher name = BUNDLE.matcher(wanted);
        ArtifactBundle bundle = name.matches() ? store.bundles().get(who, Long.parseLong(name.group(1))) : null;
        if (bundle == null) {
            throw new ProblemException(Status.NOT_FOUND_404, "there is no artifact " + wanted);
        }
        files.reply(FileReply.BINARY, bundle.size(), bundle.digest(), bundle.created())
                .send(request, response);
    }
}
