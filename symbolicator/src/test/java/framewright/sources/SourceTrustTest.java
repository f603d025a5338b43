package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.api.SourceConfig.Common;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source inside the own network: one of the settings is asked, the same from a request that differs is not. */
class SourceTrustTest {
    private static final ObjectId MODULE = new ObjectId(
            ObjectType.ELF, Objects.requireNonNull(CodeId.parse("0123456789abcdef")), "a", null, null, null);
    private static final Common COMMON = new Common(
            List.of(FileType.ELF_DEBUG),
            List.of(),
            false,
            new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT),
            false,
            false);

    private final ManualClock clock = new ManualClock();
    private final FakeSymbolServer server = new FakeSymbolServer();
    private final Fetcher fetcher = new Fetcher(
            new FetchSettings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    1 << 20,
                    false,
                    new DenyList(
                            false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Set.of())),
            clock,
            "framewright/test");

    @AfterEach
    void close() {
        fetcher.close();
        server.close();
    }

    private SourceConfig source(String type, String id) {
        return switch (type) {
            case "http" -> new SourceConfig.Http(id, COMMON, server.url("/"), Map.of(), Access.PLAIN);
            case "debuginfod" ->
                new SourceConfig.Debuginfod(id, COMMON, server.url("/"), Map.of(), Access.PLAIN, 0, 0, true);
            case "azure" ->
                new SourceConfig.Azure(
                        id, COMMON, server.url("/c"), "", new AzureCredentials.Anonymous(), Access.PLAIN);
            case "s3" ->
                new SourceConfig.S3(
                        id,
                        COMMON,
                        "bucket",
                        "",
                        "us-east-1",
                        server.url(""),
                        true,
                        new AwsCredentials.Anonymous(),
                        Access.PLAIN);
            default -> new SourceConfig.Sentry(id, server.url("/files"), "token", null);
        };
    }

    private Outcome<Answer> ask(Sources sources, SourceConfig config) throws InterruptedException {
        List<RemoteFile> files = sources.of(config)
                .list(FileType.ofModule(ObjectType.ELF), MODULE)
                .files();
        return files.isEmpty()
                ? Outcome.failed(new Unreachable("destination is restricted"))
                : fetcher.fetchAnswer(files.getFirst(), 100, Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "debuginfod", "azure", "s3", "sentry"})
    void sourceOfTheSettings_isAsked_andOneOfARequestIsNot(String type) throws Exception {
        Sources sources = new Sources(fetcher, clock, Duration.ZERO, List.of(source(type, "own")));
        assertThat(ask(sources, source(type, "of a request")))
                .isEqualTo(new Failed<>(new Unreachable("destination is restricted")));
        assertThat(server.requests()).isEmpty();
        assertThat(ask(sources, source(type, "own"))).isNotInstanceOf(Found.class);
        assertThat(server.requests()).isNotEmpty();
    }
}
