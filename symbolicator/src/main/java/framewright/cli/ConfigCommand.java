package framewright.cli;

import framewright.config.LoadedSettings;
import framewright.config.SettingsException;
import framewright.config.SettingsLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code framewright config}: the reference of all settings, or a look at one file. */
@Command(
        name = "config",
        description = {
            "Prints every setting with its meaning and default, or checks a file.",
            "What it prints is a file to start from."
        },
        footer = {"", "Examples:", "  framewright config > config.yml", "  framewright config -c config.yml --strict"})
final class ConfigCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final SettingsLoader loader;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The file to check.")
    private @Nullable Path file;

    @Option(names = "--strict", description = "Unknown keys are errors.")
    private boolean strict;

    ConfigCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.loader = new SettingsLoader(environment);
    }

    @Override
    public Integer call() {
        if (file == null) {
            terminal.out().print(SettingsLoader.reference());
            terminal.out().flush();
            return Exit.OK;
        }
        try {
            LoadedSettings loaded = loader.load(file);
            loaded.notes().forEach(note -> terminal.out().println(note));
            boolean failed = strict && !loaded.unknownKeys().isEmpty();
            terminal.out().println(file + (failed ? " has unknown keys" : " can be used"));
            return failed ? Exit.USAGE : Exit.OK;
        } catch (SettingsException e) {
            Cli.settings(terminal, file.toString(), e);
            return Exit.USAGE;
        }
    }
}
