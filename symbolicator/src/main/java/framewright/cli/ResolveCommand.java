package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import framewright.App;
import framewright.api.Answer;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.InvalidRequestException;
import framewright.api.JsRequest;
import framewright.api.MalformedJsonException;
import framewright.api.Scraping;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateOptions;
import framewright.api.SymbolicateRequest;
import framewright.config.CacheSettings;
import framewright.config.Settings;
import framewright.config.SettingsLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright resolve}: the engine without the server. */
@Command(
        name = "resolve",
        description = {
            "Resolves a crash, addresses of one file, or an obfuscated stack trace, without a server.",
            "A crash is a minidump, an Apple crash report (.ips or text), or an event: what POST /symbolicate",
            "takes; a stack trace is what a JVM, Android or Dart program prints. Either is a file (or - for",
            "standard input)."
        },
        footer = {
            "",
            "Examples:",
            "  framewright resolve event.json --symbols ~/symbols",
            "  framewright resolve event.json --symbols debuginfod:https://debuginfod.example/",
            "  framewright resolve event.json --symbols unified:/mnt/a --symbols symstore:/mnt/b --json",
            "  framewright resolve crash.dmp --symbols ~/symbols",
            "  framewright resolve report.ips --symbols ~/symbols --json --extended",
            "  framewright resolve 0x1204 0x119a --module ./crash",
            "  framewright resolve error.txt --maps dist",
            "  framewright resolve 0x55b8d7941204 --module ./crash --image-addr 0x55b8d7940000",
            "  framewright resolve trace.txt --mapping mapping.txt",
            "  framewright resolve flutter.txt --symbols build/symbols",
            "",
            "Exit status: 0 all resolved, 1 not all, 2 wrong usage."
        })
final class ResolveCommand implements Callable<Integer> {
    /** Nothing is remembered against a user who fixes something and tries again. */
    private static final String SETTINGS = """
            connect_to_reserved_ips: true
            caches:
              downloaded: {retry_misses_after: 0s, retry_misses_after_public: 0s, retry_malformed_after: 0s}
              derived: {retry_misses_after: 0s, retry_misses_after_public: 0s, retry_malformed_after: 0s}
            """;

    /** The table tells where was looked. */
    private static final SymbolicateOptions TELLING = new SymbolicateOptions(
            true,
            SymbolicateOptions.DEFAULT.applySourceContext(),
            SymbolicateOptions.DEFAULT.frameOrder(),
            false,
            true);

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "CRASH|TRACE|ADDRESS", description = "One file, or addresses as 0x1234.")
    private List<String> what = List.of();

    @Option(
            names = "--symbols",
            paramLabel = "[LAYOUT:]DIR|URL",
            description = {
                "Where to look, in place of the event's own sources; may be repeated.",
                "Without a layout, native and unified are tried."
            })
    private List<String> symbols = List.of();

    @Option(
            names = {"--module", "--debug-file"},
            paramLabel = "FILE",
            description = "The program or debug file that the addresses are in.")
    private @Nullable Path module;

    @Option(
            names = "--image-addr",
            paramLabel = "ADDRESS",
            description = "Where it was loaded; without, addresses count from its start.")
    private @Nullable String imageAddr;

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = "Mapping by ProGuard or R8 that the stack trace's names are restored with; may be repeated.")
    private List<Path> mappings = List.of();

    @Option(
            names = "--maps",
            paramLabel = "DIR",
            description = "Scripts and source maps of a build: the file is the text of a JavaScript error.")
    private @Nullable Path maps;

    @Option(names = "--cache", paramLabel = "DIR", description = "Keep what was downloaded for the next time.")
    private @Nullable Path cache;

    @Option(names = "--extended", description = "Tell all that a crash file says; goes with --json.")
    private boolean extended;

    @Option(names = "--json", description = "Print the whole answer, as the server would send it.")
    private boolean json;

    ResolveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogSetup.command();
        if (maps != null) {
            return resolveError(maps);
        }
        if (!mappings.isEmpty()) {
            return retrace();
        }
        if (Addresses.isAddress(what.getFirst())) {
            if (module == null) {
                throw new UsageException("addresses need --module FILE, the program or debug file they are in");
            }
            try (ModuleFile file = ModuleFile.of(module)) {
                List<SourceConfig> sources = new ArrayList<>(SymbolsOption.sources(symbols));
                sources.addFirst(file.source());
                return resolveEvent(
                        Addresses.request(what, file.id(), imageAddr).withSources(sources));
            }
        }
        if (what.size() > 1) {
            throw new UsageException("give one crash, or addresses that start with 0x");
        }
        if (module != null || imageAddr != null) {
            throw new UsageException("--module and --image-addr go with addresses; a crash names its modules itself");
        }
        String name = what.getFirst();
        CrashKind kind = name.equals("-") ? null : CrashFile.kind(existing(name));
        return kind == null ? resolveEvent(event(name)) : resolveCrash(kind, Path.of(name));
    }

    private int retrace() throws IOException, InterruptedException {
        if (what.size() > 1 || module != null || imageAddr != null || !symbols.isEmpty()) {
            throw new UsageException("--mapping goes with one printed stack trace, and with nothing else");
        }
        String trace;
        try (InputStream in = open(what.getFirst())) {
            trace = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (Retrace retrace = Retrace.of(trace, mappings);
                App app = new App(settings())) {
            JsonNode answer = tree(app.symbolicate(retrace.request(), null));
            if (json) {
                terminal.out().println(JSON.writeValueAsString(answer));
                terminal.out().flush();
                return Exit.OK;
            }
            return Retrace.print(answer, mappings, terminal) ? Exit.OK : Exit.FAILED;
        }
    }

    /** The text of a JavaScript error. */
    private int resolveError(Path folder) throws IOException, InterruptedException {
        if (what.size() > 1 || module != null || imageAddr != null || !symbols.isEmpty()) {
            throw new UsageException("--maps goes with the text of one error, and with nothing else");
        }
        String name = what.getFirst();
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--maps " + folder + ": there is no such folder");
        }
        JsRequest request;
        try (InputStream in = open(name)) {
            request = JsRequest.ofStack(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        if (request.stacktraces().isEmpty()) {
            throw new UsageException(name + " holds no line of a stack, as `at f (app.js:1:2)` or `f@app.js:1:2`");
        }
        try (App app = new App(settings())) {
            JsonNode answer = tree(app.symbolicate(request, folder));
            if (json) {
                terminal.out().println(JSON.writeValueAsString(answer));
                terminal.out().flush();
                return Exit.OK;
            }
            return new StackTable(terminal).print(answer) ? Exit.OK : Exit.FAILED;
        }
    }

    private SymbolicateRequest event(String name) throws IOException {
        SymbolicateRequest event;
        try (InputStream in = open(name)) {
            byte[] content = in.readAllBytes();
            SymbolicateRequest trace = SymbolicateRequest.ofDartTrace(new String(content, StandardCharsets.UTF_8));
            event = trace == null ? SymbolicateRequest.read(new ByteArrayInputStream(content)) : trace;
        } catch (MalformedJsonException e) {
            throw new UsageException(name + " is not JSON: " + e.getMessage());
        } catch (InvalidRequestException e) {
            throw new UsageException(name + " is no event: " + e.getMessage());
        }
        if (!symbols.isEmpty()) {
            return event.withSources(SymbolsOption.sources(symbols));
        }
        if (event.sources() == null || event.sources().isEmpty()) {
            throw new UsageException(name + " names no sources; say where to look with --symbols DIR or --symbols URL");
        }
        return event;
    }

    private static InputStream open(String name) throws IOException {
        if (name.equals("-")) {
            return System.in;
        }
        return Files.newInputStream(existing(name));
    }

    private static Path existing(String name) {
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no file " + name + "; give a crash, - for standard input, or addresses"
                    + " that start with 0x");
        }
        return file;
    }

    private int resolveEvent(SymbolicateRequest request) throws IOException, InterruptedException {
        return resolve(app -> app.symbolicate(json ? request : withCandidates(request), null));
    }

    /** Without sources, the stacks are there, and their modules. */
    private int resolveCrash(CrashKind kind, Path file) throws IOException, InterruptedException {
        CrashRequest request = new CrashRequest(
                null,
                SymbolsOption.sources(symbols),
                json ? SymbolicateOptions.DEFAULT : TELLING,
                Scraping.DEFAULT,
                List.of(),
                extended);
        return resolve(app -> app.crash(kind, file, request, null));
    }

    /** What the engine is asked. */
    @FunctionalInterface
    private interface Question {
        Answer ask(App app) throws InterruptedException;
    }

    private int resolve(Question question) throws IOException, InterruptedException {
        try (App app = new App(settings())) {
            JsonNode answer = tree(question.ask(app));
            if (json) {
                terminal.out().println(JSON.writeValueAsString(answer));
                terminal.out().flush();
                return AnswerTable.isComplete(answer) ? Exit.OK : Exit.FAILED;
            }
            if (answer.path("status").asText().equals("failed")) {
                throw new UsageException(failure(answer));
            }
            return new AnswerTable(terminal).print(answer) ? Exit.OK : Exit.FAILED;
        }
    }

    private Settings settings() {
        Settings settings = new SettingsLoader(Map.of()).parse(SETTINGS).settings();
        CacheSettings caches = settings.caches();
        return settings.withCaches(new CacheSettings(
                cache, caches.maxBytes(), caches.minShare(), caches.downloaded(), caches.derived(), caches.retries()));
    }

    private String failure(JsonNode answer) {
        StringBuilder text = new StringBuilder(what.getFirst() + " cannot be resolved: ")
                .append(answer.path("message").asText());
        answer.path("causes").forEach(cause -> text.append("; ").append(cause.asText()));
        return text.toString();
    }

    /** The table tells where was looked. */
    private static SymbolicateRequest withCandidates(SymbolicateRequest request) {
        SymbolicateOptions options = request.options();
        return new SymbolicateRequest(
                request.platform(),
                request.signal(),
                request.sources(),
                request.stacktraces(),
                request.modules(),
                request.exceptions(),
                new SymbolicateOptions(
                        true, options.applySourceContext(), options.frameOrder(), options.extractVariables(), true),
                request.scraping());
    }

    private static JsonNode tree(Answer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        answer.write(bytes);
        return JSON.readTree(bytes.toByteArray());
    }
}
