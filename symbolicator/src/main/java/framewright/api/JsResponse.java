package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link JsRequest}.
 *
 * @param stacktraces in the order of the request, as are their frames
 * @param rawStacktraces the frames as they came, with the lines of the minified script around them
 * @param errors sorted, each once
 * @param scrapingAttempts sorted
 * @param explain whether frames tell why they are as they are
 * @param release by what scripts without a debug id are waited for ({@link ScriptRelease}); null: they are not
 */
public record JsResponse(
        List<List<JsFrame>> stacktraces,
        List<List<JsFrame>> rawStacktraces,
        List<JsError> errors,
        List<ScrapingAttempt> scrapingAttempts,
        boolean explain,
        @Nullable String release)
        implements Answer {

    @Override
    public void writeFields(JsonGenerator out) throws IOException {
        new JsResponseWriter(out, explain).write(this);
    }

    @Override
    public List<Shortfall> shortfalls() {
        return stacktraces.stream()
                .flatMap(List::stream)
                .filter(frame -> !frame.symbolicated && frame.decision != null)
                .map(this::shortfall)
                .filter(shortfall -> shortfall.cause() != Cause.INTERNAL_FRAME)
                .distinct()
                .toList();
    }

    private Shortfall shortfall(JsFrame frame) {
        Finding verdict = Objects.requireNonNull(frame.decision).verdict();
        String id = frame.debugId == null ? release : frame.debugId;
        return new Shortfall(Shortfall.Kind.SOURCE_MAP, id, frame.absPath, verdict.rootCause(), verdict.sentence());
    }

    @Override
    public Answer evidence() {
        return new JsResponse(stacktraces, List.of(), List.of(), List.of(), true, release);
    }
}
