package framewright.http;

import framewright.debugfiles.DebugId;
import framewright.queue.MissingFiles;
import framewright.queue.MissingFiles.MissingFile;
import framewright.store.Permission;
import framewright.store.Principal;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * {@code /missing}: the files that answers lacked, by the number of events and requests, as JSON, as Tecken's CSV (contract, D5) and as a
 * page. All take {@code project}, {@code kind}, {@code q} (in name or id) and {@code limit}.
 */
final class MissingRoutes {
    private static final String ROOT = "/missing";
    private static final int DEFAULT_ROWS = 1_000;
    private static final int MAX_ROWS = 50_000;

    private static final Header CSV =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
    private static final Header HTML = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");

    /** The page holds names from crashes, which are anybody's. */
    private static final Header NO_SCRIPTS = HeaderValues.createCached(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");

    private final MissingFiles missing;
    private final Access access;

    MissingRoutes(MissingFiles missing, Access access) {
        this.missing = missing;
        this.access = access;
    }

    void addTo(RouteTable table) {
        table.add(Method.GET, ROOT, ROOT, (request, response) -> {
            boolean page =
                    request.headers().first(HeaderNames.ACCEPT).orElse("").startsWith("text/html");
            if (page) {
                page(request, response);
            } else {
                json(request, response);
            }
        });
        table.add(Method.GET, ROOT + ".csv", ROOT, this::csv);
        table.add(Method.GET, ROOT + ".html", ROOT, this::page);
    }

    private List<MissingFile> files(ServerRequest request) {
        Principal principal = access.reader(request, Permission.SYMBOLICATE);
        return missing.list(
                access.reach(principal, request),
                QueryParams.single(request.query(), "kind"),
                text(request, "q"),
                Math.clamp(QueryParams.number(request.query(), "limit", DEFAULT_ROWS), 1, MAX_ROWS));
    }

    private static String text(ServerRequest request, String name) {
        return Objects.requireNonNullElse(QueryParams.single(request.query(), name), "");
    }

    private void json(ServerRequest request, ServerResponse response) {
        var body = SentryJson.object();
        body.set(
                "missing",
                SentryJson.list(
                        files(request),
                        file -> SentryJson.object()
                                .put("project", file.project())
                                .put("kind", file.kind())
                                .put("id", file.id())
                                .put("name", file.name())
                                .put("cause", file.cause())
                                .put("events", file.events())
                                .put("waiting", file.waiting())
                                .put("first_seen", file.first().toString())
                                .put("last_seen", file.last().toString())));
        SentryJson.send(response, Status.OK_200, body);
    }

    private void csv(ServerRequest request, ServerResponse response) {
        StringBuilder body = new StringBuilder("debug_file,debug_id,code_file,code_id\r\n");
        for (MissingFile file : files(request)) {
            // a code id has no dashes, and would be read as a debug id
            DebugId debugId = file.id().contains("-") ? DebugId.parse(file.id()) : null;
            String name = cell(file.name()
                    .substring(1
                            + Math.max(file.name().lastIndexOf('/'), file.name().lastIndexOf('\\'))));
            body.append(debugId == null ? ",," + name + "," + cell(file.id()) : name + "," + debugId.breakpad() + ",,")
                    .append("\r\n");
        }
        response.header(CSV).send(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Such that no spreadsheet takes it for a formula. */
    private static String cell(String text) {
        String safe = text.matches("(?s)[=+@\\-\\t\\r].*") ? "'" + text : text;
        return safe.matches("[^\",\\r\\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private void page(ServerRequest request, ServerResponse response) {
        StringBuilder rows = new StringBuilder();
        for (MissingFile file : files(request)) {
            rows.append("<tr><td>")
                    .append(file.events())
                    .append("<td>")
                    .append(file.waiting())
                    .append("<td>")
                    .append(escaped(file.project()))
                    .append("<td>")
                    .append(escaped(file.kind()))
                    .append("<td><code>")
                    .append(escaped(file.id()))
                    .append("</code><td>")
                    .append(escaped(file.name()))
                    .append("<td>")
                    .append(escaped(file.cause()))
                    .append("<td>")
                    .append(file.last())
                    .append("\n");
        }
        String body = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Missing files</title>
            <style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em .8em;text-align:left}</style>
            <h1>Missing files</h1>
            <form><input name="project" placeholder="project" value="%s"> <input name="kind" placeholder="kind" value="%s">
            <input name="q" placeholder="name or id" value="%s"> <button>Show</button></form>
            <table><tr><th>events<th>waiting<th>project<th>kind<th>id<th>name<th>cause<th>last seen
            %s</table></html>
            """.formatted(
                escaped(text(request, "project")), escaped(text(request, "kind")), escaped(text(request, "q")), rows);
        response.header(HTML).header(NO_SCRIPTS).send(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
