package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Common;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile;
import framewright.fetch.WebUrl;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Sources, what they fetch with, a server to ask, and a module of Windows to ask for. */
final class SourceFixture implements AutoCloseable {
    static final ObjectId PE = new ObjectId(
            ObjectType.PE,
            CodeId.parse("5ab380779000"),
            "C:\\a\\crash.exe",
            DebugId.parse("3249d99d-0c40-4931-8610-f4e4fb0b6936-1"),
            "C:\\a\\crash.pdb",
            null);
    static final String PDB_FOLDER = "crash.pdb/3249D99D0C4049318610F4E4FB0B69361/";
    static final String PDB = PDB_FOLDER + "crash.pdb";

    final ManualClock clock = new ManualClock();
    final FakeSymbolServer server = new FakeSymbolServer();
    final Fetcher fetcher;
    final Sources sources;

    SourceFixture() {
        this(true);
    }

    SourceFixture(boolean reservedAddresses) {
        DenyList off =
                new DenyList(false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Set.of());
        this.fetcher = new Fetcher(
                new FetchSettings(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        1 << 20,
                        reservedAddresses,
                        off),
                clock,
                "framewright/test");
        this.sources = sources(clock, server.url("/google/storage"));
    }

    /** Other sources, whose Google storage is elsewhere. */
    Sources sources(InstantSource time, String googleStorage) {
        return new Sources(
                fetcher,
                time,
                Duration.ofHours(1),
                List.of(),
                null,
                url(server.url("/google/token")),
                url(googleStorage),
                url(server.url("/azure/token")));
    }

    static WebUrl url(String text) {
        return Objects.requireNonNull(WebUrl.parse(text));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Common symstore(boolean pointers, FileType... types) {
        Layout layout = new Layout(Layout.Kind.SYMSTORE, Layout.Casing.DEFAULT);
        return new Common(List.of(types), List.of(), false, layout, false, false, pointers);
    }

    /** What the source lists for the module. */
    List<RemoteFile> files(SourceConfig config, ObjectId id) throws InterruptedException {
        return sources.of(config).list(FileType.ofModule(id.type()), id).files();
    }

    List<String> locations(SourceConfig config, ObjectId id) throws InterruptedException {
        return files(config, id).stream().map(RemoteFile::location).toList();
    }

    /** The body of a file, or the failure. */
    Outcome<String> fetch(RemoteFile file) throws InterruptedException {
        return fetcher.fetchAnswer(file, 1 << 20, Duration.ofMinutes(1)).map(SourceFixture::body);
    }

    private static String body(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The body of the first file that is there; empty where none is. */
    String fetchFirst(SourceConfig config, ObjectId id) throws InterruptedException {
        for (RemoteFile file : files(config, id)) {
            if (fetch(file) instanceof Found<String>(String body)) {
                return body;
            }
        }
        return "";
    }

    @Override
    public void close() {
        fetcher.close();
        server.close();
    }
}
