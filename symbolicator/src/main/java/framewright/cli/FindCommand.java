package framewright.cli;

import framewright.client.Gathering;
import framewright.client.LocalFile;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code framewright find}: where on this machine the files of an id are. */
@Command(
        name = "find",
        description = {
            "Finds the files of a debug id or code id below folders and in archives of this machine.",
            "Exit status 1 where there is none. No server is asked."
        },
        footer = {"", "Examples:", "  framewright find e455967d8486b97ed5cc410fb1e491599a7b7e31 build/"})
final class FindCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "ID", description = "Debug id in any form, or code id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "Folders, files and archives.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> paths;

    FindCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        DebugId debugId = DebugId.parse(id);
        CodeId codeId = CodeId.parse(id);
        if (debugId == null && codeId == null) {
            throw new UsageException(
                    id + " is neither a debug id nor a code id; `framewright check FILE` shows those of a" + " file");
        }
        List<LocalFile> files;
        try (TemporaryFolder scratch = TemporaryFolder.make("find")) {
            files = Gathering.look(paths, scratch.path()).files();
        }
        boolean found = false;
        for (LocalFile file : files) {
            for (DebugFile.Entry entry : file.entries()) {
                if (matches(entry, debugId, codeId)) {
                    found = true;
                    terminal.out()
                            .println(Terminal.printable(
                                    file.file().origin() + "  " + EntryText.of(entry, file.debugId())));
                }
            }
        }
        if (!found) {
            terminal.err()
                    .println(terminal.red("framewright: ") + "no file of " + Terminal.printable(id) + " among "
                            + files.size() + " debug files");
        }
        terminal.out().flush();
        return found ? Exit.OK : Exit.FAILED;
    }

    /** The age of a PDB does not count, as it grows with every write. */
    private static boolean matches(DebugFile.Entry entry, @Nullable DebugId debugId, @Nullable CodeId codeId) {
        DebugId own = entry.debugId();
        return (codeId != null && codeId.equals(entry.codeId()))
                || (debugId != null && own != null && debugId.uuid().equals(own.uuid()));
    }
}
