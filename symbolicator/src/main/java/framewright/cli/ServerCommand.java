package framewright.cli;

import framewright.client.StoreServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a server, which the person who runs it names, and prints what it says. */
abstract class ServerCommand implements Callable<Integer> {
    final Terminal terminal;

    @Mixin
    private final ServerOptions options;

    ServerCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.options = new ServerOptions(environment);
    }

    /** @return the exit status */
    abstract int ask(StoreServer server) throws IOException, InterruptedException;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        try (StoreServer server = options.server()) {
            int status = ask(server);
            terminal.out().flush();
            return status;
        }
    }
}
