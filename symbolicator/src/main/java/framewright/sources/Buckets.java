package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Signer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.StoreClient;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.Objects;

/** Makes buckets of what the settings describe in the words of sources, and the clients that reach them. */
public final class Buckets {
    static final String GOOGLE_TOKENS = "https://oauth2.googleapis.com/token";
    static final String AZURE_TOKENS = "http://169.254.169.254/metadata/identity/oauth2/token";
    private static final String GOOGLE_STORAGE = "https://storage.googleapis.com/";
    private static final String GOOGLE_MACHINE =
            "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final WebUrl googleTokens;
    private final WebUrl googleStorage;
    private final WebUrl googleMachine;

    /** @param fetcher for tokens */
    public Buckets(Fetcher fetcher, InstantSource clock) {
        this(fetcher, clock, url(GOOGLE_TOKENS), url(GOOGLE_STORAGE), url(GOOGLE_MACHINE));
    }

    /** With other places for Google's servers. */
    public Buckets(
            Fetcher fetcher, InstantSource clock, WebUrl googleTokens, WebUrl googleStorage, WebUrl googleMachine) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.googleTokens = googleTokens;
        this.googleStorage = googleStorage;
        this.googleMachine = googleMachine;
    }

    static WebUrl url(String text) {
        return Objects.requireNonNull(WebUrl.parse(text));
    }

    /** Fails where what is described is no bucket. */
    public Outcome<Bucket> of(SourceConfig config) {
        return switch (config) {
            case SourceConfig.S3 s3 -> Outcome.found(new S3Bucket(s3, clock));
            case SourceConfig.Azure azure ->
                Outcome.found(new AzureBucket(azure, new AzureTokens(fetcher, clock, url(AZURE_TOKENS)), clock));
            case SourceConfig.Gcs gcs ->
                Outcome.found(new GcsBucket(
                        gcs,
                        new GcsTokens(fetcher, clock, googleTokens, GcsTokens.WRITING),
                        fetcher,
                        clock,
                        googleStorage,
                        googleMachine));
            default -> Outcome.failed(new Unsupported("a bucket is needed"));
        };
    }

    /**
     * One object of a bucket, to be fetched like any file; the settings vouch for where it is.
     *
     * @param name below the bucket's prefix
     */
    public RemoteFile file(SourceConfig config, String name, RemoteFile.Limits limits) {
        return switch (of(config)) {
            case Failed<Bucket>(Failure failure) -> new RemoteFile.Unusable(config.id(), name, failure);
            case Found<Bucket>(Bucket bucket) -> {
                Access access = access(config);
                String location = bucket.location() + name;
                Signer signer = () -> bucket.call(Bucket.Operation.READ, name)
                        .map(call -> WebRequest.get(call.url(), call.headers()));
                yield Transports.file(
                        Transports.of(access),
                        config.id(),
                        location,
                        way -> new Web(
                                config.id(),
                                location,
                                location,
                                signer,
                                Trust.TRUSTED,
                                access.acceptInvalidCerts(),
                                false,
                                way,
                                limits));
            }
        };
    }

    /** What reaches the bucket; fails where its proxy or certificates cannot be used. */
    public static Outcome<StoreClient> client(SourceConfig config, String userAgent) {
        Access access = access(config);
        Outcome<Transport> transport = Transports.of(access);
        return transport.map(way -> new StoreClient(way, access.acceptInvalidCerts(), userAgent));
    }

    private static Access access(SourceConfig config) {
        return switch (config) {
            case SourceConfig.S3 s3 -> s3.access();
            case SourceConfig.Azure azure -> azure.access();
            default -> Access.PLAIN;
        };
    }
}
