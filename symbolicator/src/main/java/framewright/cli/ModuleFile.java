package framewright.cli;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.NativePool;
import framewright.objects.LocalObject;
import java.io.IOException;
import java.nio.file.Path;

/** The file that {@code --module} names: the module that addresses are in, and a store that has it. */
record ModuleFile(ObjectId id, LinkedStore store) implements AutoCloseable {
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
        return store.source();
    }

    private static ModuleFile link(Path file, LocalObject object) {
        LinkedStore store = LinkedStore.make();
        boolean linked = false;
        try {
            store.add(file, object.type(), object.id());
            linked = true;
            return new ModuleFile(object.id(), store);
        } finally {
            if (!linked) {
                store.close();
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
