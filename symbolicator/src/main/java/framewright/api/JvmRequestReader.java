package framewright.api;

import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.ModuleType;
import framewright.api.JvmRequest.Options;
import framewright.api.JvmRequest.Stacktrace;
import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of {@link JvmRequest} on the wire. */
final class JvmRequestReader {
    /** Each may be looked for in every source. */
    private static final int MAX_MODULES = 1000;

    private static final String NIL = "00000000-0000-0000-0000-000000000000";

    private JvmRequestReader() {}

    static JvmRequest read(InputStream body) {
        return JsonIn.document(body, JvmRequestReader::request);
    }

    private static JvmRequest request(JsonIn in) throws IOException {
        List<SourceConfig> sources = null;
        List<JvmException> exceptions = List.of();
        List<Stacktrace> stacktraces = List.of();
        List<String> stacks = List.of();
        List<Module> modules = List.of();
        String releasePackage = null;
        String release = null;
        List<String> classes = List.of();
        Options options = Options.DEFAULT;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "sources" -> sources = RequestReader.sources(in);
                case "exceptions" -> exceptions = exceptions(in);
                case "stacktraces" -> stacktraces = stacktraces(in);
                case "stacks" -> stacks = in.texts();
                case "modules" -> modules = modules(in);
                case "release_package" -> releasePackage = in.text();
                case "release" -> release = in.text();
                case "classes" -> classes = in.texts();
                case "options" -> options = options(in);
                default -> in.skip();
            }
        }
        return new JvmRequest(
                sources, exceptions, stacktraces, stacks, modules, releasePackage, release, classes, options);
    }

    private static List<JvmException> exceptions(JsonIn in) throws IOException {
        List<JvmException> exceptions = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                exceptions.add(exception(in));
            }
        }
        return exceptions;
    }

    private static JvmException exception(JsonIn in) throws IOException {
        String type = null;
        String module = "";
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "type" -> type = in.text();
                case "module" -> {
                    String text = in.text();
                    module = text == null ? "" : text;
                }
                default -> in.skip();
            }
        }
        if (type == null) {
            throw in.missing("type");
        }
        return new JvmException(type, module);
    }

    private static List<Stacktrace> stacktraces(JsonIn in) throws IOException {
        List<Stacktrace> stacktraces = new ArrayList<>();
        int frames = 0;
        if (in.array()) {
            while (in.nextElement()) {
                Stacktrace stacktrace = stacktrace(in, RequestReader.MAX_FRAMES - frames);
                frames += stacktrace.frames().size();
                stacktraces.add(stacktrace);
            }
        }
        return stacktraces;
    }

    private static Stacktrace stacktrace(JsonIn in, int maxFrames) throws IOException {
        JvmException exception = null;
        List<JvmFrame> frames = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "exception" -> exception = in.isNull() ? null : exception(in);
                case "frames" -> frames = frames(in, maxFrames);
                default -> in.skip();
            }
        }
        if (frames == null) {
            throw in.missing("frames");
        }
        return new Stacktrace(exception, frames);
    }

    private static @Nullable List<JvmFrame> frames(JsonIn in, int maxFrames) throws IOException {
        if (!in.array()) {
            return null;
        }
        List<JvmFrame> frames = new ArrayList<>();
        while (in.nextElement()) {
            if (frames.size() == maxFrames) {
                throw in.invalid("is one frame too many; a request may have " + RequestReader.MAX_FRAMES);
            }
            frames.add(frame(in));
        }
        return frames;
    }

    private static JvmFrame frame(JsonIn in) throws IOException {
        String platform = null;
        String function = null;
        String module = null;
        String filename = null;
        String absPath = null;
        long line = JvmFrame.NO_LINE;
        List<JsonText> before = List.of();
        JsonText contextLine = null;
        List<JsonText> after = List.of();
        Boolean inApp = null;
        String signature = null;
        boolean synthesized = false;
        Long index = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "platform" -> platform = in.text();
                case "function" -> function = in.text();
                case "module" -> module = in.text();
                case "filename" -> filename = in.text();
                case "abs_path" -> absPath = in.text();
                case "lineno" -> line = in.u32();
                case "pre_context" -> before = lines(in);
                case "context_line" -> contextLine = JsonText.ofNullable(in.text());
                case "post_context" -> after = lines(in);
                case "in_app" -> inApp = in.flag();
                case "signature" -> signature = in.text();
                case "method_synthesized" -> synthesized = in.flag(false);
                case "index" -> index = in.u64();
                default -> in.skip();
            }
        }
        if (function == null) {
            throw in.missing("function");
        }
        if (module == null) {
            throw in.missing("module");
        }
        if (index == null) {
            throw in.missing("index");
        }
        return new JvmFrame(
                platform,
                function,
                module,
                filename,
                absPath,
                line,
                before,
                contextLine,
                after,
                inApp,
                signature,
                synthesized,
                index);
    }

    private static List<JsonText> lines(JsonIn in) throws IOException {
        return in.texts().stream().map(JsonText::of).toList();
    }

    private static List<Module> modules(JsonIn in) throws IOException {
        List<Module> modules = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                if (modules.size() == MAX_MODULES) {
                    throw in.invalid("is one module too many; a request may have " + MAX_MODULES);
                }
                modules.add(module(in));
            }
        }
        return modules;
    }

    private static Module module(JsonIn in) throws IOException {
        ModuleType type = null;
        DebugId debugId = null;
        boolean nil = false;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "type" -> type = moduleType(in);
                // some clients name it as for native modules
                case "uuid", "debug_id" -> {
                    String text = in.text();
                    debugId = text == null ? null : DebugId.parse(text);
                    nil = text != null && text.replace("-", "").equals(NIL.replace("-", ""));
                    if (debugId == null && text != null && !nil) {
                        throw in.invalid("must be a UUID");
                    }
                }
                default -> in.skip();
            }
        }
        if (type == null) {
            throw in.missing("type");
        }
        if (debugId == null && !nil) {
            throw in.missing("uuid");
        }
        return new Module(type, debugId == null ? NIL : debugId.toString(), debugId);
    }

    private static ModuleType moduleType(JsonIn in) throws IOException {
        return switch (in.text()) {
            case "proguard" -> ModuleType.PROGUARD;
            case "source" -> ModuleType.SOURCE;
            case null, default -> throw in.invalid("must be \"proguard\" or \"source\"");
        };
    }

    private static Options options(JsonIn in) throws IOException {
        Options ifNull = Options.DEFAULT;
        CommonOptions read = CommonOptions.read(
                in, new CommonOptions(ifNull.applySourceContext(), ifNull.frameOrder(), ifNull.causes()), "causes");
        return new Options(read.applySourceContext(), read.frameOrder(), read.flag());
    }
}
