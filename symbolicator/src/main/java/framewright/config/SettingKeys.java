package framewright.config;

import framewright.api.SourceKeys;
import framewright.config.Settings.LogFormat;
import framewright.config.Settings.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every key that the settings file may hold. {@link SettingsLoader} reads through these, {@code framewright config}
 * prints them, and a key that is not here is reported.
 */
final class SettingKeys {
    private static final String NO_PUSH = "metrics are not pushed; read them from GET /metrics";
    private static final String NO_SENTRY = "errors and traces are not sent to Sentry; they are in the log";
    private static final String OWN_BOUNDS = "memory is bounded by the size of the heap and of what is mapped";
    private static final String OWN_LIMITS = "the readers of debug files have fixed bounds of their own";
    private static final String NO_LAZY = "old cache entries are not upgraded in the background";
    private static final String NO_CLEANUP = "the caches keep themselves within caches.max_bytes";
    private static final String NO_INDEX = "indexes are kept like other downloaded files";

    static final Key<Bind> BIND = Key.used("bind", KeyType.BIND, "127.0.0.1:3021", "Where the server listens.");

    static final Key<Integer> MAX_CONCURRENT_REQUESTS = Key.optional(
            "max_concurrent_requests",
            KeyType.COUNT,
            "200",
            "Jobs at a time; requests above are refused with 503. null: no limit.");

    static final Key<Long> SYMBOLICATE_BODY_MAX_BYTES = Key.used(
            "symbolicate_body_max_bytes", KeyType.BYTES, "55MiB", "Largest JSON body; above it the answer is 413.");

    static final Key<Long> CRASH_FILE_BODY_MAX_BYTES = Key.used(
            "crash_file_body_max_bytes",
            KeyType.BYTES,
            "250MiB",
            "Largest minidump or Apple crash report, with the form it comes in; above it the answer is 413.");

    static final Key<Integer> MAX_UNWIND_CHAIN_LEN = Key.used(
            "max_unwind_chain_len",
            KeyType.COUNT,
            "128",
            "Links of unwind entries of a PE file that are followed; a file with longer chains is malformed.");

    static final Key<Integer> CRASH_PROCESSES_MAX = Key.used(
            "crash_processes.max",
            KeyType.POSITIVE,
            "8",
            "Processes that walk the stacks of minidumps, one dump each at a time; others wait.");

    static final Key<Long> CRASH_PROCESSES_MEMORY = Key.used(
            "crash_processes.memory",
            KeyType.BYTES,
            "1GiB",
            "Memory that each may take, mapped files aside; one that needs more is ended, and its dump has failed.");

    static final Key<Duration> CRASH_PROCESSES_CPU_TIME = Key.used(
            "crash_processes.cpu_time",
            KeyType.DURATION,
            "60s",
            "CPU time that one dump may take; a process that needs more is ended, and its dump has failed.");

    static final Key<Duration> CRASH_PROCESSES_WALL_TIME = Key.used(
            "crash_processes.wall_time",
            KeyType.DURATION,
            "2m",
            "How long a process may be silent, downloads aside; then it is ended, and its dump has failed.");

    static final Key<Boolean> SYMSTORE_PROXY = Key.used(
            "symstore_proxy",
            KeyType.SWITCH,
            "true",
            "Whether GET /proxy/name/signature/name hands out files of the configured sources.");

    static final Key<String> ADMIN_TOKEN = Key.optional(
            "admin_token",
            KeyType.TEXT,
            "null",
            "Who sends it as a bearer token may use /admin/cache, e.g. ${ADMIN_TOKEN}. null: /admin is not there.");

    static final Key<RequireToken> REQUIRE_TOKEN = Key.used(
            "require_token",
            KeyType.choice(RequireToken.class),
            "auto",
            "Whether reading and symbolicating need a token: always, never, or auto: with a store, off loopback.");

    static final Key<LogLevel> LOG_LEVEL = Key.used(
            "logging.level", KeyType.choice(LogLevel.class), "info", "off, error, warn, info, debug or trace.");

    static final Key<LogFormat> LOG_FORMAT = Key.used(
            "logging.format",
            KeyType.choice(LogFormat.class),
            "auto",
            "pretty, simplified or json; auto: pretty on a terminal, else simplified.");

    static final Key<Boolean> LOG_BACKTRACES = Key.used(
            "logging.enable_backtraces", KeyType.SWITCH, "true", "Whether exceptions are logged with their stack.");

    static final Key<Path> CACHE_DIR = Key.optional(
            "cache_dir",
            KeyType.PATH,
            "null",
            "Where downloaded and derived files are kept. null: in a temporary folder that ends with the server.");

    static final Key<Long> CACHE_MAX_BYTES = Key.used(
            "caches.max_bytes",
            KeyType.BYTES,
            "0",
            "Hard cap of the disk that all caches may take together. 0: a tenth of the disk that is free at start.");

    static final Key<Integer> CACHE_MIN_SHARE = Key.used(
            "caches.min_share",
            KeyType.MIN_SHARE,
            String.valueOf(CacheSettings.DEFAULT_MIN_SHARE),
            "Percent of the cap that each kind of file keeps when another kind needs room, 0 to 6.");

    static final Key<Duration> DOWNLOADED_MAX_UNUSED =
            unused("caches.downloaded.max_unused_for", "1day", "downloaded file");
    static final Key<Duration> DOWNLOADED_MISSES = misses("caches.downloaded.retry_misses_after", "1h", "private");
    static final Key<Duration> DOWNLOADED_MISSES_PUBLIC =
            misses("caches.downloaded.retry_misses_after_public", "1day", "public");
    static final Key<Duration> DOWNLOADED_MALFORMED = malformed("caches.downloaded.retry_malformed_after");

    static final Key<Duration> DERIVED_MAX_UNUSED = unused("caches.derived.max_unused_for", "7days", "derived file");
    static final Key<Duration> DERIVED_MISSES = misses("caches.derived.retry_misses_after", "1h", "private");
    static final Key<Duration> DERIVED_MISSES_PUBLIC =
            misses("caches.derived.retry_misses_after_public", "1day", "public");
    static final Key<Duration> DERIVED_MALFORMED = malformed("caches.derived.retry_malformed_after");

    static final Key<Duration> RETRY_DENIED = retry("denied", "10m", "a refusal (401, 403)");
    static final Key<Duration> RETRY_TIMEOUT = retry("timeout", "1m", "a timeout");
    static final Key<Duration> RETRY_NETWORK = retry("network", "1m", "a failure of a source or the way there");
    static final Key<Duration> RETRY_UNSUPPORTED = retry("unsupported", "null", "a file of a kind that is not read");
    static final Key<Duration> RETRY_OVER_LIMIT = retry("over_limit", "1h", "a file larger than max_download_size");

    static final Key<Boolean> CONNECT_TO_RESERVED_IPS = Key.used(
            "connect_to_reserved_ips",
            KeyType.SWITCH,
            "false",
            "Whether all sources may be on private, loopback and other reserved addresses. Those below may always.");

    static final Key<EgressAllow> EGRESS_ALLOW = Key.used(
            "egress_allow",
            KeyType.EGRESS,
            "[]",
            "Such addresses that sources of requests may lead to: [10.0.0.0/8, symbols.corp.example].");

    static final Key<Duration> CONNECT_TIMEOUT =
            Key.used("connect_timeout", KeyType.DURATION, "5s", "Until a connection to a source stands.");
    static final Key<Duration> HEAD_TIMEOUT =
            Key.used("head_timeout", KeyType.DURATION, "10s", "Until the head of a source's answer is in.");
    static final Key<Duration> MAX_DOWNLOAD_TIMEOUT =
            Key.used("max_download_timeout", KeyType.DURATION, "5m", "For a whole download with its retries.");
    static final Key<Duration> DOWNLOAD_STALL_TIMEOUT = Key.used(
            "download_stall_timeout",
            KeyType.DURATION,
            "30s",
            "How long a download may stand still once it has begun.");
    static final Key<Duration> SLOW_SOURCE_TIMEOUT = Key.used(
            "slow_source_timeout",
            KeyType.DURATION,
            "2s",
            "How long a source is waited for once one after it has a file with debug information.");
    static final Key<Long> MAX_DOWNLOAD_SIZE =
            Key.used("max_download_size", KeyType.BYTES, "15GiB", "Largest file, after decompression.");

    static final Key<Boolean> DENY_LIST_ENABLED = Key.used(
            "deny_list_enabled",
            KeyType.SWITCH,
            "true",
            "Whether a host whose downloads keep failing is left alone for a while.");
    static final Key<Duration> DENY_LIST_TIME_WINDOW =
            Key.used("deny_list_time_window", KeyType.DURATION, "60s", "Failures within this time count together.");
    static final Key<Duration> DENY_LIST_BUCKET_SIZE =
            Key.used("deny_list_bucket_size", KeyType.DURATION, "5s", "Steps in which the window moves.");
    static final Key<Integer> DENY_LIST_THRESHOLD =
            Key.used("deny_list_threshold", KeyType.COUNT, "60", "Failures that block a host.");
    static final Key<Duration> DENY_LIST_BLOCK_TIME =
            Key.used("deny_list_block_time", KeyType.DURATION, "1h", "How long a host is left alone.");
    static final Key<List<String>> DENY_LIST_NEVER_BLOCK_HOSTS =
            Key.used("deny_list_never_block_hosts", KeyType.WORDS, "[]", "Hosts that are never left alone.");

    static final Key<Duration> SENTRY_INDEX_TTL = Key.used(
            "caches.in_memory.sentry_index_ttl",
            KeyType.DURATION,
            "1h",
            "How long the list of files that a Sentry source gave is taken for true, with a cache_dir.");

    static final Key<Integer> SHARED_UPLOADS = Key.used(
            "shared_cache.max_concurrent_uploads",
            KeyType.COUNT,
            "20",
            "Files that are written to the shared cache at a time, behind the answers.");
    static final Key<Integer> SHARED_QUEUE = Key.used(
            "shared_cache.max_upload_queue_size", KeyType.COUNT, "400", "Files that wait for it; more are not shared.");
    static final Key<Duration> SHARED_LEASE = Key.used(
            "shared_cache.lease_time",
            KeyType.DURATION,
            "15s",
            "After which the others take over what a server that has died was downloading or converting.");
    static final Key<Duration> SHARED_REVOCATIONS = Key.used(
            "shared_cache.revocation_interval",
            KeyType.DURATION,
            "2s",
            "How often a server looks for what was purged on another.");
    static final Key<Path> SHARED_FOLDER = Key.optional(
            "shared_cache.filesystem.path", KeyType.PATH, "null", "A folder that all servers have mounted.");
    static final Key<String> SHARED_GCS_BUCKET =
            Key.optional("shared_cache.gcs.bucket", KeyType.TEXT, "null", "A bucket of Google Cloud Storage.");
    static final Key<String> SHARED_GCS_PREFIX =
            Key.used("shared_cache.gcs.prefix", KeyType.TEXT, "\"\"", "Goes before the names of all objects.");
    static final Key<Path> SHARED_GCS_ACCOUNT = Key.optional(
            "shared_cache.gcs.service_account_path",
            KeyType.PATH,
            "null",
            "JSON key of an account that may write to it. null: the account of the machine.");
    static final Key<Yaml> SHARED_S3 = Key.optional(
            "shared_cache.s3",
            KeyType.ANYTHING,
            "null",
            "A bucket of S3, with the keys of an s3 source that say where it is and how it is reached.");
    static final Key<Yaml> SHARED_AZURE = Key.optional(
            "shared_cache.azure",
            KeyType.ANYTHING,
            "null",
            "A container of Azure Blob Storage, with the keys of an azure source that say the same.");

    static final Key<Path> STORE_DIR = Key.optional(
            "store.dir",
            KeyType.PATH,
            "null",
            "Where uploaded symbols are kept, with the SQLite file that lists them. null: uploads are not taken.");

    static final Key<Long> STORE_MAX_FILE_SIZE = Key.used(
            "store.max_file_size",
            KeyType.BYTES,
            "1TiB",
            "Largest file that is taken; a larger one is refused by name.");

    static final Key<String> STORE_DATABASE = Key.optional(
            "store.database",
            KeyType.TEXT,
            "null",
            "Database instead of the SQLite file: postgresql://user:password@host:5432/name. Several servers may share it.");

    static final Key<Yaml> STORE_S3 = Key.optional(
            "store.s3",
            KeyType.ANYTHING,
            "null",
            "A bucket for the files instead of the folder, with the keys of an s3 source that say where and how.");

    static final Key<Duration> STORE_MAX_UNUSED = Key.optional(
            "store.retention.max_unused_for",
            KeyType.DURATION,
            "null",
            "What nobody has used for so long is deleted. null: nothing is.");

    static final Key<Integer> STORE_KEEP_LAST = Key.used(
            "store.retention.keep_last",
            KeyType.COUNT,
            "0",
            "So many of the newest builds of each debug file, and releases of each project, stay all the same.");

    static final Key<Yaml> STORE_RULES = Key.used(
            "store.retention.rules",
            KeyType.ANYTHING,
            "[]",
            "Exceptions; the first that fits: {organization, project, kind, release: 1.*, max_unused_for, keep_last}.");

    static final Key<Long> STORE_PROJECT_QUOTA = Key.optional(
            "store.quotas.project",
            KeyType.BYTES,
            "null",
            "Most that a project may keep; uploads above it are refused. null: no limit.");

    static final Key<Long> STORE_ORGANIZATION_QUOTA = Key.optional(
            "store.quotas.organization",
            KeyType.BYTES,
            "null",
            "The same of all projects of an organisation together.");

    static final Key<QueueReader.EngineName> QUEUE_ENGINE = Key.used(
            "queue.engine",
            KeyType.choice(QueueReader.EngineName.class),
            "database",
            "Where events of the queue wait: in the store's database, kafka or rabbitmq; none: there is no queue.");

    static final Key<String> QUEUE_PREFIX = Key.used(
            "queue.prefix", KeyType.TEXT, "framewright", "What the names of topics, groups and queues begin with.");

    static final Key<String> QUEUE_KAFKA_BOOTSTRAP =
            Key.optional("queue.kafka.bootstrap", KeyType.TEXT, "null", "Brokers, as kafka1:9092,kafka2:9092.");

    static final Key<Integer> QUEUE_KAFKA_PARTITIONS = Key.used(
            "queue.kafka.partitions",
            KeyType.POSITIVE,
            "1",
            "Partitions of topics that are made. Share groups need one; of a consumer group no more nodes work.");

    static final Key<Yaml> QUEUE_KAFKA_PROPERTIES = Key.used(
            "queue.kafka.properties",
            KeyType.ANYTHING,
            "{}",
            "Properties of Kafka's clients, as security.protocol and sasl.jaas.config.");

    static final Key<String> QUEUE_RABBIT_URI =
            Key.optional("queue.rabbitmq.uri", KeyType.TEXT, "null", "As amqps://user:password@host:5671/vhost.");

    static final Key<Integer> QUEUE_WARM = Key.used(
            "queue.slots.warm",
            KeyType.POSITIVE,
            Integer.toString(Runtime.getRuntime().availableProcessors()),
            "Events at a time for which all is at hand; as many as there are processors unless set.");

    static final Key<Integer> QUEUE_CONVERT = Key.used(
            "queue.slots.convert",
            KeyType.POSITIVE,
            Integer.toString(Runtime.getRuntime().availableProcessors()),
            "Events at a time that convert debug files; as many as processors unless set.");

    static final Key<Integer> QUEUE_DOWNLOAD =
            Key.used("queue.slots.download", KeyType.POSITIVE, "64", "Events at a time that wait for sources.");

    static final Key<Integer> QUEUE_SCRAPE =
            Key.used("queue.slots.scrape", KeyType.POSITIVE, "64", "Events at a time that wait for the web.");

    static final Key<Integer> QUEUE_DUMP = Key.used("queue.slots.dump", KeyType.POSITIVE, "8", "Minidumps at a time.");

    static final Key<Yaml> QUEUE_WEIGHTS = Key.used(
            "queue.weights",
            KeyType.ANYTHING,
            "{}",
            "How many turns a project gets for one of others: {project: 5} or {organisation/project: 0.5}.");

    static final Key<Long> QUEUE_MAX_DEPTH = Key.used(
            "queue.max_depth",
            KeyType.BYTES,
            "1000000",
            "Events that may wait; more are refused over HTTP with 503 and Retry-After.");

    static final Key<Duration> QUEUE_MAX_AGE = Key.optional(
            "queue.max_age",
            KeyType.DURATION,
            "null",
            "Events made longer ago are not resolved any more. null: any age.");

    static final Key<Duration> QUEUE_RESULTS_KEPT =
            Key.used("queue.results_kept", KeyType.DURATION, "3days", "How long answers can be read and read again.");

    static final Key<Duration> QUEUE_MISSING_KEPT = Key.used(
            "queue.missing_kept", KeyType.DURATION, "30days", "How long an event waits for a file that it lacked.");

    static final Key<Path> QUEUE_FILES = Key.optional(
            "queue.files", KeyType.PATH, "null", "Payloads may be files in this folder. null: none may be a file.");

    static final Key<Yaml> QUEUE_BUCKETS = Key.used(
            "queue.buckets",
            KeyType.ANYTHING,
            "[]",
            "Payloads may be objects in these buckets (s3://bucket/key, gs://bucket/key), each in the words of a source of"
                    + " type s3 or gcs: id, bucket, prefix, region, keys.");

    static final Key<Long> QUEUE_MAX_RESULT = Key.used(
            "queue.max_result_bytes",
            KeyType.BYTES,
            "512KiB",
            "A larger answer stays at the server; over a broker travels where it is.");

    static final Key<Yaml> QUEUE_JOBS = Key.used(
            "queue.jobs",
            KeyType.ANYTHING,
            "[]",
            "When caches are warmed: {name, cron, zone, warm: release NAME | ids ID ... | top N | newest N}, or `on`:"
                    + " release, deploy or upload in place of `cron`; also project, max_bytes, and rate in files a minute.");

    static final Key<String> OTLP_ENDPOINT = Key.optional(
            "otlp_endpoint",
            KeyType.WEB_ADDRESS,
            "null",
            "Collector of OpenTelemetry traces, http://localhost:4318. null: OTEL_EXPORTER_OTLP_ENDPOINT, else none.");

    static final Key<Yaml> SOURCES = Key.used(
            "sources",
            KeyType.ANYTHING,
            "[]",
            "Where requests without sources of their own look, in this order; also what /proxy serves.");

    /** Read by {@link framewright.api.SourceConfigs}; here so that a misspelt one, or one of another type, is seen. */
    private static final List<Key<?>> SOURCE_KEYS = SourceKeys.types().stream()
            .flatMap(type -> SourceKeys.of(type).stream().map(name -> KeyCheck.ofType("sources[]", type) + "." + name))
            .<Key<?>>map(path -> Key.used(path, KeyType.ANYTHING, "null", "Of a source."))
            .toList();

    /** Read by the same. */
    private static final List<Key<?>> BUCKET_KEYS =
            List.of("shared_cache.s3", "shared_cache.azure", "store.s3").stream()
                    .flatMap(section -> SourceKeys.ofPlace(section.substring(section.indexOf('.') + 1)).stream()
                            .map(name -> section + "." + name))
                    .<Key<?>>map(path -> Key.used(path, KeyType.ANYTHING, "null", "Of a bucket."))
                    .toList();

    private static final List<Key<?>> USED = List.of(
            BIND,
            MAX_CONCURRENT_REQUESTS,
            SYMBOLICATE_BODY_MAX_BYTES,
            CRASH_FILE_BODY_MAX_BYTES,
            CRASH_PROCESSES_MAX,
            CRASH_PROCESSES_MEMORY,
            CRASH_PROCESSES_CPU_TIME,
            CRASH_PROCESSES_WALL_TIME,
            MAX_UNWIND_CHAIN_LEN,
            SYMSTORE_PROXY,
            ADMIN_TOKEN,
            REQUIRE_TOKEN,
            LOG_LEVEL,
            LOG_FORMAT,
            LOG_BACKTRACES,
            CACHE_DIR,
            CACHE_MAX_BYTES,
            CACHE_MIN_SHARE,
            DOWNLOADED_MAX_UNUSED,
            DOWNLOADED_MISSES,
            DOWNLOADED_MISSES_PUBLIC,
            DOWNLOADED_MALFORMED,
            DERIVED_MAX_UNUSED,
            DERIVED_MISSES,
            DERIVED_MISSES_PUBLIC,
            DERIVED_MALFORMED,
            RETRY_DENIED,
            RETRY_TIMEOUT,
            RETRY_NETWORK,
            RETRY_UNSUPPORTED,
            RETRY_OVER_LIMIT,
            CONNECT_TO_RESERVED_IPS,
            EGRESS_ALLOW,
            CONNECT_TIMEOUT,
            HEAD_TIMEOUT,
            MAX_DOWNLOAD_TIMEOUT,
            DOWNLOAD_STALL_TIMEOUT,
            SLOW_SOURCE_TIMEOUT,
            MAX_DOWNLOAD_SIZE,
            DENY_LIST_ENABLED,
            DENY_LIST_TIME_WINDOW,
            DENY_LIST_BUCKET_SIZE,
            DENY_LIST_THRESHOLD,
            DENY_LIST_BLOCK_TIME,
            DENY_LIST_NEVER_BLOCK_HOSTS,
            SENTRY_INDEX_TTL,
            SHARED_UPLOADS,
            SHARED_QUEUE,
            SHARED_LEASE,
            SHARED_REVOCATIONS,
            SHARED_FOLDER,
            SHARED_GCS_BUCKET,
            SHARED_GCS_PREFIX,
            SHARED_GCS_ACCOUNT,
            SHARED_S3,
            SHARED_AZURE,
            STORE_DIR,
            STORE_MAX_FILE_SIZE,
            STORE_DATABASE,
            STORE_S3,
            STORE_MAX_UNUSED,
            STORE_KEEP_LAST,
            STORE_RULES,
            STORE_PROJECT_QUOTA,
            STORE_ORGANIZATION_QUOTA,
            QUEUE_ENGINE,
            QUEUE_PREFIX,
            QUEUE_KAFKA_BOOTSTRAP,
            QUEUE_KAFKA_PARTITIONS,
            QUEUE_KAFKA_PROPERTIES,
            QUEUE_RABBIT_URI,
            QUEUE_WARM,
            QUEUE_CONVERT,
            QUEUE_DOWNLOAD,
            QUEUE_SCRAPE,
            QUEUE_DUMP,
            QUEUE_WEIGHTS,
            QUEUE_MAX_DEPTH,
            QUEUE_MAX_AGE,
            QUEUE_RESULTS_KEPT,
            QUEUE_MISSING_KEPT,
            QUEUE_FILES,
            QUEUE_BUCKETS,
            QUEUE_MAX_RESULT,
            QUEUE_JOBS,
            OTLP_ENDPOINT,
            SOURCES);

    private static final List<Key<?>> IGNORED = List.of(
            Key.ignored("metrics.statsd", "null", NO_PUSH),
            Key.ignored("metrics.prefix", "symbolicator", NO_PUSH),
            Key.ignored("metrics.hostname_tag", "null", NO_PUSH),
            Key.ignored("metrics.environment_tag", "null", NO_PUSH),
            Key.ignored("metrics.platform_tag", "null", NO_PUSH),
            Key.ignored("metrics.custom_tags", "{}", NO_PUSH),
            Key.ignored("sentry_dsn", "null", NO_SENTRY),
            Key.ignored("traces_sample_rate", "0.05", NO_SENTRY),
            Key.ignored("transaction_sample_rate", "0.05", NO_SENTRY),
            Key.ignored("propagate_traces", "true", NO_SENTRY),
            Key.ignored("_crash_db", "null", NO_SENTRY),
            Key.ignored("object_file_max_decompressed_section_size", "4GiB", OWN_LIMITS),
            Key.ignored("object_file_max_decompressed_source_size", "1GiB", OWN_LIMITS),
            Key.ignored("enable_cache_cleanup", "false", NO_CLEANUP),
            Key.ignored("cache_cleanup_interval", "15m", NO_CLEANUP),
            Key.ignored("caches.downloaded.max_lazy_redownloads", "50", NO_LAZY),
            Key.ignored("caches.derived.max_lazy_recomputations", "20", NO_LAZY),
            Key.ignored("caches.index.max_unused_for", "7days", NO_INDEX),
            Key.ignored("caches.index.retry_misses_after", "10m", NO_INDEX),
            Key.ignored("caches.index.retry_misses_after_public", "10m", NO_INDEX),
            Key.ignored("caches.index.retry_malformed_after", "10m", NO_INDEX),
            Key.ignored("caches.index.max_lazy_redownloads", "20", NO_INDEX),
            Key.ignored("caches.diagnostics.retention", "24h", "nothing is kept for diagnosis"),
            Key.ignored("caches.in_memory.sentry_index_capacity", "100000", OWN_BOUNDS),
            Key.ignored("caches.in_memory.gcs_token_capacity", "100", OWN_BOUNDS),
            Key.ignored("caches.in_memory.s3_client_capacity", "100", OWN_BOUNDS),
            Key.ignored("caches.in_memory.object_meta_capacity", "100MiB", OWN_BOUNDS),
            Key.ignored("caches.in_memory.cficaches_capacity", "400MiB", OWN_BOUNDS),
            Key.ignored("caches.in_memory.fileinbundle_capacity", "3GiB", OWN_BOUNDS),
            Key.ignored("caches.in_memory.source_index_capacity", "10MiB", OWN_BOUNDS));

    private SettingKeys() {}

    /** All keys, those with an effect first, without the keys within a source. */
    static List<Key<?>> all() {
        List<Key<?>> all = new ArrayList<>(USED);
        all.addAll(IGNORED);
        return List.copyOf(all);
    }

    /** All keys that may be written. */
    static List<Key<?>> known() {
        List<Key<?>> known = new ArrayList<>(all());
        known.addAll(SOURCE_KEYS);
        known.addAll(BUCKET_KEYS);
        return List.copyOf(known);
    }

    private static Key<Duration> unused(String path, String fallback, String what) {
        return Key.optional(
                path, KeyType.DURATION, fallback, "A " + what + " not used for so long goes. null: it stays.");
    }

    private static Key<Duration> misses(String path, String fallback, String sources) {
        return Key.optional(
                path,
                KeyType.DURATION,
                fallback,
                "How long it is remembered that " + sources + " sources failed or had no file. null: for good.");
    }

    private static Key<Duration> retry(String name, String fallback, String what) {
        return Key.optional(
                "caches.retry_after." + name,
                KeyType.DURATION,
                fallback,
                "How long " + what + " is remembered, if the keys for all failures allow as much. null: as they say.");
    }

    private static Key<Duration> malformed(String path) {
        return Key.optional(path, KeyType.DURATION, "1day", "How long a broken file is remembered. null: for good.");
    }
}
