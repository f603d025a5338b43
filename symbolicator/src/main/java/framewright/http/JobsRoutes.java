package framewright.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.JsonIn;
import framewright.api.WarmTarget;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.warming.WarmJob;
import framewright.warming.Warming;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code /jobs}: what is fetched and converted before anybody asks. Whoever may upload may begin a job, such as a deploy
 * does; {@code ?project=} says whose files are meant.
 */
final class JobsRoutes {
    private static final String ROOT = "/jobs";
    private static final long BODY_BYTES = 1 << 20;
    private static final int DEFAULT_ROWS = 100;
    private static final int MAX_ROWS = 1_000;
    private static final long DEFAULT_BYTES = 10L << 30;
    private static final long MAX_RATE = 60_000;

    private final Warming warming;
    private final Access access;

    JobsRoutes(Warming warming, Access access) {
        this.warming = warming;
        this.access = access;
    }

    void addTo(RouteTable table) {
        table.add(Method.GET, ROOT, ROOT, this::list);
        table.add(Method.POST, ROOT, ROOT, this::begin);
        table.add(Method.GET, ROOT + "/{id}", ROOT, this::get);
        table.add(Method.DELETE, ROOT + "/{id}", ROOT, this::cancel);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        int limit = Math.clamp(QueryParams.number(request.query(), "limit", DEFAULT_ROWS), 1, MAX_ROWS);
        ObjectNode body = SentryJson.object();
        body.set("jobs", SentryJson.list(warming.list(access.reach(principal, request), limit), JobsRoutes::json));
        SentryJson.send(response, Status.OK_200, body);
    }

    private void get(ServerRequest request, ServerResponse response) {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        SentryJson.send(response, Status.OK_200, json(job(request, access.reach(principal, request))));
    }

    private void begin(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.UPLOAD);
        Body body = JsonIn.document(RequestBody.json(request, BODY_BYTES), JobsRoutes::read);
        WarmTarget target = body.warm == null ? null : WarmTarget.parse(body.warm);
        if (target == null) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    "`warm` must be `release NAME`, `ids ID ...`, `top N` or `newest N`, of up to "
                            + WarmTarget.MAX_FILES + " files");
        }
        WarmJob job = warming.begin(
                access.reach(principal, request), principal.name(), target, body.maxBytes, (int) body.rate);
        SentryJson.send(response, Status.ACCEPTED_202, json(job));
    }

    private void cancel(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.UPLOAD);
        WarmJob job = job(request, access.reach(principal, request));
        if (job.project().isEmpty() && !principal.may(Permission.ADMIN)) {
            throw new ProblemException(Status.FORBIDDEN_403, "it is the settings' own; this needs `admin`");
        }
        warming.cancel(job.id());
        SentryJson.send(response, Status.OK_200, json(Objects.requireNonNull(warming.get(job.id()))));
    }

    /** One that whoever asks may see; else the request ends with 404. */
    private WarmJob job(ServerRequest request, String reach) {
        String id = request.path().pathParameters().get("id");
        WarmJob job = id.matches("[0-9]{1,18}") ? warming.get(Long.parseLong(id)) : null;
        if (job == null || !job.isSeenBy(reach)) {
            throw new ProblemException(Status.NOT_FOUND_404, "there is no such job, or it is no longer known");
        }
        return job;
    }

    private static ObjectNode json(WarmJob job) {
        return SentryJson.object()
                .put("id", job.id())
                .put("project", job.project())
                .put("reason", job.reason())
                .put("warm", job.target())
                .put("state", job.state().text())
                .put("files", job.files())
                .put("done", job.done())
                .put("found", job.found())
                .put("bytes", job.bytes())
                .put("max_bytes", job.maxBytes())
                .put("rate", job.rate())
                .put("details", job.details())
                .put("created", job.created().toString())
                .put("updated", job.updated().toString());
    }

    private record Body(@Nullable String warm, long maxBytes, long rate) {}

    private static Body read(JsonIn in) throws IOException {
        String warm = null;
        long maxBytes = DEFAULT_BYTES;
        long rate = 0;
        in.object();
        for (String field; (field = in.nextField()) != null; ) {
            switch (field) {
                case "warm" -> warm = in.text();
                case "max_bytes" -> {
                    Long given = in.u64();
                    maxBytes = given == null ? DEFAULT_BYTES : given & Long.MAX_VALUE;
                }
                case "rate" -> rate = in.u32();
                default -> in.skip();
            }
        }
        if (rate > MAX_RATE) {
            throw new ProblemException(Status.BAD_REQUEST_400, "`rate` must be up to " + MAX_RATE + " files a minute");
        }
        return new Body(warm, maxBytes, rate);
    }
}
