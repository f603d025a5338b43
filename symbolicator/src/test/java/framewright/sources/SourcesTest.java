package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
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
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import framewright.sources.Source.Listing;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final DebugId DEBUG_ID =
            Objects.requireNonNull(DebugId.parse("3249d99d-0c40-4931-8610-f4e4fb0b6936-1"));
    private static final CodeId CODE_ID = Objects.requireNonNull(CodeId.parse("5ab380779000"));
    private static final ObjectId PE =
            new ObjectId(ObjectType.PE, CODE_ID, "C:\\a\\crash.exe", DEBUG_ID, "C:\\a\\crash.pdb", null);
    private static final List<FileType> PE_TYPES = FileType.ofModule(ObjectType.PE);
    private static final String PDB = "crash.pdb/3249D99D0C4049318610F4E4FB0B69361/crash.pdb";

    private final ManualClock clock = new ManualClock();
    private final FakeSymbolServer server = new FakeSymbolServer();
    private final Fetcher fetcher = new Fetcher(
            new FetchSettings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    1 << 20,
                    true,
                    new DenyList(
                            false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Set.of())),
            clock,
            "framewright/test");
    private final Sources sources = new Sources(
            fetcher,
            clock,
            Duration.ofHours(1),
            List.of(),
            null,
            Objects.requireNonNull(WebUrl.parse(server.url("/token"))),
            Objects.requireNonNull(WebUrl.parse(server.url("/storage"))),
            Objects.requireNonNull(WebUrl.parse(server.url("/azure"))));

    @AfterEach
    void close() {
        fetcher.close();
        server.close();
    }

    private static Common common(Layout.Kind layout, List<FileType> types, String... patterns) {
        return new Common(types, List.of(patterns), false, new Layout(layout, Layout.Casing.DEFAULT), false, false);
    }

    private static Common symstorePdb() {
        return common(Layout.Kind.SYMSTORE, List.of(FileType.PDB));
    }

    private static List<String> locations(Listing listing) {
        return listing.files().stream().map(RemoteFile::location).toList();
    }

    private List<String> locations(SourceConfig config, ObjectId id) throws InterruptedException {
        return locations(sources.of(config).list(PE_TYPES, id));
    }

    private static WebRequest signed(RemoteFile file) throws InterruptedException {
        if (file instanceof Web web && web.signer().sign() instanceof Found<WebRequest>(WebRequest request)) {
            return request;
        }
        throw new AssertionError("cannot be asked for: " + file);
    }

    // ---- http

    private static SourceConfig.Http http(String url, Common common) {
        return new SourceConfig.Http("http", common, url, Map.of("X-Key", "k"), false);
    }

    @Test
    void http_listsThePlacesOfItsLayout_eachOnce() throws Exception {
        assertThat(locations(http("http://Example.test/sym?t=1", common(Layout.Kind.NATIVE, List.of())), PE))
                .containsExactly(
                        "http://example.test/sym/crash.exe/5AB380779000/crash.exe?t=1",
                        "http://example.test/sym/crash.exe/5AB380779000/crash.ex_?t=1",
                        "http://example.test/sym/crash.pdb/3249D99D0C4049318610F4E4FB0B69361/crash.sym?t=1",
                        "http://example.test/sym/3249/D99D/0C40/4931/8610/F4E4FB0B6936?t=1",
                        "http://example.test/sym/" + PDB + "?t=1",
                        "http://example.test/sym/crash.pdb/3249D99D0C4049318610F4E4FB0B69361/crash.pd_?t=1",
                        "http://example.test/sym/5a/b380779000.debug?t=1");
    }

    @Test
    void http_sendsItsHeaders_andTheChecksum() throws Exception {
        ObjectId checked = new ObjectId(ObjectType.PE, CODE_ID, "a.exe", null, null, "SHA256:c0ffee");
        SourceConfig config = http("http://h/", common(Layout.Kind.NATIVE, List.of(FileType.PE)));
        RemoteFile file = sources.of(config).list(PE_TYPES, checked).files().getFirst();
        assertThat(signed(file).headers()).isEqualTo(Map.of("X-Key", "k", "SymbolChecksum", "SHA256:c0ffee"));
        assertThat(file)
                .isInstanceOfSatisfying(
                        Web.class, web -> assertThat(web.deniable()).isTrue());
    }

    @Test
    void filters_decideWhatIsAskedFor() throws Exception {
        assertThat(locations(http("http://h/", common(Layout.Kind.NATIVE, List.of(FileType.MACH_DEBUG))), PE))
                .containsExactly("http://h/3249/D99D/0C40/4931/8610/F4E4FB0B6936");
        assertThat(locations(http("http://h/", common(Layout.Kind.NATIVE, List.of(), "d:/*")), PE))
                .isEmpty();
        assertThat(locations(http("http://h/", common(Layout.Kind.NATIVE, List.of(), "c:/*", "d:/*")), PE))
                .hasSize(7);
        assertThat(locations(http("http://h/", common(Layout.Kind.NATIVE, List.of(), "[")), PE))
                .as("a pattern that is none matches nothing")
                .isEmpty();
        Common checked = new Common(List.of(), List.of(), true, Layout.DEFAULT, false, false);
        assertThat(locations(http("http://h/", checked), PE)).isEmpty();
    }

    @Test
    void builtInSource_isNotDeniable() throws Exception {
        SourceConfig config = new SourceConfig.Http("sentry:microsoft", symstorePdb(), "http://h/", Map.of(), false);
        assertThat(sources.of(config).list(PE_TYPES, PE).files().getFirst())
                .isInstanceOfSatisfying(
                        Web.class, web -> assertThat(web.deniable()).isFalse());
    }

    @Test
    void equalConfigurations_areTheSameSource() {
        assertThat(sources.of(http("http://h/", symstorePdb()))).isSameAs(sources.of(http("http://h/", symstorePdb())));
    }

    // ---- filesystem

    @Test
    void filesystem_listsFilesBelowItsFolder() throws Exception {
        SourceConfig config = new SourceConfig.Filesystem("fs", symstorePdb(), "/srv/./sym bols/");
        Listing listing = sources.of(config).list(PE_TYPES, PE);
        assertThat(listing.files().getFirst())
                .isEqualTo(new RemoteFile.Local(
                        "fs", "file:///srv/sym%20bols/" + PDB, java.nio.file.Path.of("/srv/sym bols/" + PDB)));
    }

    // ---- symstore index

    private static SourceConfig.Http indexed(String url) {
        Common common = new Common(
                List.of(FileType.PDB, FileType.PE),
                List.of(),
                false,
                new Layout(Layout.Kind.SYMSTORE, Layout.Casing.DEFAULT),
                false,
                true);
        return new SourceConfig.Http("indexed", common, url, Map.of(), false);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void index_saysWhichFilesAreAskedFor_andIsReadOn() throws Exception {
        server.put("/s/000Admin/lastid.txt", text("0000000001"));
        server.put("/s/000Admin/0000000001", text("\"crash.pdb\\3249D99D0C4049318610F4E4FB0B69361\",\"x\"\r\n"));
        assertThat(locations(indexed(server.url("/s")), PE)).containsExactly(server.url("/s/" + PDB));
        assertThat(locations(indexed(server.url("/s")), PE)).hasSize(1);
        assertThat(server.requests()).hasSize(2);
        server.put("/s/000Admin/lastid.txt", text("2"));
        server.put("/s/000Admin/0000000002", text("\"crash.exe\\5AB380779000\",\"x\"\n"));
        clock.advance(Duration.ofHours(24));
        assertThat(locations(indexed(server.url("/s")), PE)).hasSize(2);
        assertThat(server.hits("/s/000Admin/0000000001")).isEqualTo(1);
    }

    @Test
    void index_thatCannotBeRead_listsNothingForAWhile() throws Exception {
        Source source = sources.of(indexed(server.url("/s")));
        assertThat(source.list(PE_TYPES, PE)).isEqualTo(new Listing(List.of(), false));
        server.put("/s/000Admin/lastid.txt", text("1"));
        server.put("/s/000Admin/0000000001", text("\"crash.exe\\5AB380779000\",\"x\"\n"));
        assertThat(source.list(PE_TYPES, PE).files()).isEmpty();
        clock.advance(Duration.ofMinutes(10));
        assertThat(source.list(PE_TYPES, PE).files()).hasSize(1);
        assertThat(source.list(PE_TYPES, PE).lasting()).isTrue();
    }

    @Test
    void index_withAMissingTransaction_isNone() throws Exception {
        server.put("/s/000Admin/lastid.txt", text("2"));
        server.put("/s/000Admin/0000000001", text("\"crash.exe\\5AB380779000\",\"x\"\n"));
        assertThat(locations(indexed(server.url("/s")), PE)).isEmpty();
    }

    // ---- sentry

    private static final String QUERY = "/dsyms/?debug_id=" + DEBUG_ID + "&code_id=" + CODE_ID;

    private SourceConfig.Sentry sentry(@Nullable String token, @Nullable String cookies) {
        return new SourceConfig.Sentry("sentry:project", server.url("/dsyms/"), token, cookies);
    }

    @Test
    void sentry_listsWhatServes_andPassesOverUnknownRows() throws Exception {
        server.put(QUERY, text("""
                [{"id":"1","symbolType":"pdb"},{"id":2,"symbolType":"breakpad","more":[]},{"symbolType":"pdb"},
                 {"id":"3","symbolType":"weird"},{"id":"4","symbolType":"wasm"},7,{"id":"a/b c","symbolType":"pe"}]
                """));
        Listing listing = sources.of(sentry("tok", null)).list(PE_TYPES, PE);
        assertThat(locations(listing))
                .containsExactly(
                        "sentry://project_debug_file/1",
                        "sentry://project_debug_file/2",
                        "sentry://project_debug_file/a/b c");
        assertThat(signed(listing.files().getLast()).url()).hasToString(server.url("/dsyms/?id=a%2Fb%20c"));
        assertThat(signed(listing.files().getFirst()).headers()).isEqualTo(Map.of("Authorization", "Bearer tok"));
        assertThat(server.requests().getFirst().headers()).containsEntry("authorization", "Bearer tok");
        assertThat(sources.of(sentry("tok", null))
                        .list(FileType.ofSources(PE.type()), PE)
                        .files())
                .hasSize(1);
        assertThat(server.requests()).as("the list is kept").hasSize(1);
        clock.advance(Duration.ofHours(1));
        sources.of(sentry("tok", null)).list(PE_TYPES, PE);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void sentry_listsOfDifferentCredentials_areApart() throws Exception {
        server.put(QUERY, text("[]"));
        sources.of(sentry("one", null)).list(PE_TYPES, PE);
        sources.of(sentry(null, "session=two")).list(PE_TYPES, PE);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().getLast().headers()).containsEntry("cookie", "session=two");
    }

    @Test
    void sentry_withoutIds_isNotAsked() throws Exception {
        ObjectId nameless = new ObjectId(ObjectType.PE, null, "a", null, "b", null);
        assertThat(sources.of(sentry("t", null)).list(PE_TYPES, nameless)).isEqualTo(new Listing(List.of(), true));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void sentry_listThatFails_isAnEmptyOneThatDoesNotLast() throws Exception {
        server.status(QUERY, 500);
        Source source = sources.of(sentry("t", null));
        assertThat(source.list(PE_TYPES, PE)).isEqualTo(new Listing(List.of(), false));
        assertThat(server.requests()).hasSize(3);
        server.put(QUERY, text("{}"));
        assertThat(source.list(PE_TYPES, PE).lasting()).isFalse();
        server.put(QUERY, text("[{\"id\":\"1\",\"symbolType\":\"pdb\"}]"));
        assertThat(source.list(PE_TYPES, PE).files()).hasSize(1);
    }

    @Test
    void sentry_pages_areFollowedOnTheSameHostOnly() throws Exception {
        server.on(QUERY, exchange -> {
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<" + server.url("/p") + ">; rel=\"previous\"; results=\"false\", <" + server.url("/page2")
                                    + ">; rel=\"next\"; results=\"true\"; cursor=\"0:20:0\"");
            FakeSymbolServer.answer(exchange, 200, text("[{\"id\":\"1\",\"symbolType\":\"pdb\"}]"));
        });
        server.on("/page2", exchange -> {
            exchange.getResponseHeaders()
                    .set("Link", "<http://elsewhere.test/>; rel=\"next\"; results=\"true\"; cursor=\"0:40:0\"");
            FakeSymbolServer.answer(exchange, 200, text("[{\"id\":\"2\",\"symbolType\":\"pdb\"}]"));
        });
        assertThat(locations(sources.of(sentry("t", null)).list(PE_TYPES, PE)))
                .containsExactly("sentry://project_debug_file/1", "sentry://project_debug_file/2");
    }

    @Test
    void sentry_serverWithEndlessPages_isLeftAfterTwenty() throws Exception {
        server.on(QUERY, exchange -> {
            exchange.getResponseHeaders().set("Link", "<" + server.url(QUERY) + ">; rel=\"next\"; results=\"true\"");
            FakeSymbolServer.answer(exchange, 200, text("[{\"id\":\"1\",\"symbolType\":\"pdb\"}]"));
        });
        sources.of(sentry("t", null)).list(PE_TYPES, PE);
        assertThat(server.requests()).hasSize(20);
    }

    @Test
    void sentry_askedTwentyTimesAtOnce_isAskedOnce() throws Exception {
        server.put(QUERY, text("[]"));
        Source source = sources.of(sentry("t", null));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Listing>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(() -> source.list(PE_TYPES, PE)));
            }
            for (Future<Listing> future : waiting) {
                assertThat(future.get().lasting()).isTrue();
            }
        }
        assertThat(server.requests()).hasSize(1);
    }

    // ---- gcs

    private static SourceConfig.Gcs gcs(@Nullable String key, @Nullable String email, @Nullable String token) {
        return new SourceConfig.Gcs("gcs", symstorePdb(), "honk", "/pre fix", key, email, token);
    }

    private Outcome<Answer> fetchFirst(SourceConfig config) throws InterruptedException {
        RemoteFile file = sources.of(config).list(PE_TYPES, PE).files().getFirst();
        return fetcher.fetchAnswer(file, 1000, Duration.ofMinutes(1));
    }

    @Test
    void gcs_withABearerToken_sendsIt() throws Exception {
        String target =
                "/storage/honk/o/pre%20fix%2Fcrash.pdb%2F3249D99D0C4049318610F4E4FB0B69361%2Fcrash.pdb?alt=media";
        server.put(target, text("pdb"));
        assertThat(fetchFirst(gcs(null, null, "tok"))).isInstanceOf(Found.class);
        assertThat(server.requests().getFirst().headers()).containsEntry("authorization", "Bearer tok");
        assertThat(locations(gcs(null, null, "tok"), PE).getFirst()).isEqualTo("gs://honk/pre fix/" + PDB);
    }

    @Test
    void gcs_withUnusableKeys_failsWithoutAskingAnyone() throws Exception {
        for (String key : new String[] {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}) {
            assertThat(fetchFirst(gcs(key, "honk@sentry.io", null)))
                    .isEqualTo(Outcome.failed(new Unreachable("failed encoding JWT")));
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void gcs_withAPrivateKey_exchangesASignedStatementForAToken_onceAnHour() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        List<String> forms = new ArrayList<>();
        server.on("/token", exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            FakeSymbolServer.answer(exchange, 200, text("{\"access_token\":\"granted\",\"expires_in\":3600}"));
        });
        SourceConfig.Gcs config = gcs(pem, "honk@sentry.io", null);
        RemoteFile file = sources.of(config).list(PE_TYPES, PE).files().getFirst();
        assertThat(signed(file).headers()).isEqualTo(Map.of("Authorization", "Bearer granted"));
        clock.advance(Duration.ofMinutes(57));
        signed(file);
        assertThat(forms).hasSize(1);
        clock.advance(Duration.ofMinutes(1));
        signed(file);
        assertThat(forms).hasSize(2);

        String[] parts = forms.getFirst()
                .substring(forms.getFirst().indexOf("assertion=") + 10)
                .split("\\.", -1);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(pair.getPublic());
        signature.update(text(parts[0] + "." + parts[1]));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                .isEqualTo("{\"iss\":\"honk@sentry.io\","
                        + "\"scope\":\"https://www.googleapis.com/auth/devstorage.read_only\",\"aud\":\""
                        + server.url("/token") + "\",\"iat\":1767225600,\"exp\":1767229200}");
    }

    @Test
    void gcs_tokenThatIsRefused_isTheFilesFailure() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        server.status("/token", 403);
        assertThat(fetchFirst(gcs(pem, "a@b", null)))
                .isEqualTo(Outcome.failed(new Unreachable("cannot get a token: 403 Forbidden")));
    }
}
