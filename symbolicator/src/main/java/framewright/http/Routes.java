package framewright.http;

import framewright.api.CacheQuery;
import framewright.api.CrashKind;
import framewright.api.Readiness;
import framewright.jobs.JobRunner;
import framewright.queue.MissingNotes;
import framewright.store.Permission;
import framewright.store.StoreViews;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.Span;
import framewright.telemetry.Tracer;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every URL, one table. */
final class Routes {
    private static final Header METRICS_TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");

    /** W3C Trace Context. */
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");

    private final List<Route> table = new ArrayList<>();
    private Handler otherPaths = (_, response) -> Replies.notFound(response);
    private final Metrics metrics;
    private final Tracer tracer;

    /** @param path in Helidon's syntax; also the label in metrics */
    private record Route(Method method, String path, Handler handler) {}

    Routes(Engine engine, JobRunner jobs, HttpServer.Options options, Metrics metrics, Tracer tracer) {
        this.tracer = tracer;
        this.metrics = metrics;
        Handler health = (_, response) ->
                response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN).send("ok");

        StoreServices services = options.store();
        Access access = services == null ? null : new Access(services.store(), services.open());
        StoreViews views = new StoreViews(services == null ? null : services.store());
        Callers callers = new Callers(access, views, options.defaultSources());
        MissingNotes notes = options.queue() == null ? null : options.queue().missingNotes();
        AnswerEndpoint.Lacking lacking =
                notes == null ? (_, _) -> {} : (project, answer) -> notes.note(project, answer.shortfalls());
        AnswerEndpoint.Means means = new AnswerEndpoint.Means(engine, jobs, callers, lacking, options.maxBodyBytes());
        post("/symbolicate", AnswerEndpoint.forNative(means));
        post("/symbolicate-any", AnswerEndpoint.forStoredCrashes(means));
        post("/symbolicate-js", AnswerEndpoint.forJavaScript(means));
        post("/symbolicate-jvm", AnswerEndpoint.forJvm(means));
        for (CrashKind kind : CrashKind.values()) {
            post("/" + kind.wireName(), new CrashEndpoint(means, options.maxCrashFileBytes(), kind));
        }
        route(Method.GET, "/requests/{id}", measured("/requests", guarded(callers, new RequestsEndpoint(jobs))));
        route(Method.GET, "/explain/{id}", measured("/explain", guarded(callers, new ExplainEndpoint(jobs))));
        if (options.proxy()) {
            Handler proxy = measured("/proxy", new ProxyEndpoint(engine, callers));
            route(Method.GET, "/proxy/{+path}", proxy);
            route(Method.HEAD, "/proxy/{+path}", proxy);
        }
        if (services != null && access != null) {
            new SentryRoutes(services, access).addTo(this::add);
            new PlainUploadRoutes(services, access).addTo(this::add);
            new StoreApiRoutes(services, access).addTo(this::add);
            if (services.warming() != null) {
                new JobsRoutes(services.warming(), access).addTo(this::add);
            }
            new UpstreamRoutes(callers, services.store()).addTo(this::add);
            if (options.queue() != null) {
                new QueueRoutes(options.queue(), access, options.maxBodyBytes()).addTo(this::add);
                new MissingRoutes(options.queue().missingFiles(), access).addTo(this::add);
            }
            ServingRoutes serving = new ServingRoutes(engine, callers, services.store());
            serving.addTo(this::add);
            otherPaths = measured("/symbols", serving.anyPath());
        }
        if (options.adminToken() != null) {
            admin(engine, options.adminToken());
        }
        route(Method.GET, "/ready", (_, response) -> {
            Readiness readiness = engine.ready();
            response.status(readiness.isReady() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
            Replies.json(response, readiness.json());
        });
        route(Method.GET, "/healthcheck", health);
        route(Method.HEAD, "/healthcheck", health);
        route(
                Method.GET,
                "/metrics",
                (_, response) -> response.header(METRICS_TYPE).send(metrics.print()));
    }

    private void admin(Engine engine, String token) {
        for (CacheQuery.Command command : CacheQuery.Command.values()) {
            boolean changes = command == CacheQuery.Command.PURGE || command == CacheQuery.Command.VERIFY;
            route(
                    changes ? Method.POST : Method.GET,
                    "/admin/cache/" + command.name().toLowerCase(Locale.ROOT),
                    measured("/admin/cache", new AdminEndpoint(engine, command, token)));
        }
    }

    /** The table as Helidon takes it. Everything else is 404, a known path with another method 405. */
    HttpRouting.Builder build() {
        HttpRouting.Builder routing = HttpRouting.builder().addFilter(new ConnectionClose());
        Map<String, String> allowed = new LinkedHashMap<>();
        for (Route route : table) {
            routing.route(route.method(), route.path(), route.handler());
            allowed.merge(route.path(), route.method().text(), (one, other) -> one + ", " + other);
        }
        allowed.forEach((path, methods) ->
                routing.any(path, (request, response) -> Replies.notAllowed(request, response, methods)));
        routing.any(otherPaths);
        ErrorMapper.register(routing);
        return routing;
    }

    /** Method and path of every route, for people. */
    @Override
    public String toString() {
        return table.stream()
                .map(route -> route.method().text() + " " + route.path())
                .collect(Collectors.joining("\n"));
    }

    private void post(String path, Handler handler) {
        route(Method.POST, path, measured(path, handler));
    }

    private void add(Method method, String path, String label, Handler handler) {
        route(method, path, measured(label, handler));
    }

    private void route(Method method, String path, Handler handler) {
        table.add(new Route(method, path, handler));
    }

    /** Only for those who may symbolicate. */
    private static Handler guarded(Callers callers, Handler handler) {
        return (request, response) -> {
            callers.of(request, Permission.SYMBOLICATE);
            handler.handle(request, response);
        };
    }

    private Handler measured(String label, Handler handler) {
        return (request, response) -> {
            long started = System.nanoTime();
            response.whenSent(() -> {
                metrics.count(Metric.HTTP_REQUESTS, label, response.status().codeText());
                metrics.time(Metric.HTTP_SECONDS, Duration.ofNanos(System.nanoTime() - started), label);
            });
            String parent = request.headers().value(TRACEPARENT).orElse(null);
            try (Span span = tracer.request(label, parent)) {
                handler.handle(request, response);
                span.with("http.response.status_code", response.status().code());
            }
        };
    }
}
