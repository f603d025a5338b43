package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.Envelope;
import framewright.api.InvalidRequestException;
import framewright.api.JsonIn;
import framewright.api.MalformedJsonException;
import framewright.queue.DeadLetters.DeadLetter;
import framewright.queue.EventQueue;
import framewright.queue.EventResults;
import framewright.queue.EventTraces.EventTrace;
import framewright.queue.Lane;
import framewright.queue.Message;
import framewright.store.Permission;
import framewright.store.Principal;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /queue}: events in, answers out, and what is to be seen of both. The forms are in docs/queue. */
final class QueueRoutes {
    private static final String ROOT = "/queue";
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final String LINES = "application/x-ndjson";
    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_RESULTS = 1_000;
    private static final int DEFAULT_RESULTS = 100;
    private static final int MAX_DEAD = 1_000;
    private static final int MAX_WAIT_SECONDS = 60;
    private static final long REPLAY_BYTES = 1 << 20;

    /** An answer of this size is read by nobody. */
    private static final long MAX_RESULT_BYTES = 64 << 20;

    private final EventQueue queue;
    private final Access access;
    private final long maxBodyBytes;

    QueueRoutes(EventQueue queue, Access access, long maxBodyBytes) {
        this.queue = queue;
        this.access = access;
        this.maxBodyBytes = maxBodyBytes;
    }

    void addTo(RouteTable table) {
        String event = ROOT + "/events/{organization}/{project}/{event}";
        table.add(Method.GET, ROOT, ROOT, this::state);
        table.add(Method.POST, ROOT + "/events", ROOT + "/events", this::submit);
        table.add(Method.GET, event, ROOT + "/events", this::trace);
        table.add(Method.GET, event + "/results/{generation}", ROOT + "/events", this::result);
        table.add(Method.GET, ROOT + "/results", ROOT + "/results", this::results);
        table.add(Method.GET, ROOT + "/dead", ROOT + "/dead", this::dead);
        table.add(Method.POST, ROOT + "/dead/replay", ROOT + "/dead", this::replay);
    }

    // ---- in

    private void submit(ServerRequest request, ServerResponse response) throws IOException {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        boolean lines = type.startsWith(LINES);
        InputStream body = lines ? RequestBody.limited(request, maxBodyBytes) : RequestBody.json(request, maxBodyBytes);
        String parent = request.headers().value(TRACEPARENT).orElse(null);
        List<Arrived> events =
                lines ? events(body, principal, parent) : List.of(event(body.readAllBytes(), principal, parent, ""));
        Map<Lane, List<Message>> byLane = new EnumMap<>(Lane.class);
        events.forEach(event ->
                byLane.computeIfAbsent(event.lane, _ -> new ArrayList<>()).add(event.message));
        Duration wait = queue.submit(byLane);
        if (wait != null) {
            response.header(HeaderNames.RETRY_AFTER, Long.toString(wait.toSeconds()));
            throw new ProblemException(
                    Status.SERVICE_UNAVAILABLE_503,
                    "too many events wait; try again in " + wait.toSeconds() + " s (`queue.max_depth`)");
        }
        SentryJson.send(response, Status.ACCEPTED_202, SentryJson.object().put("accepted", events.size()));
    }

    /** An event that was read, and where it begins. */
    private record Arrived(Lane lane, Message message) {}

    private List<Arrived> events(InputStream body, @Nullable Principal principal, @Nullable String parent)
            throws IOException {
        List<Arrived> events = new ArrayList<>();
        List<String> lines =
                new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                events.add(event(
                        lines.get(i).getBytes(StandardCharsets.UTF_8), principal, parent, "line " + (i + 1) + ": "));
            }
        }
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400, "the body must have 1 to " + MAX_EVENTS + " events, a line each");
        }
        return events;
    }

    /** All of a request is taken, or nothing. */
    private Arrived event(byte[] body, @Nullable Principal principal, @Nullable String parent, String where) {
        Envelope envelope;
        try {
            envelope = Envelope.read(body);
        } catch (MalformedJsonException | InvalidRequestException e) {
            throw new ProblemException(Status.BAD_REQUEST_400, where + e.getMessage());
        }
        // who may not see a project's files may not have them looked up
        var _ = access.projectKey(principal, envelope.organization(), envelope.project());
        Map<String, String> headers = parent == null ? Map.of() : Map.of("traceparent", parent);
        return new Arrived(Lane.of(envelope.kind()), new Message(envelope.key(), envelope.priority(), headers, body));
    }

    // ---- out

    private void results(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        long after = QueryParams.number(request.query(), "after", 0);
        int wait = (int) Math.min(MAX_WAIT_SECONDS, QueryParams.number(request.query(), "wait", 0));
        int limit = Math.clamp(QueryParams.number(request.query(), "limit", DEFAULT_RESULTS), 1, MAX_RESULTS);
        List<EventResults.Item> items =
                queue.results().read(after, access.reach(principal, request), limit, Duration.ofSeconds(wait));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write("{\"results\":[".getBytes(StandardCharsets.UTF_8));
        long cursor = after;
        for (EventResults.Item item : items) {
            if (body.size() > MAX_RESULT_BYTES) {
                break;
            }
            if (cursor != after) {
                body.write(',');
            }
            body.write(item.json());
            cursor = item.id();
        }
        body.write(("],\"cursor\":" + cursor + "}").getBytes(StandardCharsets.UTF_8));
        Replies.json(response, body.toByteArray());
    }

    private void result(ServerRequest request, ServerResponse response) {
        String generation = request.path().pathParameters().get("generation");
        EventResults.Item item = generation.matches("[0-9]{1,9}")
                ? queue.results().find(project(request), event(request), Integer.parseInt(generation))
                : null;
        if (item == null) {
            throw new ProblemException(Status.NOT_FOUND_404, "there is no such answer, or it is no longer kept");
        }
        Replies.json(response, item.json());
    }

    private void trace(ServerRequest request, ServerResponse response) {
        String project = project(request);
        EventTrace trace = queue.traces().find(project, event(request));
        if (trace == null) {
            throw new ProblemException(
                    Status.NOT_FOUND_404, "no work on this event has ended yet, or it is no longer known");
        }
        ObjectNode body = SentryJson.object()
                .put("project", project)
                .put("event_id", event(request))
                .put("kind", trace.kind())
                .put("status", trace.status().isEmpty() ? "waiting" : trace.status())
                .put("generation", trace.generation())
                .put("attempts", trace.attempts())
                .put("first_seen", trace.created().toString())
                .put("updated", trace.updated().toString());
        body.set(
                "steps",
                SentryJson.list(
                        trace.steps(),
                        step -> SentryJson.object()
                                .put("at", step.at().toString())
                                .put("what", step.what())));
        body.set(
                "generations",
                SentryJson.list(
                        trace.generations(),
                        one -> SentryJson.object()
                                .put("generation", one.generation())
                                .put("status", one.status())
                                .put("at", one.at().toString())));
        body.set(
                "waits_for",
                SentryJson.list(
                        trace.waitsFor(),
                        one -> SentryJson.object().put("kind", one.kind()).put("id", one.id())));
        ArrayNode due = body.putArray("due");
        trace.due().forEach(due::add);
        SentryJson.send(response, Status.OK_200, body);
    }

    private String project(ServerRequest request) {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        return access.projectKey(
                principal,
                request.path().pathParameters().get("organization"),
                request.path().pathParameters().get("project"));
    }

    private static String event(ServerRequest request) {
        return request.path().pathParameters().get("event");
    }

    // ---- seen

    private void state(ServerRequest request, ServerResponse response) {
        access.reader(request, Permission.SYMBOLICATE);
        ObjectNode body = SentryJson.object().put("engine", queue.engine().name());
        body.set("lanes", SentryJson.list(queue.state(), QueueRoutes::lane));
        body.put("drained_per_second", queue.drainRate());
        body.put("dead", queue.deadLetters().count());
        SentryJson.send(response, Status.OK_200, body);
    }

    private static ObjectNode lane(EventQueue.LaneState state) {
        ObjectNode lane = SentryJson.object()
                .put("lane", state.lane().text())
                .put("depth", state.depth().messages())
                .put(
                        "oldest",
                        state.depth().oldest() == null
                                ? null
                                : state.depth().oldest().toString())
                .put("buffered", state.buffered())
                .put("running", state.running());
        ObjectNode buffered = lane.putObject("buffered_by_project");
        state.bufferedBy().forEach(buffered::put);
        ObjectNode projects = lane.putObject("projects");
        state.projects().forEach(projects::put);
        return lane;
    }

    private void dead(ServerRequest request, ServerResponse response) {
        access.require(request, Permission.ADMIN);
        int limit = Math.clamp(QueryParams.number(request.query(), "limit", DEFAULT_RESULTS), 1, MAX_DEAD);
        ObjectNode body = SentryJson.object().put("count", queue.deadLetters().count());
        body.set("dead", SentryJson.list(queue.deadLetters().list(limit), QueueRoutes::deadLetter));
        SentryJson.send(response, Status.OK_200, body);
    }

    private static ObjectNode deadLetter(DeadLetter letter) {
        return SentryJson.object()
                .put("id", letter.id())
                .put("project", letter.project())
                .put("event_id", letter.event())
                .put("lane", letter.lane().text())
                .put("cause", letter.cause())
                .put("details", letter.details())
                .put("deliveries", letter.deliveries())
                .put("at", letter.at().toString());
    }

    private void replay(ServerRequest request, ServerResponse response) {
        access.require(request, Permission.ADMIN);
        List<Long> ids = JsonIn.document(RequestBody.json(request, REPLAY_BYTES), QueueRoutes::ids);
        int sent = queue.deadLetters().replay(ids, queue.engine());
        SentryJson.send(response, Status.OK_200, SentryJson.object().put("replayed", sent));
    }

    /** Null: all of them. */
    private static @Nullable List<Long> ids(JsonIn in) throws IOException {
        List<Long> ids = null;
        boolean all = false;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "all" -> all = in.flag(false);
                case "ids" -> {
                    ids = new ArrayList<>();
                    while (in.isArray() && in.nextElement()) {
                        Long id = in.u64();
                        if (id != null) {
                            ids.add(id);
                        }
                    }
                }
                default -> in.skip();
            }
        }
        if (ids == null && !all) {
            throw new ProblemException(Status.BAD_REQUEST_400, "give `ids`, or `all`: true");
        }
        return ids;
    }
}
