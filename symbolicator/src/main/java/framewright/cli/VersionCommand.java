package framewright.cli;

import framewright.telemetry.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code framewright version}. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println("framewright " + Version.text() + " (Java " + Runtime.version() + ")");
        return Exit.OK;
    }
}
