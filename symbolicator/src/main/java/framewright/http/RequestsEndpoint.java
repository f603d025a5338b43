package framewright.http;

import framewright.jobs.JobRunner;
import framewright.jobs.JobState;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code GET /requests/{id}}: the answer of a job that was pending. */
final class RequestsEndpoint implements Handler {
    /** {@link UUID#fromString} takes much that is none. */
    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}-(?:\\p{XDigit}{4}-){3}\\p{XDigit}{12}");

    private final JobRunner jobs;

    RequestsEndpoint(JobRunner jobs) {
        this.jobs = jobs;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        Optional<UUID> id = id(request.path().pathParameters().get("id"));
        JobState state = id.isPresent() ? jobs.poll(id.get(), query.timeout()) : null;
        if (state == null) {
            Replies.notFound(response);
        } else {
            Replies.job(response, state);
        }
    }

    /** The id of a request; nothing where the text is none. */
    static Optional<UUID> id(String text) {
        return ID.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
