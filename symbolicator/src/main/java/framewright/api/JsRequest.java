package framewright.api;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /symbolicate-js}. Lenient as {@link SymbolicateRequest}.
 *
 * @param platform for metrics only
 * @param source the server whose artifacts are looked up; null: none, which only a request with a {@code stack} may
 *     say
 * @param release what the artifacts were uploaded for
 * @param dist the variant of the release
 * @param stacktraces the frames of each, in the order that {@code options} names; then those that the text {@code stack}
 *     of an error holds
 */
public record JsRequest(
        @Nullable String platform,
        SourceConfig.@Nullable Sentry source,
        @Nullable String release,
        @Nullable String dist,
        List<List<JsFrame>> stacktraces,
        List<JsModule> modules,
        JsOptions options,
        Scraping scraping) {

    /** A request about the text of an error, its frames in the order of the text. */
    public static JsRequest ofStack(String stack) {
        JsOptions options = new JsOptions(true, FrameOrder.CALLEE_FIRST, true);
        return new JsRequest(
                null, null, null, null, StackText.parse(stack), List.of(), options, Scraping.DEFAULT.disabled());
    }

    /**
     * Reads a body to its end.
     *
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     * @throws java.io.UncheckedIOException where the stream fails
     */
    public static JsRequest read(InputStream body) {
        return JsRequestReader.read(body);
    }
}
