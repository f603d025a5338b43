package framewright.http;

import framewright.api.Answer;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.jobs.AtCapacityException;
import framewright.jobs.JobState;
import framewright.store.Permission;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code POST /minidump} and {@code POST /applecrashreport}: a form with a crash file and how to look at it. */
final class CrashEndpoint implements Handler {
    static final int FIRST_BUFFER = 32 << 10;

    private final AnswerEndpoint.Means means;
    private final long maxBodyBytes;
    private final CrashKind kind;

    CrashEndpoint(AnswerEndpoint.Means means, long maxBodyBytes, CrashKind kind) {
        this.means = means;
        this.maxBodyBytes = maxBodyBytes;
        this.kind = kind;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        Callers.Caller caller = means.callers().of(request, Permission.SYMBOLICATE);
        try (CrashUpload upload = new CrashUpload(means.engine(), kind)) {
            upload.read(request, maxBodyBytes);
            CrashRequest asked = upload.request(query.extended());
            CrashRequest complete = asked.withSources(caller.sources(asked.sources()));
            Replies.job(response, run(upload.takeFile(), complete, query, caller));
        }
    }

    private JobState run(HeldFile file, CrashRequest request, QueryParams query, Callers.Caller caller)
            throws InterruptedException {
        Callable<Answer> question = means.lacking().of(caller, () -> {
            try (file) {
                return means.engine().crash(kind, file.path(), request, query.scope());
            }
        });
        try {
            return means.jobs().run(new AnswerWork(question, FIRST_BUFFER), query.timeout());
        } catch (AtCapacityException e) {
            // no job, so that nobody else closes it
            file.close();
            throw e;
        }
    }
}
