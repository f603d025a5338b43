package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Common;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.testkit.FakeSymbolServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointersTest {
    private static final ObjectId PE = SourceFixture.PE;
    private static final String POINTER = SourceFixture.PDB_FOLDER + "file.ptr";

    private final SourceFixture fixture = new SourceFixture();
    private final FakeSymbolServer server = fixture.server;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        fixture.close();
    }

    private SourceConfig.Http http() {
        return new SourceConfig.Http(
                "s", SourceFixture.symstore(true, FileType.PDB), server.url("/s"), Map.of("X-Key", "k"), false);
    }

    private Outcome<String> follow(String pointer) throws InterruptedException {
        server.put("/s/" + POINTER, SourceFixture.text(pointer));
        List<RemoteFile> files = fixture.files(http(), PE);
        return fixture.fetch(files.getLast());
    }

    @ParameterizedTest
    @CsvSource({"PE, crash.exe/5AB380779000/, exe, ex_", "PDB, crash.pdb/3249D99D0C4049318610F4E4FB0B69361/, pdb, pd_"})
    void symstore_isAskedForTheFile_theCompressedOne_andThePointer(
            FileType type, String below, String plain, String compressed) throws Exception {
        for (Layout.Kind kind : List.of(Layout.Kind.SYMSTORE, Layout.Kind.SYMSTORE_INDEX2)) {
            Common common = new Common(
                    List.of(type), List.of(), false, new Layout(kind, Layout.Casing.DEFAULT), false, false, true);
            String path = (kind == Layout.Kind.SYMSTORE ? "http://h/" : "http://h/cr/") + below;
            assertThat(fixture.locations(new SourceConfig.Http("s", common, "http://h/", Map.of(), false), PE))
                    .containsExactly(path + "crash." + plain, path + "crash." + compressed, path + "file.ptr");
        }
    }

    @Test
    void layoutsOfOthers_andSourcesThatDoNotSaySo_haveNoPointers() throws Exception {
        Common nativePointers = new Common(List.of(FileType.PDB), List.of(), false, Layout.DEFAULT, false, false, true);
        assertThat(fixture.locations(new SourceConfig.Http("s", nativePointers, "http://h/", Map.of(), false), PE))
                .hasSize(2);
        assertThat(fixture.locations(
                        new SourceConfig.Http(
                                "s", SourceFixture.symstore(false, FileType.PDB), "http://h/", Map.of(), false),
                        PE))
                .hasSize(2);
    }

    @Test
    void pointer_thatIsListedByTheIndex_isAskedFor() throws Exception {
        server.put("/s/000Admin/lastid.txt", SourceFixture.text("1"));
        server.put(
                "/s/000Admin/0000000001",
                SourceFixture.text("\"crash.pdb\\3249D99D0C4049318610F4E4FB0B69361\",\"\\\\b\\c\"\r\n"));
        Common common = new Common(
                List.of(FileType.PDB, FileType.PE),
                List.of(),
                false,
                new Layout(Layout.Kind.SYMSTORE, Layout.Casing.DEFAULT),
                false,
                true,
                true);
        assertThat(fixture.locations(new SourceConfig.Http("s", common, server.url("/s"), Map.of(), false), PE))
                .containsExactly(server.url("/s/" + SourceFixture.PDB), server.url("/s/" + POINTER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH:builds\\7\\crash.pdb", "path: builds/7/crash.pdb\r\n", "\nbuilds\\7\\crash.pdb"})
    void pathBelowTheStore_isFollowed(String pointer) throws Exception {
        server.put("/s/builds/7/crash.pdb", SourceFixture.text("pdb"));
        assertThat(follow(pointer)).isEqualTo(Outcome.found("pdb"));
        assertThat(server.requests().getLast().headers()).containsEntry("x-key", "k");
    }

    @Test
    void addressOfAnotherServer_isFollowedWithoutTheSecretsOfTheFirst() throws Exception {
        try (FakeSymbolServer other = new FakeSymbolServer()) {
            other.put("/x.pdb", SourceFixture.text("there"));
            assertThat(follow("PATH:" + other.url("/x.pdb"))).isEqualTo(Outcome.found("there"));
            assertThat(other.requests().getLast().headers()).doesNotContainKey("x-key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH:\\\\server\\share\\crash.pdb",
                "C:\\crash.pdb",
                "/etc/passwd",
                "..\\..\\secret",
                "builds/../../x",
                "file:///etc/passwd",
                "",
                "PATH:"
            })
    void pathOutOfTheStore_isNotFollowed(String pointer) throws Exception {
        assertThat(follow(pointer + "\n"))
                .isEqualTo(
                        Outcome.failed(new Unsupported("file.ptr leads out of the store, to no address of the web")));
    }

    @Test
    void message_isRepeatedInPart() throws Exception {
        assertThat(follow("MSG: ask \u0007the build team"))
                .isEqualTo(Outcome.failed(new Denied("the store says: ask  the build team")));
        assertThat(follow("MSG:" + "x".repeat(4000)))
                .isEqualTo(Outcome.failed(new Denied("the store says: " + "x".repeat(200))));
    }

    @Test
    void pointerThatIsNotThere_isAMiss() throws Exception {
        assertThat(fixture.fetch(fixture.files(http(), PE).getLast())).isEqualTo(Outcome.failed(new Missing()));
    }

    @Test
    void pointerIntoThePrivateNetwork_isRefused() throws Exception {
        String url = server.url("/s/" + POINTER);
        server.put("/s/" + POINTER, SourceFixture.text("PATH:http://10.0.0.1/crash.pdb"));
        RemoteFile pointer = new RemoteFile.Web(
                "s",
                url,
                url,
                () -> Outcome.found(RemoteFile.WebRequest.get(SourceFixture.url(url), Map.of())),
                RemoteFile.Trust.RESTRICTED,
                false,
                false);
        // the pointer is read by a fetcher that may come here, what it leads to by one that may not
        RemoteFile followed = new Pointers(fixture.fetcher).follow(pointer, path -> pointer);
        try (SourceFixture strict = new SourceFixture(false)) {
            assertThat(strict.fetch(followed)).isEqualTo(Outcome.failed(new Unreachable("destination is restricted")));
        }
    }

    @Test
    void folder_followsPointersBelowItselfOnly() throws Exception {
        Path store = Files.createDirectories(folder.resolve("store"));
        Files.createDirectories(store.resolve(SourceFixture.PDB_FOLDER));
        Files.createDirectories(store.resolve("builds"));
        Files.writeString(store.resolve("builds/7.pdb"), "pdb");
        Files.writeString(folder.resolve("secret"), "secret");
        SourceConfig config =
                new SourceConfig.Filesystem("f", SourceFixture.symstore(true, FileType.PDB), store.toString());
        Files.writeString(store.resolve(POINTER), "PATH:builds\\7.pdb");
        assertThat(fixture.fetchFirst(config, PE)).isEqualTo("pdb");
        for (String out : new String[] {"PATH:..\\secret", "PATH:" + folder.resolve("secret"), "http://h/x"}) {
            Files.writeString(store.resolve(POINTER), out);
            assertThat(fixture.fetchFirst(config, PE)).as(out).isEmpty();
        }
    }
}
