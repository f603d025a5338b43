package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import framewright.App;
import framewright.api.Answer;
import framewright.api.InvalidRequestException;
import framewright.api.JsRequest;
import framewright.api.MalformedJsonException;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateOptions;
import framewright.api.SymbolicateRequest;
import framewright.config.CacheSettings;
import framewright.config.Settings;
import framewright.config.SettingsLoader;
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
            "Resolves a crash, or addresses of one file, without a server.",
            "A crash is what POST /symbolicate takes, as a file (or - for standard input)."
        },
        footer = {
            "",
            "Examples:",
            "  framewright resolve event.json --symbols ~/symbols",
            "  framewright resolve event.json --symbols debuginfod:https://debuginfod.example/",
            "  framewright resolve event.json --symbols unified:/mnt/a --symbols symstore:/mnt/b --json",
            "  framewright resolve 0x1204 0x119a --module ./crash",
            "  framewright resolve error.txt --maps dist",
            "  framewright resolve 0x55b8d7941204 --module ./crash --image-addr 0x55b8d7940000",
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

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "EVENT|ADDRESS", description = "One file, or addresses as 0x1234.")
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
            names = "--maps",
            paramLabel = "DIR",
            description = "Scripts and source maps of a build: the file is the text of a JavaScript error.")
    private @Nullable Path maps;

    @Option(names = "--cache", paramLabel = "DIR", description = "Keep what was downloaded for the next time.")
    private @Nullable Path cache;

    @Option(names = "--json", description = "Print the whole answer, as the server would send it.")
    private boolean json;

    ResolveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogSetup.command();
        if (Addresses.isAddress(what.getFirst())) {
            if (module == null) {
                throw new UsageException("addresses need --module FILE, the program or debug file they are in");
            }
            try (ModuleFile file = ModuleFile.of(module)) {
                List<SourceConfig> sources = new ArrayList<>(SymbolsOption.sources(symbols));
                sources.addFirst(file.source());
                return resolve(Addresses.request(what, file.id(), imageAddr).withSources(sources));
            }
        }
        if (what.size() > 1) {
            throw new UsageException("give one event, or addresses that start with 0x");
        }
        if (module != null || imageAddr != null) {
            throw new UsageException("--module and --image-addr go with addresses; an event names its modules itself");
        }
        return maps == null ? resolve(event(what.getFirst())) : resolveError(what.getFirst(), maps);
    }

    /** The text of a JavaScript error. */
    private int resolveError(String name, Path folder) throws IOException, InterruptedException {
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
            event = SymbolicateRequest.read(in);
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
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no file " + name + "; give an event, - for standard input, or addresses"
                    + " that start with 0x");
        }
        return Files.newInputStream(file);
    }

    private int resolve(SymbolicateRequest request) throws IOException, InterruptedException {
        try (App app = new App(settings())) {
            JsonNode answer = tree(app.symbolicate(json ? request : withCandidates(request), null));
            if (json) {
                terminal.out().println(JSON.writeValueAsString(answer));
                terminal.out().flush();
                return AnswerTable.isComplete(answer) ? Exit.OK : Exit.FAILED;
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

    /** The table tells where was looked. */
    private static SymbolicateRequest withCandidates(SymbolicateRequest request) {
        SymbolicateOptions options = request.options();
        return new SymbolicateRequest(
                request.platform(),
                request.signal(),
                request.sources(),
                request.stacktraces(),
                request.modules(),
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
