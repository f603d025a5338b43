package framewright.cli;

import framewright.client.SourceBundling;
import framewright.client.SourceBundling.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright bundle-sources}: the sources of a debug file in one archive, for lines around frames. */
@Command(
        name = "bundle-sources",
        description = {
            "Writes the sources that a debug file names, as they lie on this machine, to FILE.src.zip.",
            "`framewright upload` sends it. No server is asked."
        },
        footer = {
            "",
            "Examples:",
            "  framewright bundle-sources build/app && framewright upload build/app build/app.src.zip"
        })
final class BundleSourcesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "A debug file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it; else FILE.src.zip.")
    private @Nullable Path output;

    BundleSourcesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path to = output == null ? Path.of(file + ".src.zip") : output;
        Written written = SourceBundling.write(file, to);
        terminal.out()
                .println(
                        written.bundled() == 0
                                ? "None of the " + written.missing()
                                        + " sources that it names is here; run this where it was built."
                                : to + ": " + written.bundled() + " sources"
                                        + (written.missing() == 0
                                                ? ""
                                                : ", without " + written.missing() + " that are not here"));
        terminal.out().flush();
        return written.bundled() == 0 ? Exit.FAILED : Exit.OK;
    }
}
