package framewright.http;

import framewright.api.RawStacktrace;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateRequest;
import framewright.jobs.JobRunner;
import framewright.jobs.Work;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** {@code POST /symbolicate}: native stack traces. */
final class SymbolicateEndpoint implements Handler {
    /** What a resolved frame or a module roughly takes as JSON. */
    private static final int PART_BYTES = 512;

    private static final int MAX_FIRST_BUFFER = 4 << 20;

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
        Replies.job(response, jobs.run(work(complete, query), query.timeout()));
    }

    private Work work(SymbolicateRequest request, QueryParams query) {
        return new AnswerWork(() -> engine.symbolicate(request, query.scope()), firstBuffer(request));
    }

    /** A buffer that seldom has to grow: copying a megabyte over and over costs more than writing it. */
    private static int firstBuffer(SymbolicateRequest request) {
        long parts = 2L + request.modules().size();
        for (RawStacktrace stacktrace : request.stacktraces()) {
            parts += stacktrace.frames().size();
        }
        return (int) Math.min(parts * PART_BYTES, MAX_FIRST_BUFFER);
    }
}
