package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.App;
import framewright.api.CacheQuery;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.cache.Caches;
import framewright.cache.SharedTier;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.Settings;
import framewright.config.SettingsException;
import framewright.config.SettingsLoader;
import framewright.fetch.Fetcher;
import framewright.telemetry.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright cache}: looks into a cache folder or a server's cache, and cleans it. */
@Command(
        name = "cache",
        description = {
            "Looks into the disk cache and cleans it.",
            "Works on the folder while no server holds it; then on the server, which needs an admin_token."
        },
        footer = {
            "",
            "Examples:",
            "  framewright cache stat -c config.yml",
            "  framewright cache ls --dir data --kind objects --scope 42",
            "  framewright cache purge --url http://127.0.0.1:3021 --token T --id 1f2e... --failures",
            "  framewright cache verify --dir data                 damaged files go; exit status 1 where there were any"
        })
final class CacheCommand implements Callable<Integer> {
    /** Nothing is evicted and nothing expires by being looked at. */
    private static final long NO_CAP = 1L << 60;

    private static final Lifetimes NO_END = new Lifetimes(null, null, null, null);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;
    private final SettingsLoader loader;
    private final InstantSource clock;

    @Parameters(paramLabel = "COMMAND", description = "ls, stat, purge or verify.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CacheQuery.Command command;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings, which name the folder.")
    private @Nullable Path config;

    @Option(names = "--dir", paramLabel = "DIR", description = "The folder itself.")
    private @Nullable Path dir;

    @Option(names = "--url", paramLabel = "URL", description = "A running server, in place of a folder.")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "The server's admin_token; else that of -c FILE.")
    private @Nullable String token;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind, as `cache stat` names it.")
    private @Nullable String kind;

    @Option(names = "--scope", paramLabel = "SCOPE", description = "Only entries of this scope.")
    private @Nullable String scope;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Only of this debug id, code id, part of a location, or digest.")
    private @Nullable String id;

    @Option(names = "--failures", description = "Only remembered failures.")
    private boolean failures;

    @Option(names = "--all", description = "Needed to purge without --kind, --scope, --id or --failures.")
    private boolean all;

    @Option(names = "--json", description = "The answer as JSON.")
    private boolean json;

    CacheCommand(Terminal terminal, Map<String, String> environment, InstantSource clock) {
        this.terminal = terminal;
        this.loader = new SettingsLoader(environment);
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean narrowed = kind != null || scope != null || id != null || failures;
        if (command == CacheQuery.Command.PURGE && !narrowed && !all) {
            throw new UsageException("say what to purge with --kind, --scope, --id or --failures; --all is everything");
        }
        Settings settings;
        try {
            settings = config == null ? null : loader.load(config).settings();
        } catch (SettingsException e) {
            Cli.settings(terminal, String.valueOf(config), e);
            return Exit.USAGE;
        }
        byte[] answer = url == null ? local(settings) : remote(url, settings);
        if (answer == null) {
            return Exit.FAILED;
        }
        JsonNode report = JSON.readTree(answer);
        if (json) {
            terminal.out().println(report.toPrettyString());
        } else {
            new CacheTable(terminal).print(command, report);
        }
        terminal.out().flush();
        boolean damaged =
                command == CacheQuery.Command.VERIFY && !report.path("items").isEmpty();
        return damaged ? Exit.FAILED : Exit.OK;
    }

    private byte[] local(@Nullable Settings settings) throws IOException, InterruptedException {
        Path folder =
                dir != null ? dir : settings == null ? null : settings.caches().dir();
        if (folder == null) {
            throw new UsageException("name the cache with --dir DIR, -c FILE with a cache_dir, or --url URL");
        }
        if (!Files.isDirectory(folder)) {
            throw new UsageException("there is no folder " + folder);
        }
        Settings forAll = settings != null && command == CacheQuery.Command.PURGE ? settings : loader.withoutFile();
        try (Fetcher fetcher = new Fetcher(forAll.fetch(), clock, "framewright/" + Version.text());
                SharedTier shared = App.sharedTier(forAll, fetcher, clock);
                Caches caches = new Caches(new CacheSettings(folder, NO_CAP, NO_END, NO_END), clock, shared)) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            caches.report(command, new CacheQuery(kind, scope, id, failures)).write(body);
            return body.toByteArray();
        } catch (UncheckedIOException e) {
            throw new IOException(
                    e.getMessage() + ". While a server holds it, ask that: --url URL and --token with its admin_token.",
                    e);
        }
    }

    private byte @Nullable [] remote(String server, @Nullable Settings settings) throws InterruptedException {
        String secret = token != null ? token : settings == null ? null : settings.adminToken();
        if (secret == null) {
            throw new UsageException("a server wants its admin_token: --token TOKEN, or -c FILE that has it");
        }
        try (ServerClient client = new ServerClient(server, secret, clock)) {
            String path = "/admin/cache/" + command.name().toLowerCase(Locale.ROOT) + query();
            boolean changes = command == CacheQuery.Command.PURGE || command == CacheQuery.Command.VERIFY;
            Outcome<byte[]> answer = changes ? client.post(path, "") : client.get(path);
            return switch (answer) {
                case Found<byte[]>(byte[] body) -> body;
                case Failed<byte[]>(Failure failure) -> {
                    String why = failure instanceof Missing
                            ? server + " has no /admin; set admin_token in its settings"
                            : server + ": " + failure.describe();
                    terminal.err().println(terminal.red("framewright: ") + why);
                    yield null;
                }
            };
        }
    }

    private String query() {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        add(query, "kind", kind);
        add(query, "scope", scope);
        add(query, "id", id);
        add(query, "failures", failures ? "true" : null);
        return query.toString();
    }

    private static void add(StringJoiner query, String name, @Nullable String value) {
        if (value != null) {
            query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
