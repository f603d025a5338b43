package framewright.http;

import framewright.api.JsRequest;
import framewright.jobs.JobRunner;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code POST /symbolicate-js}: stack traces of JavaScript. */
final class JsEndpoint implements Handler {
    /** What a frame takes as JSON, twice, with the lines around it. */
    private static final int FRAME_BYTES = 3000;

    private static final int MAX_FIRST_BUFFER = 4 << 20;

    private final Engine engine;
    private final JobRunner jobs;
    private final long maxBodyBytes;

    JsEndpoint(Engine engine, JobRunner jobs, long maxBodyBytes) {
        this.engine = engine;
        this.jobs = jobs;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        JsRequest asked = JsRequest.read(RequestBody.json(request, maxBodyBytes));
        long frames =
                asked.stacktraces().stream().mapToLong(stack -> stack.size()).sum();
        int firstBuffer = (int) Math.min((frames + 1) * FRAME_BYTES, MAX_FIRST_BUFFER);
        AnswerWork work = new AnswerWork(() -> engine.symbolicate(asked, query.scope()), firstBuffer);
        Replies.job(response, jobs.run(work, query.timeout()));
    }
}
