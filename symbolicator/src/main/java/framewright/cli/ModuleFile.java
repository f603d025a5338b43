package framewright.cli;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.debugfiles.Layout;
import framewright.debugfiles.Layouts;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.NativePool;
import framewright.objects.LocalObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The file that {@code --module} names: the module that addresses are in, and a store of its own that holds nothing
 * else, so that the engine finds it like any other.
 *
 * @param store a temporary folder with a link to the file
 */
record ModuleFile(ObjectId id, TemporaryFolder store) implements AutoCloseable {
    private static final Layout UNIFIED = new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT);

    /** @throws UsageException where the file cannot be used */
    static ModuleFile of(Path file) throws IOException, InterruptedException {
        Outcome<LocalObject> looked;
        try (NativePool pool = new NativePool("look", 1)) {
            looked = LocalObject.look(file, pool);
        }
        return switch (looked) {
            case Outcome.Found<LocalObject>(LocalObject object) -> link(file, object);
            case Outcome.Failed<LocalObject>(Outcome.Failure failure) ->
                throw new UsageException("--module " + file + ": " + failure.describe()
                        + ". Give a program, library or debug file, one with `.debug_info` for files and lines.");
        };
    }

    SourceConfig source() {
        SourceConfig.Common common = new SourceConfig.Common(List.of(), List.of(), false, UNIFIED, true, false);
        return new SourceConfig.Filesystem("module", common, store.path().toString());
    }

    private static ModuleFile link(Path file, LocalObject object) {
        TemporaryFolder store = TemporaryFolder.make("module");
        try {
            Path link = store.path()
                    .resolve(Layouts.paths(UNIFIED, object.type(), object.id()).getFirst());
            Files.createDirectories(Objects.requireNonNull(link.getParent()));
            Files.createSymbolicLink(link, file.toRealPath());
            return new ModuleFile(object.id(), store);
        } catch (IOException e) {
            store.close();
            throw new UncheckedIOException("cannot link " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
