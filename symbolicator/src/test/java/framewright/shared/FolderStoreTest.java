package framewright.shared;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends StoreContract {
    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder;

    private Store store;

    @BeforeEach
    void open() {
        store = new FolderStore(folder, clock);
    }

    @Override
    Store store() {
        return store;
    }

    @Test
    void writing_leavesNothingHalfDone() throws InterruptedException, IOException {
        var _ = store.create("a", Text.of("one"));
        var _ = store.create("a", Text.of("two"));
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void whatAKilledNodeLeft_goesAfterADay() throws IOException {
        Path old =
                Files.writeString(Files.createDirectories(folder.resolve("tmp")).resolve("old"), "half");
        Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(Duration.ofDays(2))));
        Path fresh = Files.writeString(folder.resolve("tmp").resolve("fresh"), "half");
        Files.setLastModifiedTime(fresh, FileTime.from(clock.instant()));
        new FolderStore(folder, clock).close();
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }
}
