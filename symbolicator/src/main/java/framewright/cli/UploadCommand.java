package framewright.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.Account;
import framewright.client.ChunkUpload;
import framewright.client.ChunkUpload.Ending;
import framewright.client.ChunkUpload.State;
import framewright.client.Gathering;
import framewright.client.LeftOut;
import framewright.client.StoreServer;
import framewright.client.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright upload}: finds what a symbol store has use for, and sends what it lacks. */
@Command(
        name = "upload",
        description = {
            "Sends debug files, mappings, and scripts with their source maps to a server.",
            "Looks through folders and archives (zip, tar, APK, AAB, IPA, dSYM), finds what belongs together and sends",
            "what the server lacks. Exit status 1 where something was refused or left out."
        },
        footer = {
            "",
            "Examples:",
            "  framewright upload build/                          all debug files below a folder",
            "  framewright upload app.apk mapping.txt             an Android app with its mapping",
            "  framewright upload dist/ --release web@1.4         scripts and source maps of a release",
            "  framewright upload build/ --dry-run                what would be sent"
        })
final class UploadCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As sentry-cli waits. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As Sentry cuts files. */
    private static final int USUAL_CHUNK = 8 << 20;

    private final Terminal terminal;

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders and archives.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> paths;

    @Option(
            names = {"-r", "--release"},
            paramLabel = "VERSION",
            description = "Release of the scripts; those with debug ids need none.")
    private @Nullable String release;

    @Option(
            names = {"-d", "--dist"},
            paramLabel = "NAME",
            description = "Distribution of the release.")
    private @Nullable String dist;

    @Option(names = "--wait", description = "Wait until the server has looked into what it was sent.")
    private boolean wait;

    @Option(names = "--dry-run", description = "Say what would be sent; no server is asked.")
    private boolean dryRun;

    @Option(names = "--json", description = "The outcome as JSON.")
    private boolean json;

    UploadCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.options = new ServerOptions(environment);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (dist != null && release == null) {
            throw new UsageException("--dist is a part of a release: give --release, too");
        }
        Account account = options.account();
        try (TemporaryFolder scratch = TemporaryFolder.make("upload")) {
            if (dryRun) {
                Gathering gathering = gather(scratch.path(), account, USUAL_CHUNK);
                return report(
                        gathering.uploads().stream()
                                .map(upload -> new Ending(upload, State.PENDING, ""))
                                .toList(),
                        gathering.leftOut());
            }
            try (StoreServer server = options.server()) {
                ChunkUpload.Options how = ChunkUpload.options(server);
                Gathering gathering = gather(scratch.path(), account, how.chunkSize());
                return report(send(server, how, gathering.uploads()), gathering.leftOut());
            }
        }
    }

    private Gathering gather(Path scratch, Account account, int chunkSize) throws IOException, InterruptedException {
        return Gathering.of(paths, scratch, new Gathering.Packing(account, chunkSize, release, dist));
    }

    private List<Ending> send(StoreServer server, ChunkUpload.Options how, List<Upload> uploads)
            throws IOException, InterruptedException {
        boolean nearby = ServerOptions.isNearby(server.account().url());
        try (ProgressLine progress = new ProgressLine(terminal.err(), Terminal.isTerminal() && !json)) {
            return new ChunkUpload(server, how, nearby).send(uploads, wait ? PATIENCE.toMillis() : 0, progress);
        }
    }

    private int report(List<Ending> endings, List<LeftOut> leftOut) {
        if (json) {
            terminal.out().println(asJson(endings, leftOut).toPrettyString());
        } else {
            endings.forEach(this::print);
            leftOut.forEach(file -> terminal.out()
                    .println(terminal.red("left out") + "  " + Terminal.printable(file.name()) + ": "
                            + Terminal.printable(file.reason())));
            summarize(endings, leftOut.size());
        }
        terminal.out().flush();
        boolean refused = endings.stream().anyMatch(ending -> ending.state() == State.REFUSED);
        boolean late = wait && !dryRun && endings.stream().anyMatch(ending -> ending.state() == State.PENDING);
        return refused || late || !leftOut.isEmpty() || endings.isEmpty() ? Exit.FAILED : Exit.OK;
    }

    private void print(Ending ending) {
        String state = word(ending.state());
        String shown = ending.state() == State.REFUSED ? terminal.red(state) : terminal.cyan(state);
        terminal.out()
                .println(shown + " ".repeat(Math.max(2, 10 - state.length()))
                        + Terminal.printable(ending.upload().origin()) + "  "
                        + ProgressLine.size(ending.upload().file().size()));
        if (ending.upload() instanceof Upload.Debug debug) {
            debug.entries()
                    .forEach(entry -> terminal.out()
                            .println("          " + Terminal.printable(EntryText.of(entry, debug.debugId()))));
        }
        if (!ending.detail().isEmpty()) {
            terminal.out().println("          " + Terminal.printable(ending.detail()));
        }
        ending.upload()
                .notes()
                .forEach(note ->
                        terminal.out().println("          " + terminal.dim("note: " + Terminal.printable(note))));
    }

    private String word(State state) {
        return switch (state) {
            case THERE -> "there";
            case SENT -> "sent";
            case PENDING -> dryRun ? "to send" : "sent";
            case REFUSED -> "refused";
        };
    }

    private void summarize(List<Ending> endings, int leftOut) {
        if (endings.isEmpty() && leftOut == 0) {
            terminal.out()
                    .println("Nothing of use was found. Debug files, mappings, scripts and source maps are sent; name"
                            + " a file itself to be told what it is.");
            return;
        }
        terminal.out().println();
        terminal.out()
                .println(counted(endings, dryRun ? "to be sent" : "sent", State.SENT, State.PENDING) + ", "
                        + counted(endings, "there already", State.THERE) + ", "
                        + counted(endings, "refused", State.REFUSED)
                        + ", " + leftOut + " left out");
        if (!dryRun && !wait && endings.stream().anyMatch(ending -> ending.state() == State.PENDING)) {
            terminal.out().println("The server is still looking into them; --wait waits for what it finds.");
        }
    }

    private static String counted(List<Ending> endings, String words, State... states) {
        return endings.stream()
                        .filter(ending -> List.of(states).contains(ending.state()))
                        .count() + " " + words;
    }

    private ObjectNode asJson(List<Ending> endings, List<LeftOut> leftOut) {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode files = report.putArray("files");
        for (Ending ending : endings) {
            Upload upload = ending.upload();
            ObjectNode file = files.addObject()
                    .put("name", upload.origin())
                    .put("state", dryRun ? "to_send" : ending.state().name().toLowerCase(Locale.ROOT))
                    .put("bytes", upload.file().size())
                    .put("sha1", upload.file().sha1());
            if (!ending.detail().isEmpty()) {
                file.put("detail", ending.detail());
            }
            ArrayNode entries = file.putArray("entries");
            if (upload instanceof Upload.Debug debug) {
                debug.entries().forEach(entry -> entries.add(EntryText.json(entry, debug.debugId())));
            }
            ArrayNode notes = file.putArray("notes");
            upload.notes().forEach(notes::add);
        }
        ArrayNode left = report.putArray("left_out");
        leftOut.forEach(file -> left.addObject().put("name", file.name()).put("reason", file.reason()));
        return report;
    }
}
