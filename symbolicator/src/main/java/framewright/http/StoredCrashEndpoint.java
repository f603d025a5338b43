package framewright.http;

import framewright.api.StoredCrash;
import framewright.jobs.JobRunner;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code POST /symbolicate-any}: a crash file that lies elsewhere. */
final class StoredCrashEndpoint implements Handler {
    private final Engine engine;
    private final JobRunner jobs;
    private final long maxBodyBytes;

    StoredCrashEndpoint(Engine engine, JobRunner jobs, long maxBodyBytes) {
        this.engine = engine;
        this.jobs = jobs;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        StoredCrash crash = StoredCrash.read(RequestBody.json(request, maxBodyBytes), query.extended());
        AnswerWork work = new AnswerWork(() -> engine.crash(crash, query.scope()), CrashEndpoint.FIRST_BUFFER);
        Replies.job(response, jobs.run(work, query.timeout()));
    }
}
