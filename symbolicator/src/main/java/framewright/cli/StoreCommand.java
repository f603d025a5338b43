package framewright.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.App;
import framewright.config.SettingsException;
import framewright.config.SettingsLoader;
import framewright.config.StoreSettings;
import framewright.database.StorageFailure;
import framewright.store.Retention;
import framewright.store.Store;
import framewright.store.Verify;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright store}: looks after the symbols that a server keeps, where they are kept. */
@Command(
        name = "store",
        description = {
            "Looks after the store of a server, on its machine; the server may be running.",
            "verify reads every file and compares it with what the database says of it;",
            "retention deletes what the settings let go, or with --dry-run says what that would be;",
            "token makes a token that may do everything in the organisation `default`, for who has none."
        },
        footer = {
            "",
            "Examples:",
            "  framewright store verify -c config.yml",
            "  framewright store retention -c config.yml --dry-run",
            "  FRAMEWRIGHT_TOKEN=$(framewright store token) framewright projects",
            "",
            "Exit status: 0 all is well, 1 something is damaged, 2 wrong usage."
        })
final class StoreCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What can be done. */
    enum Action {
        VERIFY,
        RETENTION,
        TOKEN
    }

    private final Terminal terminal;
    private final SettingsLoader loader;

    @Parameters(paramLabel = "COMMAND", description = "verify, retention or token.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings, which say where the store is; without, the one of `framewright serve` is meant.")
    private @Nullable Path config;

    @Option(names = "--dry-run", description = "Delete nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "The outcome as JSON.")
    private boolean json;

    StoreCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.loader = new SettingsLoader(environment);
    }

    @Override
    public Integer call() {
        LogSetup.command();
        StoreSettings settings;
        try {
            settings = config == null
                    ? new StoreSettings(ServeCommand.STORE)
                    : loader.load(config).settings().store();
        } catch (SettingsException e) {
            Cli.settings(terminal, String.valueOf(config), e);
            return Exit.USAGE;
        }
        if (settings == null) {
            throw new UsageException(config + " names no store; set store.dir");
        }
        if (!Files.isDirectory(settings.dir())) {
            throw new UsageException("there is no store in " + settings.dir() + "; name the settings with -c FILE");
        }
        try (Store store = Store.open(settings, App.clock())) {
            return switch (action) {
                case VERIFY -> verify(store);
                case RETENTION -> retention(store);
                case TOKEN -> token(store);
            };
        } catch (StorageFailure e) {
            terminal.err().println(terminal.red("framewright: ") + e.getMessage());
            return Exit.FAILED;
        } finally {
            terminal.out().flush();
        }
    }

    private int verify(Store store) {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode problems = report.putArray("problems");
        Verify.Checked checked = store.verify().run(problem -> {
            String kind = problem.kind().name().toLowerCase(Locale.ROOT);
            problems.addObject().put("kind", kind).put("blob", problem.blob()).put("detail", problem.detail());
            if (!json) {
                terminal.out().println(terminal.red(kind) + " " + problem.blob() + " " + problem.detail());
            }
        });
        report.put("blobs", checked.blobs()).put("bytes", checked.bytes());
        if (json) {
            terminal.out().println(report.toPrettyString());
        } else {
            terminal.out()
                    .println(checked.blobs() + " files with " + checked.bytes() + " bytes, "
                            + (checked.problems() == 0 ? "all sound" : checked.problems() + " with problems"));
        }
        return checked.problems() == 0 ? Exit.OK : Exit.FAILED;
    }

    /** Whoever may read the store's files has all of it anyway. */
    private int token(Store store) {
        String token = FirstToken.create(store, "made on the server");
        terminal.out()
                .println(json ? JSON.createObjectNode().put("token", token).toString() : token);
        return Exit.OK;
    }

    private int retention(Store store) {
        List<Retention.Deletion> deletions =
                dryRun ? store.retention().plan() : store.housekeeping().run().deleted();
        ObjectNode report = JSON.createObjectNode().put("dry_run", dryRun);
        ArrayNode files = report.putArray(dryRun ? "would_delete" : "deleted");
        for (Retention.Deletion deletion : deletions) {
            files.addObject()
                    .put("kind", deletion.kind())
                    .put("id", deletion.id())
                    .put("project", deletion.project())
                    .put("name", deletion.name())
                    .put("bytes", deletion.size())
                    .put("used", deletion.used().toString());
            if (!json) {
                terminal.out()
                        .println(deletion.project() + " " + deletion.kind() + " " + deletion.name() + ", "
                                + deletion.size() + " bytes, last used " + deletion.used());
            }
        }
        terminal.out()
                .println(
                        json
                                ? report.toPrettyString()
                                : deletions.size() + (dryRun ? " files would be deleted" : " files deleted"));
        return Exit.OK;
    }
}
