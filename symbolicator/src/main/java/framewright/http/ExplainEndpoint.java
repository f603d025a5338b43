package framewright.http;

import framewright.api.Explanation;
import framewright.api.MalformedJsonException;
import framewright.jobs.JobRunner;
import framewright.jobs.JobState;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code GET /explain/{id}}: why the modules of a request are as they are, for people; as JSON for who accepts only
 * that. Known as long as the answer itself.
 */
final class ExplainEndpoint implements Handler {
    private final JobRunner jobs;

    ExplainEndpoint(JobRunner jobs) {
        this.jobs = jobs;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response)
            throws InterruptedException, MalformedJsonException {
        Optional<UUID> id = RequestsEndpoint.id(request.path().pathParameters().get("id"));
        JobState state = id.isPresent() ? jobs.poll(id.get(), Duration.ZERO) : null;
        switch (state) {
            case null -> Replies.notFound(response);
            // one that became pending as it ended left no evidence, and says at least what its client asked for
            case JobState.Completed(byte[] body, byte[] evidence) ->
                explain(request, response, evidence.length == 0 ? body : evidence);
            default -> Replies.job(response, state);
        }
    }

    private static void explain(ServerRequest request, ServerResponse response, byte[] answer)
            throws MalformedJsonException {
        if (request.headers().isAccepted(MediaTypes.TEXT_PLAIN)) {
            response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN).send(Explanation.of(answer, Explanation.Paint.NONE));
        } else {
            Replies.json(response, answer);
        }
    }
}
