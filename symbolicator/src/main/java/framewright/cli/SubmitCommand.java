package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.Account;
import framewright.client.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright submit}: crashes into a server's queue. */
@Command(
        name = "submit",
        description = {
            "Puts crashes into a server's queue: minidumps, Apple crash reports, printed stack traces, the bodies of",
            "/symbolicate, /symbolicate-js and /symbolicate-jvm, or whole events. Prints the id of each event."
        },
        footer = {
            "",
            "Examples:",
            "  framewright submit crash.dmp && framewright results --follow",
            "  framewright submit --wait event.json               and print the answer when it is there",
            "  framewright submit --deadline 2s *.json            a first answer after two seconds in any case"
        })
final class SubmitCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How long an answer is waited for in one request. */
    private static final int WAIT_SECONDS = 20;

    private final Terminal terminal;
    private final InstantSource clock;

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Crashes.")
    private List<Path> files = List.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "native, minidump, apple, js or jvm; by what is in the file, if not given.")
    private @Nullable String kind;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "As 2s: by then there is an answer with what is there.")
    private @Nullable String deadline;

    @Option(names = "--priority", paramLabel = "0..9", defaultValue = "0", description = "Higher comes first; 0.")
    private int priority;

    @Option(names = "--wait", description = "Wait for the answers and print them, one a line.")
    private boolean waits;

    SubmitCommand(Terminal terminal, Map<String, String> environment, InstantSource clock) {
        this.terminal = terminal;
        this.options = new ServerOptions(environment);
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (StoreServer server = options.server()) {
            for (Path file : files) {
                if (!Files.isRegularFile(file)) {
                    throw new UsageException("there is no file " + file);
                }
                ObjectNode event = addressed(EventFile.read(file, kind), server.account());
                server.post("/queue/events", event);
                String id = event.path("event_id").asText();
                if (waits) {
                    terminal.out().println(JSON.writeValueAsString(await(server, event)));
                } else {
                    terminal.out().println(id + "  " + event.path("kind").asText() + "  " + file);
                }
                terminal.out().flush();
            }
        }
        return Exit.OK;
    }

    /** What the file does not say of itself. */
    private ObjectNode addressed(ObjectNode event, Account account) {
        if (!event.hasNonNull("event_id")) {
            event.put("event_id", UUID.randomUUID().toString().replace("-", ""));
        }
        if (!event.hasNonNull("organization")) {
            event.put("organization", account.organization());
        }
        if (!event.hasNonNull("project")) {
            event.put("project", account.project());
        }
        if (!event.hasNonNull("created")) {
            event.put("created", clock.instant().toString());
        }
        if (deadline != null) {
            event.put("deadline_ms", millis(deadline));
        }
        if (priority != 0) {
            event.put("priority", priority);
        }
        return event;
    }

    private static long millis(String text) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).toMillis();
        } catch (DateTimeException e) {
            throw new UsageException("--deadline " + text + " is no time such as 2s or 1.5s");
        }
    }

    /** The first generation that is not one for the deadline. */
    private JsonNode await(StoreServer server, ObjectNode event) throws IOException, InterruptedException {
        long cursor = 0;
        while (true) {
            JsonNode page = server.get("/queue/results?wait=" + WAIT_SECONDS + "&after=" + cursor + "&project="
                    + StoreServer.segment(event.path("project").asText()));
            cursor = page.path("cursor").asLong();
            for (JsonNode result : page.path("results")) {
                if (result.path("event_id").equals(event.path("event_id"))
                        && !result.path("reason").asText().equals("deadline")) {
                    return result;
                }
            }
        }
    }
}
