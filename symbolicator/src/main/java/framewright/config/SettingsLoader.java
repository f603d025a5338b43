package framewright.config;

import framewright.config.CacheSettings.Lifetimes;
import framewright.config.SettingsException.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings from a YAML file in the peer's keys. See {@link SettingKeys} for what may be in it. */
public final class SettingsLoader {
    /** What a server without a file uses on top of the defaults: a cache beside where it was started. */
    private static final String WITHOUT_FILE = "cache_dir: data/cache";

    /** As for all programs that send OpenTelemetry. */
    private static final String OTLP_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final Map<String, String> environment;

    /** @param environment what {@code ${NAME}} stands for */
    public SettingsLoader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The settings of a server that was given no file. */
    public Settings withoutFile() {
        return parse(WITHOUT_FILE).settings();
    }

    /** @throws SettingsException where the file cannot be read or used */
    public LoadedSettings load(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw failed("there is no such file", e);
        } catch (MalformedInputException e) {
            throw failed("this is not text in UTF-8", e);
        } catch (IOException e) {
            throw failed("cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws SettingsException where the text cannot be used */
    public LoadedSettings parse(String text) {
        List<Problem> problems = new ArrayList<>();
        Yaml root = new YamlReader(environment, problems).read(text);
        if (root == null || Yaml.isNull(root)) {
            throw failed("the file is empty; write at least one key, or start without a file", null);
        }
        if (!(root instanceof Yaml.Section section)) {
            throw failed("expected keys with values, not " + root.kind(), null);
        }
        KeyCheck check = new KeyCheck(SettingKeys.known(), problems);
        check.section("", section);
        Settings settings = build(new SettingsReader(section, problems), problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        String collector = environment.getOrDefault(OTLP_VARIABLE, "");
        boolean elsewhere = settings.otlpEndpoint() == null && !collector.isBlank();
        return new LoadedSettings(elsewhere ? settings.withOtlpEndpoint(collector) : settings, check.notes());
    }

    /** The reference of all keys: each with its meaning and its default, as a file that could be loaded. */
    public static String reference() {
        Map<String, List<Key<?>>> sections = new LinkedHashMap<>();
        for (Key<?> key : SettingKeys.all()) {
            String section = key.path().substring(0, Math.max(0, key.path().lastIndexOf('.')));
            sections.computeIfAbsent(section, _ -> new ArrayList<>()).add(key);
        }
        return ReferenceText.of(sections);
    }

    static Settings build(SettingsReader in, List<Problem> problems) {
        return new Settings(
                in.get(SettingKeys.BIND),
                in.getOrNull(SettingKeys.MAX_CONCURRENT_REQUESTS),
                in.get(SettingKeys.SYMBOLICATE_BODY_MAX_BYTES),
                in.get(SettingKeys.SYMSTORE_PROXY),
                adminToken(in, problems),
                requireToken(in, problems),
                new CrashSettings(
                        in.get(SettingKeys.CRASH_FILE_BODY_MAX_BYTES),
                        in.get(SettingKeys.MAX_UNWIND_CHAIN_LEN),
                        in.get(SettingKeys.CRASH_PROCESSES_MAX),
                        in.get(SettingKeys.CRASH_PROCESSES_MEMORY),
                        in.get(SettingKeys.CRASH_PROCESSES_CPU_TIME),
                        in.get(SettingKeys.CRASH_PROCESSES_WALL_TIME)),
                new Settings.Logging(
                        in.get(SettingKeys.LOG_LEVEL),
                        in.get(SettingKeys.LOG_FORMAT),
                        in.get(SettingKeys.LOG_BACKTRACES)),
                caches(in),
                fetch(in),
                in.get(SettingKeys.SENTRY_INDEX_TTL),
                new SharedCacheReader(in, problems).read(),
                new StoreReader(in, problems).read(),
                new QueueReader(in, problems).read(),
                in.getOrNull(SettingKeys.OTLP_ENDPOINT),
                SourcesReader.read(in.get(SettingKeys.SOURCES), SettingKeys.SOURCES.path(), problems));
    }

    private static @Nullable String adminToken(SettingsReader in, List<Problem> problems) {
        String token = in.getOrNull(SettingKeys.ADMIN_TOKEN);
        if (token != null && token.isBlank()) {
            problems.add(new Problem(0, SettingKeys.ADMIN_TOKEN.path(), "expected a token, not nothing"));
        }
        return token;
    }

    private static RequireToken requireToken(SettingsReader in, List<Problem> problems) {
        RequireToken rule = in.get(SettingKeys.REQUIRE_TOKEN);
        if (rule == RequireToken.ALWAYS && in.getOrNull(SettingKeys.STORE_DIR) == null) {
            problems.add(new Problem(
                    0, SettingKeys.REQUIRE_TOKEN.path(), "tokens are kept in the store: set store.dir, too"));
        }
        return rule;
    }

    private static CacheSettings caches(SettingsReader in) {
        return new CacheSettings(
                in.getOrNull(SettingKeys.CACHE_DIR),
                in.get(SettingKeys.CACHE_MAX_BYTES),
                in.get(SettingKeys.CACHE_MIN_SHARE),
                new Lifetimes(
                        in.getOrNull(SettingKeys.DOWNLOADED_MAX_UNUSED),
                        in.getOrNull(SettingKeys.DOWNLOADED_MISSES),
                        in.getOrNull(SettingKeys.DOWNLOADED_MISSES_PUBLIC),
                        in.getOrNull(SettingKeys.DOWNLOADED_MALFORMED)),
                new Lifetimes(
                        in.getOrNull(SettingKeys.DERIVED_MAX_UNUSED),
                        in.getOrNull(SettingKeys.DERIVED_MISSES),
                        in.getOrNull(SettingKeys.DERIVED_MISSES_PUBLIC),
                        in.getOrNull(SettingKeys.DERIVED_MALFORMED)),
                new CacheSettings.Retries(
                        in.getOrNull(SettingKeys.RETRY_DENIED),
                        in.getOrNull(SettingKeys.RETRY_TIMEOUT),
                        in.getOrNull(SettingKeys.RETRY_NETWORK),
                        in.getOrNull(SettingKeys.RETRY_UNSUPPORTED),
                        in.getOrNull(SettingKeys.RETRY_OVER_LIMIT)));
    }

    private static FetchSettings fetch(SettingsReader in) {
        return new FetchSettings(
                in.get(SettingKeys.CONNECT_TIMEOUT),
                in.get(SettingKeys.HEAD_TIMEOUT),
                in.get(SettingKeys.MAX_DOWNLOAD_TIMEOUT),
                in.get(SettingKeys.MAX_DOWNLOAD_SIZE),
                in.get(SettingKeys.CONNECT_TO_RESERVED_IPS),
                new FetchSettings.DenyList(
                        in.get(SettingKeys.DENY_LIST_ENABLED),
                        in.get(SettingKeys.DENY_LIST_TIME_WINDOW),
                        in.get(SettingKeys.DENY_LIST_BUCKET_SIZE),
                        in.get(SettingKeys.DENY_LIST_THRESHOLD),
                        in.get(SettingKeys.DENY_LIST_BLOCK_TIME),
                        Set.copyOf(new TreeSet<>(in.get(SettingKeys.DENY_LIST_NEVER_BLOCK_HOSTS)))),
                in.get(SettingKeys.EGRESS_ALLOW),
                in.get(SettingKeys.DOWNLOAD_STALL_TIMEOUT),
                in.get(SettingKeys.SLOW_SOURCE_TIMEOUT));
    }

    private static SettingsException failed(String message, @Nullable Exception cause) {
        SettingsException e = new SettingsException(List.of(new Problem(0, "", message)));
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }
}
