package framewright.api;

import java.io.InputStream;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /symbolicate}. Lenient: unknown fields are ignored, null stands for a field's default, of
 * two equal fields the later counts.
 *
 * @param platform for metrics only
 * @param signal that ended the process, unsigned 32-bit
 * @param sources where to look; null: where the server looks by default; empty: nowhere
 * @param modules the loaded images, in the order that relative frames count them
 * @param exceptions what was thrown, with names that an obfuscation map of Dart may restore; ours alone
 */
public record SymbolicateRequest(
        @Nullable String platform,
        @Nullable Long signal,
        @Nullable List<SourceConfig> sources,
        List<RawStacktrace> stacktraces,
        List<RawModule> modules,
        List<RawException> exceptions,
        SymbolicateOptions options,
        Scraping scraping) {
    /** Where the module of {@link #probe} lies: any address but 0, which stands for modules without one. */
    public static final long PROBED_ADDRESS = 1 << 20;

    private static final SymbolicateOptions PROBE =
            new SymbolicateOptions(false, false, FrameOrder.CALLEE_FIRST, false, false);

    /**
     * One that asks for a single address of a module, as the first crash in it would.
     *
     * @param module at {@link #PROBED_ADDRESS}
     */
    public static SymbolicateRequest probe(RawModule module, List<SourceConfig> sources) {
        RawFrame frame = new RawFrame();
        frame.instructionAddr = PROBED_ADDRESS + 1;
        return new SymbolicateRequest(
                null,
                null,
                sources,
                List.of(new RawStacktrace(null, null, null, new TreeMap<>(), List.of(frame))),
                List.of(module),
                List.of(),
                PROBE,
                Scraping.DEFAULT);
    }

    /**
     * Reads a body to its end.
     *
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     * @throws java.io.UncheckedIOException where the stream fails
     */
    public static SymbolicateRequest read(InputStream body) {
        return RequestReader.read(body);
    }

    /**
     * The stack traces that a Dart program has printed, as a request.
     *
     * @return null where the text has none
     */
    public static @Nullable SymbolicateRequest ofDartTrace(String text) {
        DartTrace trace = DartTrace.parse(text, RequestReader.MAX_FRAMES);
        return trace.stacktraces().isEmpty()
                ? null
                : new SymbolicateRequest(
                        null,
                        null,
                        null,
                        trace.stacktraces(),
                        trace.modules(),
                        List.of(),
                        SymbolicateOptions.DEFAULT,
                        Scraping.DEFAULT);
    }

    /** The same request, looking elsewhere. */
    public SymbolicateRequest withSources(List<SourceConfig> where) {
        return new SymbolicateRequest(platform, signal, where, stacktraces, modules, exceptions, options, scraping);
    }
}
