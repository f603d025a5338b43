package framewright.api;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /symbolicate-js}. Lenient as {@link SymbolicateRequest}.
 *
 * @param platform for metrics only
 * @param sources where artifacts are looked for, in order: those that the request names, or else the server's own
 * @param release what the artifacts were uploaded for
 * @param dist the variant of the release
 * @param stacktraces the frames of each, in the order that {@code options} names; then those that the text {@code stack}
 *     of an error holds
 */
public record JsRequest(
        @Nullable String platform,
        List<SourceConfig> sources,
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
                null, List.of(), null, null, StackText.parse(stack), List.of(), options, Scraping.DEFAULT.disabled());
    }

    /** The same, looked for elsewhere. */
    public JsRequest withSources(List<SourceConfig> others) {
        return new JsRequest(platform, others, release, dist, stacktraces, modules, options, scraping);
    }

    /** The same with other stack traces. */
    public JsRequest withStacktraces(List<List<JsFrame>> others) {
        return new JsRequest(platform, sources, release, dist, others, modules, options, scraping);
    }

    /**
     * Reads a body to its end.
     *
     * @param own sources for requests that name none; without any, only a request about a {@code stack} may do so
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     * @throws java.io.UncheckedIOException where the stream fails
     */
    public static JsRequest read(InputStream body, List<SourceConfig> own) {
        return JsRequestReader.read(body, own);
    }
}
