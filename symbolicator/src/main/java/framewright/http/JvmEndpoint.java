package framewright.http;

import framewright.api.JvmRequest;
import framewright.api.SourceConfig;
import framewright.jobs.JobRunner;
import framewright.jobs.Work;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** {@code POST /symbolicate-jvm}: stack traces of the JVM and of Android. */
final class JvmEndpoint implements Handler {
    /** Most answers are smaller. */
    private static final int FIRST_BUFFER = 16 << 10;

    private final Engine engine;
    private final JobRunner jobs;
    private final List<SourceConfig> defaultSources;
    private final long maxBodyBytes;

    JvmEndpoint(Engine engine, JobRunner jobs, List<SourceConfig> defaultSources, long maxBodyBytes) {
        this.engine = engine;
        this.jobs = jobs;
        this.defaultSources = List.copyOf(defaultSources);
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        JvmRequest asked = JvmRequest.read(RequestBody.json(request, maxBodyBytes));
        JvmRequest complete = asked.sources() == null ? asked.withSources(defaultSources) : asked;
        Work work = new AnswerWork(() -> engine.symbolicateJvm(complete, query.scope()), FIRST_BUFFER);
        Replies.job(response, jobs.run(work, query.timeout()));
    }
}
