package framewright.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.App;
import framewright.api.SourceConfig;
import framewright.cli.Diagnosis.State;
import framewright.config.LoadedSettings;
import framewright.config.Settings;
import framewright.config.SettingsException;
import framewright.config.SettingsLoader;
import framewright.shared.SharedCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code framewright doctor}: whether a server with these settings would find what it needs. */
@Command(
        name = "doctor",
        description = {
            "Checks this machine and every source of a settings file, and says what to do.",
            "Asks each source for a file that nobody has, in the way that the server would: name, proxy, TLS and",
            "credentials included. Nothing is kept. May run beside the server."
        },
        footer = {"", "Examples:", "  framewright doctor -c config.yml", "  framewright doctor -c config.yml --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;
    private final SettingsLoader loader;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "Settings of the server.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path config;

    @Option(names = "--json", description = "The checks as JSON.")
    private boolean json;

    DoctorCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.loader = new SettingsLoader(environment);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogSetup.command();
        LoadedSettings loaded;
        try {
            loaded = loader.load(config);
        } catch (SettingsException e) {
            Cli.settings(terminal, config.toString(), e);
            return Exit.USAGE;
        }
        List<Diagnosis> all = new ArrayList<>(HostChecks.of(loaded.settings().caches()));
        all.addAll(tryOut(loaded.settings()));
        if (json) {
            printJson(all);
        } else {
            all.forEach(this::print);
        }
        terminal.out().flush();
        return all.stream().anyMatch(check -> check.state() == State.FAIL) ? Exit.FAILED : Exit.OK;
    }

    /** In a folder that goes: the server may hold its own, and may remember failures that are mended. */
    private static List<Diagnosis> tryOut(Settings settings) throws IOException, InterruptedException {
        List<Diagnosis> found = new ArrayList<>();
        try (App app = new App(settings.withCaches(HostChecks.temporary(settings.caches())))) {
            found.addAll(HostChecks.nativeParts(app));
            for (SourceConfig source : settings.sources()) {
                found.add(SourceCheck.of(app, source));
            }
            SharedCache shared = app.sharedCache();
            if (shared != null) {
                found.add(NetworkChecks.shared(shared));
            }
            if (settings.sources().stream().anyMatch(source -> !(source instanceof SourceConfig.Filesystem))) {
                found.add(NetworkChecks.clock(app.clockSkew()));
            }
        }
        if (settings.sources().isEmpty()) {
            String remedy = "Add `sources` to the settings file, unless every request brings its own.";
            found.add(Diagnosis.warn("sources", "no source is configured", remedy));
        }
        return found;
    }

    private void print(Diagnosis check) {
        String state = check.state().name().toLowerCase(Locale.ROOT);
        String padded = " ".repeat(4 - state.length());
        String painted = check.state() == State.OK ? state : terminal.red(state);
        terminal.out()
                .println(painted + padded + "  " + terminal.bold(Terminal.printable(check.what())) + ": "
                        + Terminal.printable(check.seen()));
        if (check.remedy() != null) {
            terminal.out().println("      " + Terminal.printable(check.remedy()));
        }
    }

    private void printJson(List<Diagnosis> all) {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode checks = report.putArray("checks");
        for (Diagnosis check : all) {
            ObjectNode node = checks.addObject();
            node.put("check", check.what());
            node.put("state", check.state().name().toLowerCase(Locale.ROOT));
            node.put("seen", check.seen());
            if (check.remedy() != null) {
                node.put("remedy", check.remedy());
            }
        }
        terminal.out().println(report.toPrettyString());
    }
}
