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
