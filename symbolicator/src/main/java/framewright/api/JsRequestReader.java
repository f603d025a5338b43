package framewright.api;

import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of {@link JsRequest} on the wire. */
final class JsRequestReader {
    /** Frames of all stacks. */
    private static final int MAX_FRAMES = 100_000;

    /** Each may be looked for in every bundle. */
    private static final int MAX_MODULES = 50_000;

    private JsRequestReader() {}

    static JsRequest read(InputStream body, List<SourceConfig> own) {
        return JsonIn.document(body, in -> request(in, own));
    }

    private static JsRequest request(JsonIn in, List<SourceConfig> own) throws IOException {
        String platform = null;
        List<SourceConfig> sources = null;
        String release = null;
        String dist = null;
        List<List<JsFrame>> stacktraces = List.of();
        List<JsModule> modules = List.of();
        JsOptions options = JsOptions.DEFAULT;
        Scraping scraping = Scraping.DEFAULT;
        boolean allowScraping = true;
        String stack = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "platform" -> platform = in.text();
                case "source", "sources" -> sources = sources(in, sources);
                case "release" -> release = in.text();
                case "dist" -> dist = in.text();
                case "stacktraces" -> stacktraces = stacktraces(in);
                case "stack" -> stack = in.text();
                case "modules" -> modules = modules(in);
                case "options" -> options = options(in);
                case "scraping" -> scraping = RequestReader.scraping(in);
                case "allow_scraping" -> allowScraping = in.flag(true);
                default -> in.skip();
            }
        }
        if (stack != null) {
            stacktraces = new ArrayList<>(stacktraces);
            for (List<JsFrame> calleesFirst : StackText.parse(stack)) {
                boolean callersFirst = options.frameOrder() == FrameOrder.CALLER_FIRST;
                stacktraces.add(callersFirst ? calleesFirst.reversed() : calleesFirst);
            }
        } else if (sources == null && own.isEmpty()) {
            throw in.missing("source");
        }
        return new JsRequest(
                platform,
                sources == null ? own : sources,
                release,
                dist,
                stacktraces,
                modules,
                options,
                allowScraping ? scraping : scraping.disabled());
    }

    /** One source or a list of them, after those that were read before. */
    private static @Nullable List<SourceConfig> sources(JsonIn in, @Nullable List<SourceConfig> before)
            throws IOException {
        if (in.isNull()) {
            return before;
        }
        List<SourceConfig> sources = new ArrayList<>(before == null ? List.of() : before);
        if (in.isArray()) {
            in.array();
            while (in.nextElement()) {
                String path = in.path();
                sources.add(SourceConfigs.readOfScripts(in.tree(), path));
            }
        } else {
            String path = in.path();
            sources.add(SourceConfigs.readOfScripts(in.tree(), path));
        }
        return sources;
    }

    private static List<List<JsFrame>> stacktraces(JsonIn in) throws IOException {
        List<List<JsFrame>> stacktraces = new ArrayList<>();
        if (!in.array()) {
            return stacktraces;
        }
        int frames = 0;
        while (in.nextElement()) {
            List<JsFrame> stacktrace = stacktrace(in, MAX_FRAMES - frames);
            frames += stacktrace.size();
            stacktraces.add(stacktrace);
        }
        return stacktraces;
    }

    private static List<JsFrame> stacktrace(JsonIn in, int maxFrames) throws IOException {
        List<JsFrame> frames = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            if (name.equals("frames") && in.array()) {
                frames = new ArrayList<>();
                while (in.nextElement()) {
                    if (frames.size() == maxFrames) {
                        throw in.invalid("is one frame too many; a request may have " + MAX_FRAMES);
                    }
                    frames.add(frame(in));
                }
            } else {
                in.skip();
            }
        }
        if (frames == null) {
            throw in.missing("frames");
        }
        return frames;
    }

    private static JsFrame frame(JsonIn in) throws IOException {
        JsFrame frame = new JsFrame("", -1);
        String absPath = null;
        List<String> before = List.of();
        List<String> after = List.of();
        String line = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "abs_path" -> absPath = in.text();
                case "lineno" -> frame.line = in.u32();
                case "colno" -> frame.column = in.u32();
                case "function" -> frame.function = in.text();
                case "filename" -> frame.filename = in.text();
                case "module" -> frame.module = in.text();
                case "platform" -> frame.platform = in.text();
                case "pre_context" -> before = in.texts();
                case "context_line" -> line = in.text();
                case "post_context" -> after = in.texts();
                case "token_name" -> frame.tokenName = in.text();
                case "data" -> data(in, frame);
                default -> in.skip();
            }
        }
        if (absPath == null) {
            throw in.missing("abs_path");
        }
        if (frame.line < 0) {
            throw in.missing("lineno");
        }
        frame.absPath = absPath;
        if (line != null || !before.isEmpty() || !after.isEmpty()) {
            frame.context = new SourceLines(quoted(before), JsonText.ofNullable(line), quoted(after), null);
        }
        return frame;
    }

    private static List<JsonText> quoted(List<String> lines) {
        return lines.stream().map(JsonText::of).toList();
    }

    /** What an earlier pass has found out, for frames that are sent again. */
    private static void data(JsonIn in, JsFrame frame) throws IOException {
        if (in.isNull()) {
            return;
        }
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "sourcemap" -> frame.sourceMap = in.text();
                case "symbolicated" -> frame.symbolicated = in.flag(false);
                case "resolved_with" -> {
                    String how = in.text();
                    frame.resolvedWith = how == null ? null : ResolvedWith.of(how);
                }
                default -> in.skip();
            }
        }
    }

    private static List<JsModule> modules(JsonIn in) throws IOException {
        List<JsModule> modules = new ArrayList<>();
        if (!in.array()) {
            return modules;
        }
        while (in.nextElement()) {
            if (modules.size() == MAX_MODULES) {
                throw in.invalid("is one module too many; a request may have " + MAX_MODULES);
            }
            Fields module = new Fields(in.tree(), in.path());
            if (!module.text("type").equals("sourcemap")) {
                throw module.invalid("type", "must be \"sourcemap\"");
            }
            modules.add(new JsModule(module.text("code_file"), DebugId.parse(module.text("debug_id"))));
        }
        return modules;
    }

    private static JsOptions options(JsonIn in) throws IOException {
        JsOptions ifNull = JsOptions.DEFAULT;
        CommonOptions read = CommonOptions.read(
                in, new CommonOptions(ifNull.applySourceContext(), ifNull.frameOrder(), ifNull.explain()), "explain");
        return new JsOptions(read.applySourceContext(), read.frameOrder(), read.flag());
    }
}
