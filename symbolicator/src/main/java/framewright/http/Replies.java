package framewright.http;

import framewright.jobs.JobState;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/** The answers of more than one endpoint. */
final class Replies {
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

    /** What a client that polls is told to wait, in seconds; the peer always says this. */
    private static final int RETRY_AFTER = 30;

    private static final byte[] TIMEOUT = "{\"status\":\"timeout\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INTERNAL_ERROR = "{\"status\":\"internal_error\"}".getBytes(StandardCharsets.UTF_8);

    private Replies() {}

    static void json(ServerResponse response, byte[] body) {
        response.header(JSON).send(body);
    }

    static void notFound(ServerResponse response) {
        response.status(Status.NOT_FOUND_404).send();
    }

    /**
     * In the words of Tecken (contract, D5), which other clients print as well.
     *
     * @param methods those that are, with commas
     */
    static void notAllowed(ServerRequest request, ServerResponse response, String methods) {
        response.header(HeaderValues.create(HeaderNames.ALLOW, methods));
        String problem = "Method Not Allowed (" + request.prologue().method().text() + "): "
                + request.path().rawPath();
        SentryJson.send(
                response, Status.METHOD_NOT_ALLOWED_405, SentryJson.object().put("error", problem));
    }

    /** Where a job stands, always with status 200. */
    static void job(ServerResponse response, JobState state) {
        json(
                response,
                switch (state) {
                    case JobState.Pending(java.util.UUID id) ->
                        ("{\"status\":\"pending\",\"request_id\":\"" + id + "\",\"retry_after\":" + RETRY_AFTER + "}")
                                .getBytes(StandardCharsets.UTF_8);
                    case JobState.Completed(byte[] body, byte[] _) -> body;
                    case JobState.TimedOut _ -> TIMEOUT;
                    case JobState.Errored _ -> INTERNAL_ERROR;
                });
    }
}
