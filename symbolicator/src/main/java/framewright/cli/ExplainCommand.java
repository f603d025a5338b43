package framewright.cli;

import framewright.api.Explanation;
import framewright.api.MalformedJsonException;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright explain}: why the modules of an answer are as they are. */
@Command(
        name = "explain",
        description = {
            "Says for each module where it was looked for, what was there, and what to do.",
            "Answers say most with \"options\": {\"causes\": true, \"dif_candidates\": true} in their request."
        },
        footer = {
            "",
            "Examples:",
            "  framewright explain answer.json",
            "  curl ... /symbolicate | framewright explain -",
            "  framewright explain 8f8c...-... --url http://127.0.0.1:3021    a request that was pending"
        })
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InstantSource clock;

    @Parameters(paramLabel = "ANSWER", description = "A file with an answer, - for standard input, or a request id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String what;

    @Option(names = "--url", paramLabel = "URL", description = "The server that knows the request id.")
    private @Nullable String url;

    ExplainCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        byte[] answer = url == null ? read() : ask(url);
        if (answer == null) {
            return Exit.FAILED;
        }
        try {
            String text = Explanation.of(answer, paint());
            terminal.out().print(text);
            terminal.out().flush();
            return Exit.OK;
        } catch (MalformedJsonException e) {
            throw new UsageException(what + " is no answer: " + e.getMessage());
        }
    }

    private byte[] read() throws IOException {
        if (what.equals("-")) {
            return System.in.readAllBytes();
        }
        Path file = Path.of(what);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no file " + what + "; a request id needs --url as well");
        }
        return Files.readAllBytes(file);
    }

    private byte @Nullable [] ask(String server) throws InterruptedException {
        if (!what.matches("[-0-9a-fA-F]{36}")) {
            throw new UsageException(what + " is no request id, which --url asks for");
        }
        try (ServerClient client = new ServerClient(server, null, clock)) {
            return switch (client.get("/explain/" + what)) {
                case Found<byte[]>(byte[] body) -> body;
                case Failed<byte[]>(Failure failure) -> {
                    terminal.err()
                            .println(terminal.red("framewright: ")
                                    + (failure instanceof Missing
                                            ? "the server knows no such request; answers are kept for 90 seconds"
                                            : failure.describe()));
                    yield null;
                }
            };
        }
    }

    private Explanation.Paint paint() {
        return new Explanation.Paint() {
            @Override
            public String bold(String text) {
                return terminal.bold(text);
            }

            @Override
            public String dim(String text) {
                return terminal.dim(text);
            }

            @Override
            public String bad(String text) {
                return terminal.red(text);
            }
        };
    }
}
