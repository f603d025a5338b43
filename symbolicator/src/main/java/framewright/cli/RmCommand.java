package framewright.cli;

import framewright.client.StoreServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright rm}: takes files out of the store. */
@Command(
        name = "rm",
        description = "Deletes files of a project from a server's store, by the ids that `framewright ls` shows.",
        footer = {"", "Examples:", "  framewright rm 12 13", "  framewright rm --bundles 4"})
final class RmCommand extends ServerCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "As `framewright ls` shows them.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Long> ids;

    @Option(names = "--bundles", description = "The ids are those of bundles.")
    private boolean bundles;

    RmCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        String path = "/api/v1/projects/" + StoreServer.segment(server.account().project())
                + (bundles ? "/bundles/" : "/files/");
        for (long id : ids) {
            server.delete(path + id);
            terminal.out().println("deleted " + id);
        }
        return Exit.OK;
    }
}
