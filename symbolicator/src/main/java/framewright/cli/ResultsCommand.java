package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code framewright results}: the answers of a server's queue. */
@Command(
        name = "results",
        description = "Prints the answers of events that were submitted, the oldest first; each generation once.",
        footer = {
            "",
            "Examples:",
            "  framewright results                                what is kept",
            "  framewright results --follow --json                from now on, one JSON object a line, until Ctrl-C"
        })
final class ResultsCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WAIT_SECONDS = 20;

    @Option(names = "--follow", description = "Go on with those that come.")
    private boolean follow;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Only those after this one; --json tells cursors.")
    private @Nullable Long after;

    @Option(names = "--all-projects", description = "Of all projects that the token reaches.")
    private boolean allProjects;

    @Option(names = "--json", description = "Whole answers, one a line.")
    private boolean json;

    ResultsCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        long cursor = after == null ? 0 : after;
        while (true) {
            JsonNode page = server.get("/queue/results?after=" + cursor + (follow ? "&wait=" + WAIT_SECONDS : "")
                    + (allProjects
                            ? ""
                            : "&project=" + StoreServer.segment(server.account().project())));
            for (JsonNode result : page.path("results")) {
                print(result);
            }
            terminal.out().flush();
            cursor = page.path("cursor").asLong();
            if (page.path("results").isEmpty() && !follow) {
                if (json) {
                    terminal.err().println("cursor " + cursor);
                }
                return Exit.OK;
            }
        }
    }

    private void print(JsonNode result) throws IOException {
        if (json) {
            terminal.out().println(JSON.writeValueAsString(result));
            return;
        }
        String status = result.path("status").asText();
        StringBuilder line = new StringBuilder(result.path("answered").asText())
                .append("  ")
                .append(result.path("project").asText())
                .append('/')
                .append(terminal.bold(result.path("event_id").asText()))
                .append("  ")
                .append(result.path("generation").asInt())
                .append("  ")
                .append(status.equals("complete") ? status : terminal.red(status));
        for (JsonNode missing : result.path("missing")) {
            line.append("\n    ")
                    .append(TextTable.cell(missing, "name"))
                    .append(' ')
                    .append(TextTable.cell(missing, "id"))
                    .append(": ")
                    .append(TextTable.cell(missing, "message"));
        }
        terminal.out().println(line);
    }
}
