package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.api.UpstreamAnswers.Listed;
import framewright.api.UpstreamAnswers.SentryFile;
import framewright.aws.AwsIdentities;
import framewright.cache.MemoryCache;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.WebUrl;
import framewright.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable Store store;
    private final GcsTokens gcsTokens;
    private final WebUrl gcsStorage;
    private final AzureTokens azureTokens;
    private final AwsIdentities awsIdentities = new AwsIdentities();
    private final AwsSignature awsSignature = new AwsSignature();
    private final IndexReader indexes;
    private final Pointers pointers;
    private final MemoryCache<SourceConfig, Source> sources;
    private final MemoryCache<SentrySource.Query, Outcome<List<SentryFile>>> sentryLists;
    private final MemoryCache<SentrySource.Query, Outcome<List<Listed>>> artifactLists;

    /**
     * @param sentryListLifetime how long a list of a Sentry source is kept; zero: not at all
     * @param own those of the server's settings, which may be anywhere
     */
    public Sources(Fetcher fetcher, InstantSource clock, Duration sentryListLifetime, List<SourceConfig> own) {
        this(fetcher, clock, sentryListLifetime, own, null);
    }

    /** With the server's own store; null: it has none. */
    public Sources(
            Fetcher fetcher,
            InstantSource clock,
            Duration sentryListLifetime,
            List<SourceConfig> own,
            @Nullable Store store) {
        this(
                fetcher,
                clock,
                sentryListLifetime,
                own,
                store,
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
            @Nullable Store store,
            WebUrl gcsToken,
            WebUrl gcsStorage,
            WebUrl azureToken) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.sentryListLifetime = sentryListLifetime;
        this.own = Set.copyOf(own);
        this.store = store;
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
        if (config instanceof SourceConfig.StoreView view) {
            return new StoreSource(view, Objects.requireNonNull(store, "a view of no store"));
        }
        Source known = sources.get(config);
        if (known != null) {
            return known;
        }
        Source made = make(config);
        sources.put(config, made, KEPT);
        return made;
    }

    /**
     * Where the artifacts of JavaScript may be that one request asks for, in the order of the configurations; those are
     * left out that have none.
     */
    public List<Artifacts> artifacts(List<SourceConfig> configs) {
        List<Artifacts> artifacts = new ArrayList<>();
        for (SourceConfig config : configs) {
            if (config instanceof SourceConfig.StoreView view) {
                artifacts.add(new StoreArtifacts(view, Objects.requireNonNull(store, "a view of no store")));
            } else if (config instanceof SourceConfig.Sentry sentry) {
                artifacts.add(new SentryArtifacts(sentry, fetcher, artifactLists, sentryListLifetime, trust(config)));
            } else if (ArtifactFolder.mayHold(config)) {
                artifacts.add(new ArtifactFolder(of(readable(config))));
            }
        }
        return artifacts;
    }

    /** Scripts and sources are shown as they are, whatever they are: a request may not have the server's disk shown. */
    private SourceConfig readable(SourceConfig config) {
        return config instanceof SourceConfig.Filesystem && !own.contains(config)
                ? new SourceConfig.Refused(
                        config.id(), "a folder is only for sources of the server's own settings, not of a request")
                : config;
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
            case SourceConfig.StoreView _ -> throw new IllegalStateException("a view is of one moment");
            case SourceConfig.Store unseen ->
                new RefusedSource(
                        unseen, new Denied("a store is looked into for somebody, and nobody was named"), true);
            case SourceConfig.Unreachable unreachable ->
                new RefusedSource(unreachable, new Unreachable(unreachable.reason()), false);
            case SourceConfig.Refused refused -> new RefusedSource(refused, new Denied(refused.reason()), true);
        };
    }

    /** Sources that a Sentry installation brings itself are not put on the deny list. */
    static boolean isBuiltIn(String id) {
        return id.startsWith("sentry:");
    }
}
