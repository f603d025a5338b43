package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import framewright.api.SourceConfig;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.EgressAllow.Network;
import framewright.config.FetchSettings.DenyList;
import framewright.config.Settings.LogFormat;
import framewright.config.Settings.LogLevel;
import framewright.config.Settings.Logging;
import framewright.config.SettingsException.Problem;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
    private static final long MIB = 1L << 20;

    private final SettingsLoader loader = new SettingsLoader(Map.of("TOKEN", "s3cr3t", "PORT", "127.0.0.1:99"));

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:1, auto, true",
        "symbols.corp.example:1, auto, true",
        "127.0.0.2:1, auto, false",
        "[::1]:1, auto, false",
        "localhost:1, auto, false",
        "0.0.0.0:1, never, false",
        "127.0.0.1:1, always, true"
    })
    void requireToken_byItselfLooksAtWhoReachesTheServer(String bind, String rule, boolean needed) {
        String lines = "bind: '" + bind + "'\nrequire_token: " + rule + "\n";
        assertThat(loader.parse(lines + "store: {dir: x}").settings().needsToken())
                .isEqualTo(needed);
        if (rule.equals("auto")) {
            assertThat(loader.parse(lines).settings().needsToken()).isFalse();
        }
    }

    @Test
    void requireToken_withoutAStore_isRefused() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> loader.parse("require_token: always"))
                .withMessageContaining("store.dir");
    }

    @Test
    void file_withOneKey_leavesThePeersDefaultsForAllOthers() {
        Settings settings = loader.parse("bind: 127.0.0.1:3021").settings();
        assertThat(settings)
                .isEqualTo(new Settings(
                        new Bind("127.0.0.1", 3021),
                        200,
                        55 * MIB,
                        true,
                        null,
                        RequireToken.AUTO,
                        new CrashSettings(250 * MIB, 128, 8, 1 << 30, Duration.ofMinutes(1), Duration.ofMinutes(2)),
                        new Logging(LogLevel.INFO, LogFormat.AUTO, true),
                        new CacheSettings(
                                null,
                                0,
                                5,
                                new Lifetimes(
                                        Duration.ofDays(1),
                                        Duration.ofHours(1),
                                        Duration.ofDays(1),
                                        Duration.ofDays(1)),
                                new Lifetimes(
                                        Duration.ofDays(7),
                                        Duration.ofHours(1),
                                        Duration.ofDays(1),
                                        Duration.ofDays(1)),
                                new CacheSettings.Retries(
                                        Duration.ofMinutes(10),
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(1),
                                        null,
                                        Duration.ofHours(1))),
                        new FetchSettings(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(5),
                                15L << 30,
                                false,
                                new DenyList(
                                        true,
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(5),
                                        60,
                                        Duration.ofHours(1),
                                        Set.of())),
                        Duration.ofHours(1),
                        null,
                        null,
                        settings.queue(),
                        null,
                        List.of()));
    }

    @Test
    void file_withEveryKeyThatHasAnEffect_setsAllOfThem() {
        LoadedSettings loaded = loader.parse("""
                bind: "[::1]:0"
                max_concurrent_requests: null
                symbolicate_body_max_bytes: 1MiB
                crash_file_body_max_bytes: 2MiB
                max_unwind_chain_len: 7
                crash_processes: {max: 1, memory: 64MiB, cpu_time: 3s, wall_time: 4s}
                symstore_proxy: false
                logging: {level: warn, format: json, enable_backtraces: false}
                cache_dir: /var/cache/framewright
                connect_to_reserved_ips: true
                egress_allow: [10.0.0.0/8, "fd00::/8", 192.168.7.7, Symbols.Corp.example.]
                connect_timeout: 1s
                head_timeout: 2s
                max_download_timeout: 200ms
                download_stall_timeout: 9s
                slow_source_timeout: 3s
                max_download_size: 1073741824
                deny_list_enabled: false
                deny_list_time_window: 10s
                deny_list_bucket_size: 1s
                deny_list_threshold: 3
                deny_list_block_time: 5m
                deny_list_never_block_hosts: [good.example, localhost]
                caches:
                  max_bytes: 10GB
                  min_share: 3
                  in_memory: {sentry_index_ttl: 7m}
                  downloaded:
                    max_unused_for: null
                    retry_misses_after: 1m
                    retry_misses_after_public: 2m
                    retry_malformed_after: 3m
                  derived:
                    max_unused_for: 4m
                    retry_misses_after: null
                    retry_misses_after_public: 5m
                    retry_malformed_after: 6m
                  retry_after: {denied: 7m, timeout: 8m, network: 9m, unsupported: 10m, over_limit: null}
                sources:
                  - {type: filesystem, id: local, path: /symbols, layout: {type: unified}}
                  - type: http
                    id: web
                    url: https://symbols.example/
                    is_public: true
                    filters: {filetypes: [pdb]}
                """);
        Settings settings = loaded.settings();
        assertThat(loaded.notes()).isEmpty();
        assertThat(settings.bind()).isEqualTo(new Bind("::1", 0));
        assertThat(settings.maxConcurrentRequests()).isNull();
        assertThat(settings.symbolicateBodyMaxBytes()).isEqualTo(MIB);
        assertThat(settings.symstoreProxy()).isFalse();
        assertThat(settings.crash())
                .isEqualTo(new CrashSettings(2 * MIB, 7, 1, 64 * MIB, Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(settings.logging()).isEqualTo(new Logging(LogLevel.WARN, LogFormat.JSON, false));
        assertThat(settings.caches())
                .isEqualTo(new CacheSettings(
                        Path.of("/var/cache/framewright"),
                        10_000_000_000L,
                        3,
                        new Lifetimes(null, Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3)),
                        new Lifetimes(Duration.ofMinutes(4), null, Duration.ofMinutes(5), Duration.ofMinutes(6)),
                        new CacheSettings.Retries(
                                Duration.ofMinutes(7),
                                Duration.ofMinutes(8),
                                Duration.ofMinutes(9),
                                Duration.ofMinutes(10),
                                null)));
        assertThat(settings.fetch())
                .isEqualTo(new FetchSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(200),
                        1L << 30,
                        true,
                        new DenyList(
                                false,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(1),
                                3,
                                Duration.ofMinutes(5),
                                Set.of("good.example", "localhost")),
                        new EgressAllow(
                                List.of(
                                        new Network(InetAddress.ofLiteral("10.0.0.0"), 8),
                                        new Network(InetAddress.ofLiteral("fd00::"), 8),
                                        new Network(InetAddress.ofLiteral("192.168.7.7"), 32)),
                                Set.of("symbols.corp.example")),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(3)));
        assertThat(settings.sentryIndexTtl()).isEqualTo(Duration.ofMinutes(7));
        assertThat(settings.sources()).hasSize(2);
        assertThat(settings.sources().getFirst()).isInstanceOfSatisfying(SourceConfig.Filesystem.class, source -> {
            assertThat(source.path()).isEqualTo("/symbols");
            assertThat(source.common().layout().kind()).isEqualTo(Layout.Kind.UNIFIED);
        });
        assertThat(settings.sources().getLast()).isInstanceOfSatisfying(SourceConfig.Http.class, source -> {
            assertThat(source.common().isPublic()).isTrue();
            assertThat(source.common().fileTypes()).containsExactly(FileType.PDB);
        });
    }

    @Test
    void value_thatIsAVariableAsAWhole_isReplaced() {
        Settings settings = loader.parse("""
                bind: ${PORT}
                sources: [{type: sentry, id: s, url: "https://sentry.example/a${TOKEN}b", token: "${TOKEN}"}]
                """).settings();
        assertThat(settings.bind().port()).isEqualTo(99);
        assertThat(settings.sources().getFirst()).isInstanceOfSatisfying(SourceConfig.Sentry.class, source -> {
            assertThat(source.token()).isEqualTo("s3cr3t");
            assertThat(source.url()).doesNotContain("s3cr3t");
        });
    }

    @Test
    void value_withAnUnsetVariable_isAProblemThatNamesIt() {
        assertThat(problems("bind: x:1\nsources: [{type: sentry, id: s, url: https://x.example/, token: \"${NOPE}\"}]"))
                .anySatisfy(problem -> {
                    assertThat(problem.line()).isEqualTo(2);
                    assertThat(problem.path()).isEqualTo("sources[0].token");
                    assertThat(problem.message()).contains("NOPE").contains("is not set");
                });
    }

    @Test
    void values_ofWrongTypes_areAllReportedWithKeyLineAndWhatIsExpected() {
        assertThat(problems("""
                        bind: 3021
                        connect_timeout: soon
                        symstore_proxy: 1
                        deny_list_threshold: -1
                        logging:
                          level: loud
                        caches: 12
                        deny_list_never_block_hosts: localhost
                        head_timeout: null
                        """))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "line 1: bind: expected an address and port such as 127.0.0.1:3021, not `3021`",
                        "line 2: connect_timeout: expected a duration such as 5s, 200ms or 1h 30m, not `soon`",
                        "line 3: symstore_proxy: expected true or false, not `1`",
                        "line 4: deny_list_threshold: expected a whole number, 0 or more, not `-1`",
                        "line 6: logging.level: expected one of off, error, warn, info, debug, trace, not `loud`",
                        "line 7: caches: expected a section with derived, diagnostics, downloaded, in_memory, index,"
                                + " max_bytes, min_share, retry_after, not `12`",
                        "line 8: deny_list_never_block_hosts: expected a list of words, not `localhost`",
                        "line 9: head_timeout: expected a duration such as 5s, 200ms or 1h 30m, not null");
    }

    @Test
    void keys_thatAreMisspelt_areReportedWithWhatWasMeant() {
        assertThat(loader.parse("""
                        bnid: 127.0.0.1:1
                        caches:
                          dervied: {max_unused_for: 1h}
                          derived: {max_unused: 1h}
                        max_unused_for: 1h
                        frobnicate: 1
                        sources:
                          - {type: filesystem, id: a, path: /a, filter: {filetypes: [pdb]}}
                        """).unknownKeys())
                .extracting(Note::toString)
                .containsExactly(
                        "line 1: bnid: is not a key; did you mean bind?",
                        "line 3: caches.dervied: is not a key; did you mean derived?",
                        "line 4: caches.derived.max_unused: is not a key; did you mean max_unused_for?",
                        "line 5: max_unused_for: is not a key; did you mean caches.downloaded.max_unused_for?",
                        "line 6: frobnicate: is not a key",
                        "line 8: sources[filesystem].filter: is not a key; did you mean filters?");
    }

    @Test
    void keysOfThePeer_thatDoNothingHere_areAcceptedWithANote() {
        assertThat(loader.parse("""
                        metrics: {statsd: "127.0.0.1:8125", prefix: symbolicator}
                        sentry_dsn: null
                        max_unwind_chain_len: 128
                        caches: {in_memory: {gcs_token_capacity: 7}}
                        logging:
                        """).notes())
                .allSatisfy(note -> assertThat(note.kind()).isEqualTo(Note.Kind.NO_EFFECT))
                .extracting(Note::path)
                .containsExactly("metrics.statsd", "caches.in_memory.gcs_token_capacity");
    }

    @Test
    void text_thatIsEmptyOrNoSettings_isRefused() {
        assertThat(problems(""))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("empty");
        assertThat(problems("# only a comment\n")).singleElement().asString().contains("empty");
        assertThat(problems("- a\n- b")).singleElement().asString().contains("a list");
        assertThat(problems("bind: [")).singleElement().asString().contains("this is not YAML");
        assertThat(problems("bind: a:1\nbind: b:2")).singleElement().asString().contains("line 2");
        assertThat(problems("bind: {".repeat(200))).singleElement().asString().contains("this is not YAML");
    }

    @Test
    void source_thatIsIncomplete_isReportedAtItsPlace() {
        assertThat(problems("sources:\n  - {type: filesystem, path: /a}\n  - {type: teleport, id: x}"))
                .extracting(Problem::toString)
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("line 2: sources[0]").contains("id"),
                        two -> assertThat(two).startsWith("line 3: sources[1]").contains("type"));
    }

    @Test
    void file_thatIsNotThere_isAProblemNotAnException(@TempDir Path folder) throws Exception {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> loader.load(folder.resolve("none.yml")))
                .withMessageContaining("no such file");
        Path binary = Files.write(folder.resolve("binary.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> loader.load(binary))
                .withMessageContaining("UTF-8");
    }

    @Test
    void withoutAFile_theCacheIsBesideTheServer() {
        assertThat(loader.withoutFile().caches().dir()).isEqualTo(Path.of("data/cache"));
    }

    private List<Problem> problems(String text) {
        try {
            loader.parse(text);
            return List.of();
        } catch (SettingsException e) {
            return e.problems();
        }
    }
}
