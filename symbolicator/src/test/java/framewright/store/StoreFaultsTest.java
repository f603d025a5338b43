package framewright.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.api.Readiness;
import framewright.config.StoreSettings;
import framewright.database.StorageFailure;
import framewright.testkit.CutProxy;
import framewright.testkit.PostgresServer;
import framewright.testkit.Program;
import framewright.testkit.StoreServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the store when what it stands on fails, or its process is killed. */
@Timeout(120)
class StoreFaultsTest {
    private static final int WRITTEN_BEFORE_THE_KILL = 12;

    @TempDir
    private Path folder;

    private Store open() {
        return Store.open(new StoreSettings(folder.resolve("store")), InstantSource.system());
    }

    private Process writer(long seed, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StoreWriter.class.getName(),
                folder.resolve("store").toString(),
                Long.toString(seed)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<Path> files(String name) throws IOException {
        Path top = folder.resolve("store").resolve(name);
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
                    .toList();
        }
    }

    /** Everything that was said to be there is, and nothing is there in part. */
    private static void assertSound(Store store, List<String> said) {
        List<Verify.Problem> problems = new ArrayList<>();
        store.verify().run(problems::add);
        assertThat(problems).isEmpty();
        Organization mine = store.tenants().organization("mine", "Mine");
        assertThat(store.debugFiles().find(new Tenancy(mine.id(), null), StoreFiles.DEBUG_ID, null))
                .extracting(file -> file.digest().hex())
                .containsAll(said);
    }

    @Test
    void processThatIsKilled_leavesFilesWholeOrAbsent_andItsRoomIsGivenBack() throws Exception {
        List<String> said = new ArrayList<>();
        for (long seed = 0; seed < 3; seed++) {
            Process writer = writer(seed);
            Path temporary;
            try (BufferedReader out = writer.inputReader()) {
                temporary = Path.of(out.readLine());
                for (int i = 0; i < WRITTEN_BEFORE_THE_KILL; i++) {
                    said.add(out.readLine());
                }
                try (Store beside = open()) {
                    assertThat(temporary).as("of a process that lives").exists();
                    assertSound(beside, said);
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertThat(temporary).exists();
            try (Store after = open()) {
                assertThat(files("tmp")).isEmpty();
                assertSound(after, said);
            }
        }
    }

    /** No file may be larger than 1.2 MB, which the database's log reaches first. */
    @Test
    void diskThatIsFull_fails_andKeepsNothingInPart() throws Exception {
        open().close();
        List<String> said = new ArrayList<>();
        Process writer = writer(7, "sh", "-c", "ulimit -f 2400; exec \"$0\" \"$@\"");
        try (BufferedReader out = writer.inputReader()) {
            assertThat(out.readLine()).endsWith(".part");
            String line = out.readLine();
            while (line != null && !line.startsWith("failed: ")) {
                said.add(line);
                line = out.readLine();
            }
            assertThat(line).contains("store");
            assertThat(writer.waitFor()).isZero();
        }
        assertThat(files("tmp")).isEmpty();
        try (Store after = open()) {
            assertSound(after, said);
            StoreFiles.keep(after, "there is room again");
            assertSound(after, said);
        }
    }

    @Test
    void fileThatCannotBeKept_givesItsRoomBack() throws Exception {
        try (Store store = open()) {
            Files.writeString(folder.resolve("store").resolve("blobs"), "in the way");
            assertThatThrownBy(() -> StoreFiles.keep(store, "content")).isInstanceOf(StorageFailure.class);
            assertThat(files("tmp")).isEmpty();
        }
    }

    @Test
    void bucketThatFailsInBetween_hasTheFileWholeOrNot() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectory(root.resolve("bucket"));
        byte[] large = new byte[(64 << 20) + 1];
        new Random(1).nextBytes(large);
        BlobKey key = BlobKey.content(StoreFiles.digest(large));
        try (Program server = StoreServers.versitygw(folder, root);
                CutProxy proxy = new CutProxy(server.url(""));
                Store store = Store.open(
                        new StoreSettings(
                                folder.resolve("store"),
                                null,
                                StoreTest.s3(proxy.url(), "bucket"),
                                List.of(),
                                StoreSettings.Quotas.NONE,
                                1L << 40),
                        InstantSource.system())) {
            proxy.cutAfter(large.length / 2);
            assertThatThrownBy(() -> StoreFiles.keep(store, large)).isInstanceOf(StorageFailure.class);
            assertThat(files("tmp")).isEmpty();
            assertThat(store.check())
                    .filteredOn(check -> !check.ok())
                    .extracting(Readiness.Check::name)
                    .containsExactly("store_blobs");
            proxy.mend();
            assertThat(store.blobs().size(key)).isEqualTo(-1);
            store.blobs().tidy(InstantSource.system().instant().plusSeconds(60));
            assertThat(sizeOf(root)).as("parts of the upload").isLessThan(1 << 20);
            StoreFiles.keep(store, large);
            assertThat(store.blobs().size(key)).isEqualTo(large.length);
            List<Verify.Problem> problems = new ArrayList<>();
            store.verify().run(problems::add);
            assertThat(problems).isEmpty();
        }
    }

    private static long sizeOf(Path top) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    @Test
    void databaseThatGoesAndComesBack_isUsedAgain() throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Store store = Store.open(
                        StoreTest.settings(folder.resolve("store"), "  database: " + server.newDatabase() + "\n"),
                        InstantSource.system())) {
            Organization mine = store.tenants().organization("mine", "Mine");
            Project app = store.tenants().project(mine, "app", "App");
            Digest digest = StoreFiles.keep(store, "content");
            server.stop();
            assertThatThrownBy(() -> store.debugFiles().add(app, digest, List.of(StoreFiles.elf("app", Set.of()))))
                    .isInstanceOf(StorageFailure.class);
            assertThat(store.check())
                    .filteredOn(check -> !check.ok())
                    .extracting(Readiness.Check::name)
                    .containsExactly("store_database");
            assertThatThrownBy(() -> StoreFiles.keep(store, "other")).isInstanceOf(StorageFailure.class);
            assertThat(files("tmp")).isEmpty();
            server.startAgain();
            store.debugFiles().add(app, digest, List.of(StoreFiles.elf("app", Set.of())));
            assertSound(store, List.of(digest.hex()));
        }
    }
}
