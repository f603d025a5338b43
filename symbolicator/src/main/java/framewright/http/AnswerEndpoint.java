package framewright.http;

import framewright.api.Answer;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.RawStacktrace;
import framewright.api.StoredCrash;
import framewright.api.SymbolicateRequest;
import framewright.jobs.JobRunner;
import framewright.store.Permission;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.InputStream;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A request in JSON that becomes a job, whose answer is JSON: one for each kind of stack traces.
 *
 * @param <R> the request
 */
final class AnswerEndpoint<R> implements Handler {
    /** What a frame of JavaScript takes as JSON, twice, with the lines around it. */
    private static final long SCRIPT_FRAME_BYTES = 3000;

    /** Most answers are smaller. */
    private static final long JVM_BYTES = 16 << 10;

    private static final long MAX_FIRST_BUFFER = 4 << 20;

    /**
     * What all of them share.
     *
     * @param callers on whose behalf files are looked for
     * @param lacking is told of each answer
     */
    record Means(Engine engine, JobRunner jobs, Callers callers, Lacking lacking, long maxBodyBytes) {}

    /** Remembers what answers lack. */
    @FunctionalInterface
    interface Lacking {
        /** @param project as {@link Callers.Caller#project} */
        void note(String project, Answer answer);

        /** A question that is told of. */
        default Callable<Answer> of(Callers.Caller caller, Callable<Answer> question) {
            return () -> {
                Answer answer = question.call();
                note(caller.project(), answer);
                return answer;
            };
        }
    }

    @FunctionalInterface
    private interface Reader<R> {
        R read(InputStream body, QueryParams query, Callers.Caller caller);
    }

    @FunctionalInterface
    private interface Question<R> {
        Answer ask(R request, @Nullable String scope) throws InterruptedException;
    }

    private final Means means;
    private final Reader<R> reader;
    private final Question<R> question;
    private final ToLongFunction<R> size;

    /** @param size bytes that the answer is likely to take: copying a megabyte over and over costs more than writing it */
    private AnswerEndpoint(Means means, Reader<R> reader, Question<R> question, ToLongFunction<R> size) {
        this.means = means;
        this.reader = reader;
        this.question = question;
        this.size = size;
    }

    /** {@code POST /symbolicate}: native stack traces. */
    static Handler forNative(Means means) {
        return new AnswerEndpoint<SymbolicateRequest>(
                means,
                (body, _, caller) -> {
                    SymbolicateRequest asked = SymbolicateRequest.read(body);
                    return asked.withSources(caller.sources(asked.sources()));
                },
                means.engine::symbolicate,
                request -> AnswerWork.PART_BYTES
                        * (2L
                                + request.modules().size()
                                + request.stacktraces().stream()
                                        .map(RawStacktrace::frames)
                                        .mapToLong(Collection::size)
                                        .sum()));
    }

    /** {@code POST /symbolicate-any}: a crash file that lies elsewhere. */
    static Handler forStoredCrashes(Means means) {
        return new AnswerEndpoint<StoredCrash>(
                means,
                (body, query, caller) -> {
                    StoredCrash asked = StoredCrash.read(body, query.extended());
                    return asked.withSources(caller.sources(asked.request().sources()));
                },
                means.engine::crash,
                _ -> CrashEndpoint.FIRST_BUFFER);
    }

    /** {@code POST /symbolicate-js}: stack traces of JavaScript. */
    static Handler forJavaScript(Means means) {
        return new AnswerEndpoint<JsRequest>(
                means,
                (body, _, caller) -> {
                    JsRequest asked = JsRequest.read(body, caller.sources(null));
                    return asked.withSources(caller.sources(asked.sources()));
                },
                means.engine::symbolicate,
                request -> SCRIPT_FRAME_BYTES
                        * (1
                                + request.stacktraces().stream()
                                        .mapToLong(Collection::size)
                                        .sum()));
    }

    /** {@code POST /symbolicate-jvm}: stack traces of the JVM and of Android. */
    static Handler forJvm(Means means) {
        return new AnswerEndpoint<JvmRequest>(
                means,
                (body, _, caller) -> {
                    JvmRequest asked = JvmRequest.read(body);
                    return asked.withSources(caller.sources(asked.sources()));
                },
                means.engine::symbolicate,
                _ -> JVM_BYTES);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        QueryParams query = QueryParams.of(request.query());
        Callers.Caller caller = means.callers.of(request, Permission.SYMBOLICATE);
        R asked = reader.read(RequestBody.json(request, means.maxBodyBytes), query, caller);
        int firstBuffer = (int) Math.min(size.applyAsLong(asked), MAX_FIRST_BUFFER);
        Callable<Answer> told = means.lacking.of(caller, () -> question.ask(asked, query.scope()));
        AnswerWork work = new AnswerWork(told, firstBuffer);
        Replies.job(response, means.jobs.run(work, query.timeout()));
    }
}
