package framewright.cli;

import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.Layouts;
import framewright.debugfiles.ObjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A store that holds files that the command line names, and nothing else, so that the engine finds them like any other.
 *
 * @param folder has links to the files
 */
record LinkedStore(TemporaryFolder folder) implements AutoCloseable {
    private static final Layout UNIFIED = new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT);

    /** An empty one. */
    static LinkedStore make() {
        return new LinkedStore(TemporaryFolder.make("files"));
    }

    /** Puts a file where a file of this type is looked for, for that module. */
    void add(Path file, FileType type, ObjectId module) {
        try {
            Path link =
                    folder.path().resolve(Layouts.paths(UNIFIED, type, module).getFirst());
            Files.createDirectories(Objects.requireNonNull(link.getParent()));
            Files.createSymbolicLink(link, file.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot link " + file + ": " + e.getMessage(), e);
        }
    }

    SourceConfig source() {
        SourceConfig.Common common = new SourceConfig.Common(List.of(), List.of(), false, UNIFIED, true, false);
        return new SourceConfig.Filesystem("module", common, folder.path().toString());
    }

    @Override
    public void close() {
        folder.close();
    }
}
