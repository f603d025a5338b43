package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.Account;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright queue}: how a server's queue does, and what became of an event. */
@Command(
        name = "queue",
        description = {
            "Shows the lanes of a server's queue, one event's whole way, or the messages that nobody could work on;",
            "sends these again. What concerns dead messages needs a token with `admin`."
        },
        footer = {
            "",
            "Examples:",
            "  framewright queue                                  how full each lane is",
            "  framewright queue trace 5f0c1e                     what happened to an event",
            "  framewright queue dead                             dead messages, with why",
            "  framewright queue replay 17 18                     sends these again",
            "  framewright queue replay --all"
        })
final class QueueCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PROJECTS = 3;

    @Mixin
    private final AnswerOption answers;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            defaultValue = "STATUS",
            description = "status, trace, dead or replay.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "EVENT|ID", description = "An event, or dead messages.")
    private List<String> subjects = List.of();

    @Option(names = "--all", description = "All dead messages.")
    private boolean all;

    private enum Action {
        STATUS,
        TRACE,
        DEAD,
        REPLAY
    }

    QueueCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        switch (action) {
            case STATUS -> answers.print(server.get("/queue"), this::status);
            case TRACE -> answers.print(server.get(tracePath(server.account())), this::trace);
            case DEAD -> answers.print(server.get("/queue/dead?limit=1000"), this::dead);
            case REPLAY ->
                answers.print(
                        server.post("/queue/dead/replay", wanted()),
                        answer -> terminal.out().println(answer.path("replayed").asInt() + " sent again"));
        }
        return Exit.OK;
    }

    private String tracePath(Account account) {
        if (subjects.size() != 1) {
            throw new UsageException("give one event");
        }
        List<String> parts = new ArrayList<>();
        for (String part : List.of(account.organization(), account.project(), subjects.getFirst())) {
            parts.add(StoreServer.segment(part));
        }
        return "/queue/events/" + String.join("/", parts);
    }

    private ObjectNode wanted() {
        if (all && subjects.isEmpty()) {
            return JSON.createObjectNode().put("all", true);
        }
        if (subjects.isEmpty() || all) {
            throw new UsageException("give the ids of dead messages, or --all");
        }
        ObjectNode body = JSON.createObjectNode();
        ArrayNode ids = body.putArray("ids");
        for (String subject : subjects) {
            if (!subject.matches("[0-9]{1,18}")) {
                throw new UsageException(subject + " is no id; `framewright queue dead` lists them");
            }
            ids.add(Long.parseLong(subject));
        }
        return body;
    }

    private void status(JsonNode answer) {
        TextTable table = new TextTable("lane", "depth", "oldest", "held here", "running", "most are of");
        for (JsonNode lane : answer.path("lanes")) {
            table.add(
                    TextTable.cell(lane, "lane"),
                    TextTable.cell(lane, "depth"),
                    TextTable.cell(lane, "oldest"),
                    TextTable.cell(lane, "buffered"),
                    TextTable.cell(lane, "running"),
                    most(lane.path("projects")));
        }
        table.print(terminal);
        terminal.out()
                .printf(
                        "%s, %.1f events a second, %d dead%n",
                        answer.path("engine").asText(),
                        answer.path("drained_per_second").asDouble(),
                        answer.path("dead").asLong());
    }

    /** Those come first that have most. */
    private static String most(JsonNode projects) {
        return projects.properties().stream()
                .limit(MOST_PROJECTS)
                .map(project -> project.getKey() + " " + project.getValue().asText())
                .collect(Collectors.joining(", "));
    }

    private void trace(JsonNode answer) {
        terminal.out()
                .println(terminal.bold(answer.path("event_id").asText()) + "  "
                        + answer.path("kind").asText() + "  "
                        + answer.path("status").asText() + ", generation "
                        + answer.path("generation").asInt() + ", "
                        + answer.path("attempts").asInt() + " attempts");
        for (JsonNode step : answer.path("steps")) {
            terminal.out().println("  " + step.path("at").asText() + "  " + TextTable.cell(step, "what"));
        }
        for (JsonNode wanted : answer.path("waits_for")) {
            terminal.out()
                    .println("  waits for " + TextTable.cell(wanted, "kind") + " " + TextTable.cell(wanted, "id"));
        }
        answer.path("due").forEach(run -> terminal.out().println("  due: " + run.asText()));
    }

    private void dead(JsonNode answer) {
        TextTable table = new TextTable("id", "at", "project", "event", "cause", "details");
        for (JsonNode letter : answer.path("dead")) {
            table.add(
                    TextTable.cell(letter, "id"),
                    TextTable.cell(letter, "at"),
                    TextTable.cell(letter, "project"),
                    TextTable.cell(letter, "event_id"),
                    TextTable.cell(letter, "cause"),
                    TextTable.cell(letter, "details"));
        }
        table.print(terminal);
    }
}
