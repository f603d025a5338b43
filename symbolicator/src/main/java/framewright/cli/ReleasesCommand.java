package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code framewright releases}: the releases of a project. */
@Command(
        name = "releases",
        description = "Lists the releases of a project, makes one, or deletes one with its scripts.",
        footer = {
            "",
            "Examples:",
            "  framewright releases",
            "  framewright releases create web@1.4",
            "  framewright releases rm web@1.3"
        })
final class ReleasesCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final AnswerOption answers;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            defaultValue = "LS",
            description = "ls, create or rm.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Of the release.")
    private @Nullable String version;

    private enum Action {
        LS,
        CREATE,
        RM
    }

    ReleasesCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        if (action != Action.LS && version == null) {
            throw new UsageException("say which release: framewright releases create|rm VERSION");
        }
        String releases = server.organizationPath("releases/");
        switch (action) {
            case LS -> answers.print(server.get(server.projectPath("releases/")), this::print);
            case CREATE -> {
                var release = JSON.createObjectNode().put("version", version);
                release.putArray("projects").add(server.account().project());
                server.post(releases, release);
                terminal.out().println("release " + version);
            }
            case RM -> {
                // a slash would begin another part of the address (contract, 0)
                String segment = StoreServer.segment(String.valueOf(version).replace('/', '\uFFFD'));
                server.delete(releases + segment + "/");
                terminal.out().println("deleted " + version);
            }
        }
        return Exit.OK;
    }

    private void print(JsonNode releases) {
        TextTable table = new TextTable("release", "created", "released");
        for (JsonNode release : releases) {
            table.add(
                    TextTable.cell(release, "version"),
                    TextTable.cell(release, "dateCreated"),
                    TextTable.cell(release, "dateReleased"));
        }
        table.print(terminal);
    }
}
