package framewright.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The form of {@link SymbolicateRequest} on the wire. */
final class RequestReader {
    /** Frames of all stacks. Real requests have thousands; what has more than this could fill the memory. */
    static final int MAX_FRAMES = 1_000_000;

    /** Each may be looked for in every source. The largest processes load two thousand. */
    private static final int MAX_MODULES = 50_000;

    /** A chain of causes. */
    private static final int MAX_EXCEPTIONS = 1_000;

    private RequestReader() {}

    static SymbolicateRequest read(InputStream body) {
        return JsonIn.document(body, RequestReader::request);
    }

    private static SymbolicateRequest request(JsonIn in) throws IOException {
        String platform = null;
        long signal = -1;
        List<SourceConfig> sources = null;
        List<RawStacktrace> stacktraces = List.of();
        List<RawModule> modules = List.of();
        List<RawException> exceptions = List.of();
        String stack = null;
        SymbolicateOptions options = SymbolicateOptions.DEFAULT;
        Scraping scraping = Scraping.DEFAULT;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "platform" -> platform = in.text();
                case "signal" -> signal = in.u32();
                case "sources" -> sources = sources(in);
                case "stacktraces" -> stacktraces = stacktraces(in);
                case "modules" -> modules = modules(in);
                case "exceptions" -> exceptions = exceptions(in);
                case "stack" -> stack = in.text();
                case "options" -> options = options(in);
                case "scraping" -> scraping = scraping(in);
                default -> in.skip();
            }
        }
        if (stack != null && stacktraces.isEmpty()) {
            DartTrace trace = DartTrace.parse(stack, MAX_FRAMES);
            if (trace.stacktraces().isEmpty()) {
                throw new InvalidRequestException(
                        "$.stack",
                        "holds no stack trace of Dart: a line `*** *** ***...`, and lines `#00 abs 0123...`");
            }
            stacktraces = trace.stacktraces();
            modules = trace.modules();
        }
        return new SymbolicateRequest(
                platform,
                signal < 0 ? null : (Long) signal,
                sources,
                stacktraces,
                modules,
                exceptions,
                options,
                scraping);
    }

    static @Nullable List<SourceConfig> sources(JsonIn in) throws IOException {
        if (!in.array()) {
            return null;
        }
        List<SourceConfig> sources = new ArrayList<>();
        while (in.nextElement()) {
            String path = in.path();
            sources.add(SourceConfigs.readOfRequest(in.tree(), path));
        }
        return List.copyOf(sources);
    }

    private static List<RawStacktrace> stacktraces(JsonIn in) throws IOException {
        if (!in.array()) {
            return List.of();
        }
        List<RawStacktrace> stacktraces = new ArrayList<>();
        int frames = 0;
        while (in.nextElement()) {
            RawStacktrace stacktrace = stacktrace(in, MAX_FRAMES - frames);
            frames += stacktrace.frames().size();
            stacktraces.add(stacktrace);
        }
        return stacktraces;
    }

    private static RawStacktrace stacktrace(JsonIn in, int maxFrames) throws IOException {
        Long threadId = null;
        String threadName = null;
        Boolean isRequesting = null;
        SortedMap<String, Long> registers = new TreeMap<>();
        List<RawFrame> frames = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "thread_id" -> threadId = in.u64();
                case "thread_name" -> threadName = in.text();
                case "is_requesting" -> isRequesting = in.flag();
                case "registers" -> registers = registers(in);
                case "frames" -> frames = frames(in, maxFrames);
                default -> in.skip();
            }
        }
        if (frames == null) {
            throw in.missing("frames");
        }
        return new RawStacktrace(threadId, threadName, isRequesting, registers, frames);
    }

    private static SortedMap<String, Long> registers(JsonIn in) throws IOException {
        SortedMap<String, Long> registers = new TreeMap<>();
        if (in.isNull()) {
            return registers;
        }
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            registers.put(in.wellFormed(name), in.hex());
        }
        return registers;
    }

    private static @Nullable List<RawFrame> frames(JsonIn in, int maxFrames) throws IOException {
        if (!in.array()) {
            return null;
        }
        List<RawFrame> frames = new ArrayList<>();
        while (in.nextElement()) {
            if (frames.size() == maxFrames) {
                throw in.invalid("is one frame too many; a request may have " + MAX_FRAMES);
            }
            frames.add(FrameReader.read(in));
        }
        return frames;
    }

    private static List<RawModule> modules(JsonIn in) throws IOException {
        if (!in.array()) {
            return List.of();
        }
        List<RawModule> modules = new ArrayList<>();
        while (in.nextElement()) {
            if (modules.size() == MAX_MODULES) {
                throw in.invalid("is one module too many; a request may have " + MAX_MODULES);
            }
            modules.add(ModuleReader.read(in));
        }
        return modules;
    }

    private static List<RawException> exceptions(JsonIn in) throws IOException {
        if (!in.array()) {
            return List.of();
        }
        List<RawException> exceptions = new ArrayList<>();
        while (in.nextElement()) {
            if (exceptions.size() == MAX_EXCEPTIONS) {
                throw in.invalid("is one exception too many; a request may have " + MAX_EXCEPTIONS);
            }
            String type = null;
            String value = null;
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                switch (name) {
                    case "type" -> type = in.text();
                    case "value" -> value = in.text();
                    default -> in.skip();
                }
            }
            exceptions.add(new RawException(type, value));
        }
        return exceptions;
    }

    static SymbolicateOptions options(JsonIn in) throws IOException {
        SymbolicateOptions ifNull = SymbolicateOptions.DEFAULT;
        if (in.isNull()) {
            return ifNull;
        }
        boolean candidates = ifNull.difCandidates();
        boolean context = ifNull.applySourceContext();
        FrameOrder order = ifNull.frameOrder();
        boolean variables = ifNull.extractVariables();
        boolean causes = ifNull.causes();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "dif_candidates" -> candidates = in.flag(ifNull.difCandidates());
                case "apply_source_context" -> context = in.flag(ifNull.applySourceContext());
                case "frame_order" -> order = frameOrder(in, ifNull.frameOrder());
                case "extract_variables" -> variables = in.flag(ifNull.extractVariables());
                case "causes" -> causes = in.flag(ifNull.causes());
                default -> in.skip();
            }
        }
        return new SymbolicateOptions(candidates, context, order, variables, causes);
    }

    static FrameOrder frameOrder(JsonIn in, FrameOrder ifNull) throws IOException {
        return switch (in.text()) {
            case null -> ifNull;
            case "callee_first" -> FrameOrder.CALLEE_FIRST;
            case "caller_first" -> FrameOrder.CALLER_FIRST;
            default -> throw in.invalid("must be \"callee_first\" or \"caller_first\"");
        };
    }

    /** Whoever says how to fetch says all of it, so that nothing is sent to a place that nobody named. */
    static Scraping scraping(JsonIn in) throws IOException {
        if (in.isNull()) {
            return Scraping.DEFAULT;
        }
        Boolean enabled = null;
        boolean verifySsl = true;
        List<String> origins = null;
        Map<String, String> headers = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "enabled" -> enabled = in.flag();
                case "verify_ssl" -> verifySsl = in.flag(true);
                case "allowed_origins" -> origins = in.isNull() ? null : in.texts();
                case "headers" -> headers = in.textsByName();
                default -> in.skip();
            }
        }
        if (enabled == null) {
            throw in.missing("enabled");
        }
        if (origins == null) {
            throw in.missing("allowed_origins");
        }
        if (headers == null) {
            throw in.missing("headers");
        }
        return new Scraping(enabled, verifySsl, origins, headers);
    }
}
