package framewright.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.Gathering;
import framewright.client.LeftOut;
import framewright.client.LocalFile;
import framewright.store.DebugFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright check}: what a debug file is, and what it is good for. */
@Command(
        name = "check",
        description = {
            "Says what a debug file is, by which ids it is found, what it resolves and what it lacks.",
            "Exit status 1 where it is no debug file, or resolves nothing. No server is asked."
        },
        footer = {"", "Examples:", "  framewright check build/app", "  framewright check app.apk --json"})
final class CheckCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Debug files, programs, mappings or archives of them.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> files;

    @Option(names = "--json", description = "The answer as JSON.")
    private boolean json;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Gathering.Looked looked;
        try (TemporaryFolder scratch = TemporaryFolder.make("check")) {
            looked = Gathering.look(files, scratch.path());
        }
        if (json) {
            terminal.out().println(asJson(looked).toPrettyString());
        } else {
            looked.files().forEach(this::print);
            looked.leftOut()
                    .forEach(file -> terminal.out()
                            .println(terminal.bold(Terminal.printable(file.name())) + "\n  "
                                    + terminal.red("of no use: ") + Terminal.printable(file.reason())));
        }
        terminal.out().flush();
        boolean resolves = looked.files().stream()
                .flatMap(file -> file.entries().stream())
                .anyMatch(entry -> !use(entry).isEmpty());
        return resolves && looked.leftOut().isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private void print(LocalFile file) {
        terminal.out().println(terminal.bold(Terminal.printable(file.file().origin())));
        for (DebugFile.Entry entry : file.entries()) {
            String use = use(entry);
            terminal.out().println("  " + Terminal.printable(EntryText.of(entry, file.debugId())));
            terminal.out().println("  " + (use.isEmpty() ? terminal.red("resolves nothing") : "resolves " + use));
        }
        file.notes().forEach(note -> terminal.out().println("  note: " + Terminal.printable(note)));
    }

    /** What a crash gets of it; empty: nothing. */
    static String use(DebugFile.Entry entry) {
        Set<String> features = entry.features();
        return switch (entry.kind()) {
            case SOURCEBUNDLE -> "lines of source around frames";
            case PROGUARD -> "names and lines of obfuscated JVM and Android stack traces";
            case IL2CPP -> "lines of C# for what il2cpp has compiled";
            case DARTSYMBOLMAP -> "names that Dart's compiler has obfuscated";
            case BCSYMBOLMAP, UUIDMAP -> "names that Xcode has hidden";
            default -> {
                String names = features.contains("debug")
                        ? "functions, files and lines"
                        : features.contains("symtab") ? "functions only" : "";
                String stacks = features.contains("unwind") ? "stacks of minidumps" : "";
                yield names.isEmpty() || stacks.isEmpty() ? names + stacks : names + ", and " + stacks;
            }
        };
    }

    private static ObjectNode asJson(Gathering.Looked looked) {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode files = report.putArray("files");
        for (LocalFile file : looked.files()) {
            ObjectNode one = files.addObject().put("name", file.file().origin());
            ArrayNode entries = one.putArray("entries");
            file.entries()
                    .forEach(entry ->
                            entries.add(EntryText.json(entry, file.debugId()).put("resolves", use(entry))));
            ArrayNode notes = one.putArray("notes");
            file.notes().forEach(notes::add);
        }
        ArrayNode left = report.putArray("left_out");
        for (LeftOut file : looked.leftOut()) {
            left.addObject().put("name", file.name()).put("reason", file.reason());
        }
        return report;
    }
}
