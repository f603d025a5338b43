package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.Common;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.RemoteFile;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebuginfodSourceTest {
    private static final String BUILD_ID = "180a373d6afbabf0eb1f09be1bc45bd796a71085";

    /** Some hundred are enough. */
    private static final int MOST_ASKED = 100_000;

    private final SourceFixture fixture = new SourceFixture();
    private final FakeSymbolServer server = fixture.server;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        fixture.close();
    }

    private static ObjectId elf(String buildId) {
        return new ObjectId(ObjectType.ELF, CodeId.parse(buildId), "/usr/bin/prog", null, null, null);
    }

    private static Common common(FileType... types) {
        return new Common(List.of(types), List.of(), false, Layout.DEFAULT, true, false);
    }

    private SourceConfig.Debuginfod debuginfod(long maxSize, long maxTime) {
        return new SourceConfig.Debuginfod(
                "d", common(), server.url("/"), Map.of("X-Key", "k"), Access.PLAIN, maxSize, maxTime);
    }

    /** As objects are fetched: into a file, within the limits of its source. */
    private Outcome<Long> load(RemoteFile file) throws InterruptedException {
        Lifetimes forGood = new Lifetimes(null, null, null, null);
        try (Caches caches =
                new Caches(new CacheSettings(folder.resolve("cache"), 1 << 24, forGood, forGood), fixture.clock)) {
            return caches.getOrLoad(
                            CacheKind.OBJECTS,
                            new CacheKey("a: " + file.identity() + "\n"),
                            Retention.of(Scope.GLOBAL),
                            staging -> fixture.fetcher.fetch(file, staging))
                    .map(DebuginfodSourceTest::size);
        }
    }

    private static long size(CachedFile file) {
        try (file) {
            return file.bytes();
        }
    }

    @Test
    void module_isAskedForByItsBuildId_debugInformationAndProgram() throws Exception {
        String base = server.url("/buildid/" + BUILD_ID);
        assertThat(fixture.locations(debuginfod(0, 0), elf(BUILD_ID.toUpperCase(java.util.Locale.ROOT))))
                .as("a debuginfod knows build ids in lower case only")
                .containsExactlyInAnyOrder(base + "/debuginfo", base + "/executable");
        assertThat(fixture.locations(debuginfod(0, 0), SourceFixture.PE)).isEmpty();
        SourceConfig config = new SourceConfig.Debuginfod(
                "d", common(FileType.ELF_DEBUG), "http://h/sub?key=k", Map.of(), Access.PLAIN, 0, 0);
        assertThat(fixture.locations(config, elf(BUILD_ID)))
                .containsExactly("http://h/sub/buildid/" + BUILD_ID + "/debuginfo?key=k");
        assertThat(fixture.sources.of(config).isPublic()).isTrue();
    }

    @Test
    void request_carriesOurNameTheHeadersAndTheLimits() throws Exception {
        server.put("/buildid/" + BUILD_ID + "/debuginfo", SourceFixture.text("elf"));
        SourceConfig.Debuginfod limited = debuginfod(1000, 30);
        assertThat(fixture.fetchFirst(limited, elf(BUILD_ID))).isEqualTo("elf");
        assertThat(server.requests().getLast().headers())
                .containsEntry("user-agent", "framewright/test")
                .containsEntry("x-key", "k")
                .containsEntry("x-debuginfod-maxsize", "1000")
                .containsEntry("x-debuginfod-maxtime", "30");
        fixture.fetchFirst(debuginfod(0, 0), elf(BUILD_ID));
        assertThat(server.requests().getLast().headers())
                .doesNotContainKeys("x-debuginfod-maxsize", "x-debuginfod-maxtime");
    }

    @Test
    void serverThatIgnoresOrHeedsTheLimit_deliversNothingAboveIt() throws Exception {
        RemoteFile file = fixture.files(debuginfod(1000, 0), elf(BUILD_ID)).getFirst();
        String path = file.location().substring(file.location().indexOf("/buildid"));
        Outcome<Long> tooLarge = Outcome.failed(new Malformed("Maximum file size exceeded"));
        server.put(path, new byte[1000]);
        assertThat(load(file)).isEqualTo(Outcome.found(1000L));
        server.put(path, new byte[1001]);
        assertThat(load(fixture.files(debuginfod(999, 0), elf(BUILD_ID)).getFirst()))
                .isEqualTo(tooLarge);
        server.status(path, 406);
        assertThat(load(fixture.files(debuginfod(998, 0), elf(BUILD_ID)).getFirst()))
                .isEqualTo(tooLarge);
        assertThat(load(fixture.files(debuginfod(0, 0), elf(BUILD_ID)).getFirst()))
                .as("without a limit 406 is a miss")
                .isEqualTo(Outcome.failed(new Missing()));
    }

    @Test
    void sizeThatTheServerAnnounces_isBelievedBeforeTheBody() throws Exception {
        RemoteFile file = fixture.files(debuginfod(1000, 0), elf(BUILD_ID)).getFirst();
        String path = file.location().substring(file.location().indexOf("/buildid"));
        server.on(path, exchange -> {
            exchange.getResponseHeaders().set("X-DEBUGINFOD-SIZE", "1001");
            // in chunks, so that no other header says it
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
        });
        assertThat(load(file)).isEqualTo(Outcome.failed(new Malformed("Maximum file size exceeded")));
        server.on(path, exchange -> {
            exchange.getResponseHeaders().set("X-DEBUGINFOD-SIZE", "-7, 99999999999999999999");
            FakeSymbolServer.answer(exchange, 200, new byte[10]);
        });
        assertThat(load(fixture.files(debuginfod(1001, 0), elf(BUILD_ID)).getFirst()))
                .as("a size that is none is no size")
                .isEqualTo(Outcome.found(10L));
    }

    @Test
    void realDebuginfod_servesTheProgramThatItIndexed() throws Exception {
        Path prog = Objects.requireNonNull(Program.find("cat"));
        String buildId = buildId(prog);
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.copy(prog, tree.resolve("prog"));
        int port = Program.freePort();
        try (Program program =
                Program.start("debuginfod", "-F", "-d", ":memory:", "-p", Integer.toString(port), tree.toString())) {
            SourceConfig config = new SourceConfig.Debuginfod(
                    "d", common(FileType.ELF_CODE), "http://127.0.0.1:" + port, Map.of(), Access.PLAIN, 0, 0);
            awaitIndex(program, fixture.files(config, elf(buildId)).getFirst());
            assertThat(load(fixture.files(config, elf(buildId)).getFirst())).isEqualTo(Outcome.found(Files.size(prog)));
            assertThat(load(fixture.files(config, elf(BUILD_ID)).getFirst())).isEqualTo(Outcome.failed(new Missing()));
            SourceConfig small = new SourceConfig.Debuginfod(
                    "d", common(FileType.ELF_CODE), "http://127.0.0.1:" + port, Map.of(), Access.PLAIN, 100, 60);
            assertThat(load(fixture.files(small, elf(buildId)).getFirst()))
                    .isEqualTo(Outcome.failed(new Malformed("Maximum file size exceeded")));
        }
    }

    /** Asks until the file is there: a debuginfod says nowhere that its first scan is done. */
    private void awaitIndex(Program program, RemoteFile file) throws InterruptedException {
        int asked = 0;
        while (!(fixture.fetch(file) instanceof Found)) {
            assertThat(program.isAlive()).isTrue();
            assertThat(asked++).isLessThan(MOST_ASKED);
        }
    }

    /** The GNU note of an ELF file: name size 4, then the size of the id, type 3, "GNU\0" and the id. */
    private static String buildId(Path elf) throws IOException {
        byte[] bytes = Files.readAllBytes(elf);
        byte[] note = {4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0};
        for (int i = 0; i < bytes.length - 36; i++) {
            if (Arrays.equals(bytes, i, i + 16, note, 0, 16)) {
                return java.util.HexFormat.of().formatHex(bytes, i + 16, i + 36);
            }
        }
        throw new AssertionError(elf + " has no build id");
    }
}
