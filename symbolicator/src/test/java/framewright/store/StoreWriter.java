package framewright.store;

import framewright.config.StoreSettings;
import framewright.database.StorageFailure;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A process that adds files to a store until it is killed or cannot; names each that is there. */
final class StoreWriter {
    private static final int LARGEST = 300_000;

    private StoreWriter() {}

    /** @param args folder, seed */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true);
        Random random = new Random(Long.parseLong(args[1]));
        try (Store store = Store.open(new StoreSettings(Path.of(args[0])), InstantSource.system())) {
            Project app = store.tenants().project(store.tenants().organization("mine", "Mine"), "app", "App");
            // one that is never put
            out.println(store.blobs().newFile());
            while (true) {
                byte[] bytes = new byte[random.nextInt(LARGEST)];
                random.nextBytes(bytes);
                Digest digest = StoreFiles.keep(store, bytes);
                store.debugFiles().add(app, digest, List.of(StoreFiles.elf(digest.hex(), Set.of())));
                out.println(digest);
            }
        } catch (StorageFailure e) {
            out.println("failed: " + e.getMessage());
        }
    }
}
