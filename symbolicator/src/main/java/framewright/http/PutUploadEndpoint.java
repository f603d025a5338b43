package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Project;
import framewright.uploads.Intake;
import framewright.uploads.MemberName;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT /upload/{organization}/{project}/{name}}: a debug file, or an archive of them. The answer lists what was
 * accepted and what was refused: 201 where all was accepted, 200 and {@code "status": "partial"} where some was, 422 where
 * nothing was. Files of an archive that were accepted stay, whatever comes of the others. It waits until the tables of large files
 * are made, of which some may be of no use, for ten seconds at most; not at all with {@code wait=false}.
 */
final class PutUploadEndpoint implements Handler {
    private final StoreServices services;
    private final Access access;

    PutUploadEndpoint(StoreServices services, Access access) {
        this.services = services;
        this.access = access;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Principal principal = access.require(request, Permission.UPLOAD);
        Project project = access.project(
                principal,
                request.path().pathParameters().get("organization"),
                request.path().pathParameters().get("project"));
        String name = request.path().pathParameters().get("name");
        String problem = MemberName.problem(name);
        if (problem != null) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400, "the file cannot be called \"" + name + "\": " + problem);
        }
        Intake.Target target = new Intake.Target(
                principal.organization(),
                project,
                QueryParams.single(request.query(), "release"),
                QueryParams.single(request.query(), "dist"),
                debugId(QueryParams.single(request.query(), "debug_id")));
        boolean waits = QueryParams.flag(request.query(), "wait", true);
        Intake.Taken taken = services.intake()
                .take(
                        target,
                        RequestBody.limited(request, services.maxFileBytes()),
                        name,
                        waits ? Intake.VERDICT : Duration.ZERO);
        boolean none = taken.kept().isEmpty();
        boolean all = taken.refused().isEmpty();
        Status status = none ? Status.UNPROCESSABLE_CONTENT_422 : all ? Status.CREATED_201 : Status.OK_200;
        ObjectNode body = SentryJson.object().put("status", none ? "refused" : all ? "accepted" : "partial");
        if (none) {
            body.put("detail", detail(taken));
        }
        ArrayNode accepted = body.putArray("accepted");
        taken.kept().forEach(kept -> accepted.add(kept(kept)));
        ArrayNode refused = body.putArray("refused");
        taken.refused()
                .forEach(file -> refused.addObject().put("name", file.name()).put("reason", file.reason()));
        SentryJson.send(response, status, body);
    }

    private static @Nullable DebugId debugId(@Nullable String text) {
        if (text == null) {
            return null;
        }
        DebugId id = DebugId.parse(text);
        if (id == null) {
            throw new ProblemException(Status.BAD_REQUEST_400, "debug_id in the query is no debug id: " + text);
        }
        return id;
    }

    /** Why nothing at all was accepted, as all errors say it. */
    private static String detail(Intake.Taken taken) {
        Intake.Refused first = taken.refused().getFirst();
        return taken.refused().size() == 1
                ? first.reason()
                : "none of the " + taken.refused().size() + " files is of use";
    }

    private static ObjectNode kept(Intake.Kept kept) {
        ObjectNode file = SentryJson.object()
                .put("name", kept.name())
                .put("sha1", kept.sha1())
                .put("size", kept.size());
        ArrayNode entries = file.putArray("entries");
        kept.accepted().entries().forEach(entry -> entries.add(entry(entry)));
        ArrayNode notes = file.putArray("notes");
        kept.accepted().notes().forEach(notes::add);
        return file;
    }

    static ObjectNode entry(DebugFile.Entry entry) {
        DebugId debugId = entry.debugId();
        ObjectNode node = SentryJson.object()
                .put("kind", entry.kind().wireName())
                .put("name", entry.name())
                .put("debug_id", debugId == null ? null : debugId.toString())
                .put("code_id", entry.codeId() == null ? null : entry.codeId().toString())
                .put("arch", entry.arch());
        ArrayNode features = node.putArray("features");
        new TreeSet<>(entry.features()).forEach(features::add);
        return node;
    }
}
