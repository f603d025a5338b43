package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framewright missing}: what answers lacked. */
@Command(
        name = "missing",
        description = "Lists the files that events of the queue lacked, those first that most events wait for.",
        footer = {
            "",
            "Examples:",
            "  framewright missing",
            "  framewright missing --kind mapping -q com.example",
            "  framewright missing --csv > missing.csv"
        })
final class MissingCommand extends ServerCommand {
    @Mixin
    private final AnswerOption answers;

    @Option(names = "--kind", paramLabel = "KIND", description = "debug_file, mapping, source_map or crash_file.")
    private @Nullable String kind;

    @Option(names = "-q", paramLabel = "TEXT", description = "Only those with this in their name or id.")
    private String text = "";

    @Option(names = "--all", description = "Of all projects of the organisation.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many.")
    private int limit;

    @Option(names = "--csv", description = "The list as CSV, in Tecken's columns.")
    private boolean csv;

    MissingCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        String query = "?limit=" + limit + "&q=" + StoreServer.segment(text)
                + (kind == null ? "" : "&kind=" + StoreServer.segment(kind))
                + (all ? "" : "&project=" + StoreServer.segment(server.account().project()));
        if (csv) {
            terminal.out().print(server.text("/missing.csv" + query));
        } else {
            answers.print(server.get("/missing" + query), this::print);
        }
        return Exit.OK;
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("events", "waiting", "kind", "id", "name", "cause", "last seen");
        for (JsonNode file : answer.path("missing")) {
            table.add(
                    TextTable.cell(file, "events"),
                    TextTable.cell(file, "waiting"),
                    TextTable.cell(file, "kind"),
                    TextTable.cell(file, "id"),
                    TextTable.cell(file, "name"),
                    TextTable.cell(file, "cause"),
                    TextTable.cell(file, "last_seen"));
        }
        table.print(terminal);
    }
}
