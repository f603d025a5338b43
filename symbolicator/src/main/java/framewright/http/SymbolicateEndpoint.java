package framewright.http;

import framewright.api.Answer;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateRequest;
import framewright.jobs.JobRunner;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** {@code POST /symbolicate}: native stack traces. */
final class SymbolicateEndpoint implements Handler {
    private static final int FIRST_BUFFER = 16 << 10;

    private final Engine engine;
    private final JobRunner jobs;
    private final List<SourceConfig> defaultSources;
    private final long maxBodyBytes;

    SymbolicateEndpoint(Engine engine, JobRunner jobs, List<SourceConfig> defaultSources, long maxBodyBytes) {
        this.engine = engine;
        this.jobs = jobs;
        this.defaultSources = List.copyOf(defaultSources);
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        SymbolicateRequest asked = SymbolicateRequest.read(RequestBody.json(request, maxBodyBytes));
        SymbolicateRequest complete = asked.sources() == null ? asked.withSources(defaultSources) : asked;
        Replies.job(response, jobs.run(() -> body(engine.symbolicate(complete, query.scope())), query.timeout()));
    }

    private static byte[] body(Answer answer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BUFFER);
        answer.write(body);
        return body.toByteArray();
    }
}
