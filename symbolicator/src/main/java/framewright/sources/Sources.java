package framewright.sources;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.api.UpstreamAnswers.Artifact;
import framewright.api.UpstreamAnswers.SentryFile;
import framewright.aws.AwsIdentities;
import framewright.cache.MemoryCache;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Makes sources of what was configured, and keeps what they share: lists, indexes, tokens. */
public final class Sources {
    private static final Duration KEPT = Duration.ofHours(1);

    /** Characters of the configurations that are kept ready; requests bring their own. */
    private static final long MAX_SOURCES = 16 << 20;

    /** Characters of the lists that are kept. */
    private static final long MAX_LISTS = 32 << 20;

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final Duration sentryListLifetime;
    private final Set<SourceConfig> own;
    private final GcsTokens gcsTokens;
    private final WebUrl gcsStorage;
    private final AzureTokens azureTokens;
    private final AwsIdentities awsIdentities = new AwsIdentities();
    private final AwsSignature awsSignature = new AwsSignature();
    private final IndexReader indexes;
    private final Pointers pointers;
    private final MemoryCache<SourceConfig, Source> sources;
    private final MemoryCache<SentrySource.Query, Outcome<List<SentryFile>>> sentryLists;
    private final MemoryCache<SentrySource.Query, Outcome<List<Artifact>>> artifactLists;

    /**
     * @param sentryListLifetime how long a list of a Sentry source is kept; zero: not at all
     * @param own those of the server's settings, which may be anywhere
     */
    public Sources(Fetcher fetcher, InstantSource clock, Duration sentryListLifetime, List<SourceConfig> own) {
        this(
                fetcher,
                clock,
                sentryListLifetime,
                own,
                Buckets.url(Buckets.GOOGLE_TOKENS),
                Buckets.url("https://storage.googleapis.com/download/storage/v1/b"),
                Buckets.url(Buckets.AZURE_TOKENS));
    }

    /** With other places for Google's token and storage servers and for the metadata service of an Azure machine. */
    Sources(
            Fetcher fetcher,
            InstantSource clock,
            Duration sentryListLifetime,
            List<SourceConfig> own,
            WebUrl gcsToken,
            WebUrl gcsStorage,
            WebUrl azureToken) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.sentryListLifetime = sentryListLifetime;
        this.own = Set.copyOf(own);
        this.gcsTokens = new GcsTokens(fetcher, clock, gcsToken, GcsTokens.READING);
        this.gcsStorage = gcsStorage;
        this.azureTokens = new AzureTokens(fetcher, clock, azureToken);
        this.indexes = new IndexReader(fetcher, clock);
        this.pointers = new Pointers(fetcher);
        this.sources = new MemoryCache<>(
                MAX_SOURCES, (config, source) -> config.toString().length(), clock);
        this.sentryLists = new MemoryCache<>(MAX_LISTS, SentrySource::weight, clock);
        this.artifactLists = new MemoryCache<>(MAX_LISTS, SentryArtifacts::weight, clock);
    }

    /** The source that this describes; the same one for equal configurations. */
    public Source of(SourceConfig config) {
        Source known = sources.get(config);
        if (known != null) {
            return known;
        }
        Source made = make(config);
        sources.put(config, made, KEPT);
        return made;
    }

    /** The artifacts of JavaScript that this server has. */
    public SentryArtifacts artifacts(SourceConfig.Sentry config) {
        return new SentryArtifacts(config, fetcher, artifactLists, sentryListLifetime, trust(config));
    }

    private Trust trust(SourceConfig config) {
        return own.contains(config) ? Trust.TRUSTED : Trust.RESTRICTED;
    }

    /**
     * A request may bring the very source that the settings have; it gets nothing by that which it would not get by
     * leaving its sources out.
     */
    private Source make(SourceConfig config) {
        Trust trust = trust(config);
        return switch (config) {
            case SourceConfig.Filesystem filesystem -> new FilesystemSource(filesystem, indexes, pointers);
            case SourceConfig.Http http -> new HttpSource(http, indexes, pointers, trust);
            case SourceConfig.Debuginfod debuginfod -> new DebuginfodSource(debuginfod, indexes, pointers, trust);
            case SourceConfig.S3 s3 -> new S3Source(s3, indexes, pointers, awsIdentities, awsSignature, clock, trust);
            case SourceConfig.Gcs gcs -> new GcsSource(gcs, indexes, pointers, gcsTokens, gcsStorage);
            case SourceConfig.Azure azure -> new AzureSource(azure, indexes, pointers, azureTokens, clock, trust);
            case SourceConfig.Sentry sentry ->
                new SentrySource(sentry, fetcher, sentryLists, sentryListLifetime, trust);
            case SourceConfig.Refused refused -> new RefusedSource(refused);
        };
    }

    /** Sources that a Sentry installation brings itself are not put on the deny list. */
    static boolean isBuiltIn(String id) {
        return id.startsWith("sentry:");
    }
}
