package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.StoreServer;
import framewright.config.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framewright warm}: has a server fetch and convert files before anybody asks. */
@Command(
        name = "warm",
        description = "Has a server fetch and convert files before anybody asks for them.",
        footer = {
            "",
            "Examples:",
            "  framewright warm --release web@1.4 --wait",
            "  framewright warm --id 502fc0a5-1ec1-3e47-9998-684fa139dca7",
            "  framewright warm --top 100 --max-bytes 2GiB --rate 60"
        })
final class WarmCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LOOK_EVERY_MILLIS = 500;

    @Mixin
    private final AnswerOption answers;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private What what;

    /** One of these. */
    static final class What {
        @Option(names = "--release", paramLabel = "VERSION", description = "Scripts and mappings of a release.")
        private @Nullable String release;

        @Option(
                names = "--id",
                paramLabel = "ID",
                arity = "1..*",
                description = "Debug ids, code ids, uuids of mappings.")
        private List<String> ids = List.of();

        @Option(names = "--top", paramLabel = "N", description = "What most events of yesterday and today were about.")
        private int top;

        @Option(names = "--newest", paramLabel = "N", description = "What was uploaded, or came to a source, last.")
        private int newest;

        String text() {
            if (release != null) {
                return "release " + release;
            }
            return top > 0 ? "top " + top : newest > 0 ? "newest " + newest : "ids " + String.join(" ", ids);
        }
    }

    @Option(names = "--max-bytes", paramLabel = "SIZE", description = "Begins no file once so much has come.")
    private @Nullable String maxBytes;

    @Option(names = "--rate", paramLabel = "N", description = "Files in a minute; else as fast as it goes.")
    private int rate;

    @Option(names = "--wait", description = "Waits for the end, and shows how far it is.")
    private boolean wait;

    WarmCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("warm", what.text()).put("rate", rate);
        if (maxBytes != null) {
            body.put("max_bytes", bytes(maxBytes));
        }
        String query = "?project=" + StoreServer.segment(server.account().project());
        JsonNode job = server.post("/jobs" + query, body);
        String path = "/jobs/" + job.path("id").asLong();
        try (ProgressLine line = new ProgressLine(terminal.err(), wait && Terminal.isTerminal())) {
            while (wait && !isOver(job)) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                job = server.get(path + query);
                line.step(
                        job.path("done").asLong(),
                        job.path("files").asLong(),
                        job.path("bytes").asLong());
            }
        }
        answers.print(job, answer -> terminal.out().println(text(answer)));
        return wait && !job.path("state").asText().equals("done") ? Exit.FAILED : Exit.OK;
    }

    private static long bytes(String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--max-bytes: " + text + " is no size such as 2GiB");
        }
    }

    private static boolean isOver(JsonNode job) {
        String state = job.path("state").asText();
        return !state.equals("queued") && !state.equals("running");
    }

    private static String text(JsonNode job) {
        String details = job.path("details").asText();
        return "job " + job.path("id").asLong() + " " + job.path("state").asText() + ": "
                + job.path("done").asLong() + " of " + job.path("files").asLong() + " files, "
                + job.path("found").asLong() + " found, "
                + ProgressLine.size(job.path("bytes").asLong())
                + (details.isEmpty() ? "" : "; " + Terminal.printable(details));
    }
}
