package framewright.cli;

import framewright.App;
import framewright.config.LoadedSettings;
import framewright.config.Note;
import framewright.config.Settings;
import framewright.config.SettingsException;
import framewright.config.SettingsLoader;
import framewright.config.StoreSettings;
import framewright.database.StorageFailure;
import framewright.http.HttpServer;
import framewright.telemetry.Version;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code framewright serve}. */
@Command(
        name = "serve",
        aliases = "run",
        description = {
            "Runs the server until it is interrupted.",
            "Without a file it listens on 127.0.0.1:3021, keeps its files in ./data and brings a crash to try."
        },
        footer = {
            "",
            "Examples:",
            "  framewright serve",
            "  framewright serve -c config.yml",
            "  framewright config > config.yml                  every setting, as a file to start from"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(ServeCommand.class.getName());
    private static final Path EXAMPLE = Path.of("data", "example");
    static final Path STORE = Path.of("data", "store");

    private final Terminal terminal;
    private final SettingsLoader loader;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings, in YAML and with Symbolicator's keys.")
    private @Nullable Path file;

    @Option(names = "--strict", description = "Do not start with a file that has unknown keys.")
    private boolean strict;

    ServeCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.loader = new SettingsLoader(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            Example example = Example.unpack(EXAMPLE);
            Settings settings = loader.withoutFile().withStore(new StoreSettings(STORE));
            return serve(example.addTo(settings), List.of(), example);
        }
        LoadedSettings loaded;
        try {
            loaded = loader.load(file);
        } catch (SettingsException e) {
            Cli.settings(terminal, file.toString(), e);
            return Exit.USAGE;
        }
        if (strict && !loaded.unknownKeys().isEmpty()) {
            terminal.err().println(terminal.red("framewright: ") + file + " has unknown keys:");
            loaded.unknownKeys().forEach(note -> terminal.err().println("  " + note));
            return Exit.USAGE;
        }
        return serve(loaded.settings(), loaded.notes(), null);
    }

    private int serve(Settings settings, List<Note> notes, @Nullable Example example) throws InterruptedException {
        LogSetup.server(settings.logging());
        notes.forEach(note -> LOG.log(
                note.kind() == Note.Kind.UNKNOWN_KEY ? Level.WARNING : Level.INFO, "{0}, {1}", new Object[] {file, note
                }));
        App app;
        try {
            app = new App(settings);
        } catch (UncheckedIOException e) {
            return failed(e.getMessage() + ". Caches are kept in `cache_dir`; each server needs one of its own.");
        } catch (StorageFailure e) {
            return failed(e.getMessage() + ". What is uploaded is kept in `store.dir`.");
        }
        StoreSettings kept = settings.store();
        String firstToken;
        try {
            firstToken = app.store() == null || kept == null ? null : FirstToken.make(app.store(), kept.dir());
        } catch (StorageFailure e) {
            app.close();
            return failed(e.getMessage() + ". What is uploaded is kept in `store.dir`.");
        }
        HttpServer server;
        try {
            server = app.listen();
        } catch (UncheckedIOException e) {
            app.close();
            return failed(cannotListen(settings, e));
        }
        String url = settings.bind().url(server.port());
        LOG.log(Level.INFO, "framewright {0} listens on {1}", new Object[] {Version.text(), url});
        if (example != null) {
            greet(url, example);
        }
        if (firstToken != null && kept != null) {
            tell(url, firstToken, FirstToken.file(kept.dir()));
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.close();
            stopped.countDown();
        }));
        stopped.await();
        return Exit.OK;
    }

    private void greet(String url, Example example) {
        terminal.out().println(terminal.bold("Framewright " + Version.text()) + " on " + terminal.cyan(url));
        terminal.out().println();
        terminal.out().println("Resolve a real crash with");
        terminal.out().println("  curl -s -H 'Content-Type: application/json' --data '@" + example.request() + "' \\");
        terminal.out().println("    " + url + "/symbolicate");
        terminal.out().println();
        terminal.out().println("Ctrl-C stops it. `framewright config` shows what a settings file can say.");
        terminal.out().flush();
    }

    /** Shown once; the store keeps no more than its hash. */
    private void tell(String url, String token, Path file) {
        String also = Files.exists(file) ? ", and lies in " + file + " for you only" : "";
        terminal.out().println("Symbols are kept for whoever has this token. It is shown this once" + also + ":");
        terminal.out().println("  " + terminal.bold(token));
        terminal.out().println("Upload with either of");
        terminal.out().println("  FRAMEWRIGHT_URL=" + url + " FRAMEWRIGHT_TOKEN=" + token + " framewright upload PATH");
        terminal.out()
                .println("  SENTRY_URL=" + url + " SENTRY_AUTH_TOKEN=" + token + " SENTRY_ORG=" + StoreSettings.FIRST
                        + " SENTRY_PROJECT=" + StoreSettings.FIRST + " \\");
        terminal.out().println("    sentry-cli debug-files upload PATH");
        terminal.out().println("`framewright tokens` makes more and revokes them.");
        terminal.out().println();
        terminal.out().flush();
    }

    private int failed(String message) {
        terminal.err().println(terminal.red("framewright: ") + message);
        return Exit.FAILED;
    }

    private static String cannotListen(Settings settings, UncheckedIOException e) {
        return "cannot listen on " + settings.bind().host() + ":"
                + settings.bind().port() + ": "
                + (e.getCause() == null ? e : e.getCause()).getMessage()
                + ". Stop what listens there, or set `bind` in a file given with -c (port 0: any free one).";
    }
}
