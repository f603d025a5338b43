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

/** {@code framewright projects}: the projects of an organisation. */
@Command(
        name = "projects",
        description = "Lists the projects that the token reaches, or makes one.",
        footer = {"", "Examples:", "  framewright projects", "  framewright projects create android"})
final class ProjectsCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final AnswerOption answers;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", defaultValue = "LS", description = "ls or create.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SLUG", description = "Of the project to make.")
    private @Nullable String slug;

    private enum Action {
        LS,
        CREATE
    }

    ProjectsCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        if (action == Action.CREATE) {
            if (slug == null) {
                throw new UsageException("say what the project is called: framewright projects create SLUG");
            }
            JsonNode made =
                    server.post("/api/v1/projects", JSON.createObjectNode().put("name", slug));
            terminal.out()
                    .println("project " + Terminal.printable(made.path("slug").asText()));
        } else {
            answers.print(server.get("/api/v1/projects"), this::print);
        }
        return Exit.OK;
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("id", "project", "name");
        for (JsonNode project : answer.path("projects")) {
            table.add(TextTable.cell(project, "id"), TextTable.cell(project, "slug"), TextTable.cell(project, "name"));
        }
        terminal.out()
                .println("organisation "
                        + Terminal.printable(answer.path("organization").asText()));
        table.print(terminal);
    }
}
