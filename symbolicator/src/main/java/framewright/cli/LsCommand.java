package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright ls}: what a project has in the store. */
@Command(
        name = "ls",
        description = "Lists the files that a project has in a server's store, the newest first.",
        footer = {
            "",
            "Examples:",
            "  framewright ls                                     debug files and mappings",
            "  framewright ls libapp                              those with this in their name or id",
            "  framewright ls --bundles                           scripts and source maps"
        })
final class LsCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final AnswerOption answers;

    @Parameters(paramLabel = "TEXT", arity = "0..1", description = "In names and ids.")
    private @Nullable String text;

    @Option(names = "--bundles", description = "Bundles of scripts and source maps in place of debug files.")
    private boolean bundles;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "No more than these; 100.")
    private int limit;

    LsCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        String kind = bundles ? "bundles" : "files";
        ObjectNode report = JSON.createObjectNode();
        report.set(kind, read(server, kind));
        answers.print(report, answer -> show(answer.path(kind)));
        return Exit.OK;
    }

    private void show(JsonNode all) {
        if (all.isEmpty()) {
            terminal.out().println("There is nothing of the kind.");
        } else if (bundles) {
            printBundles(all);
        } else {
            printFiles(all);
        }
    }

    private ArrayNode read(StoreServer server, String kind) throws IOException, InterruptedException {
        ArrayNode all = JSON.createArrayNode();
        String path = "/api/v1/projects/" + StoreServer.segment(server.account().project()) + "/" + kind + "?query="
                + StoreServer.segment(text == null ? "" : text);
        String before = "";
        while (all.size() < limit) {
            JsonNode page = server.get(path + before);
            for (JsonNode item : page.path(kind)) {
                if (all.size() < limit) {
                    all.add(item);
                }
            }
            if (!page.has("next")) {
                break;
            }
            before = "&before=" + page.path("next").asLong();
        }
        return all;
    }

    private void printFiles(JsonNode files) {
        TextTable table = new TextTable("id", "kind", "arch", "name", "debug id", "code id", "features", "size");
        for (JsonNode file : files) {
            table.add(
                    TextTable.cell(file, "id"),
                    TextTable.cell(file, "kind"),
                    TextTable.cell(file, "arch"),
                    TextTable.cell(file, "name"),
                    TextTable.cell(file, "debug_id"),
                    TextTable.cell(file, "code_id"),
                    TextTable.words(file.path("features")),
                    ProgressLine.size(file.path("size").asLong()));
        }
        table.print(terminal);
    }

    private void printBundles(JsonNode list) {
        TextTable table = new TextTable("id", "release", "dist", "files", "created", "size");
        for (JsonNode bundle : list) {
            table.add(
                    TextTable.cell(bundle, "id"),
                    TextTable.cell(bundle, "release"),
                    TextTable.cell(bundle, "dist"),
                    TextTable.cell(bundle, "files"),
                    TextTable.cell(bundle, "created"),
                    ProgressLine.size(bundle.path("size").asLong()));
        }
        table.print(terminal);
    }
}
