package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.aws.AwsIdentities;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A bucket of S3 or of a server that speaks its protocol; asked by GETs that carry their signature in the query. */
final class S3Source implements Source {
    private final SourceConfig.S3 config;
    private final Paths paths;
    private final AwsIdentities identities;
    private final AwsSignature signature;
    private final InstantSource clock;
    private final @Nullable WebUrl base;
    private final Outcome<Transport> transport;
    private final Trust trust;

    S3Source(
            SourceConfig.S3 config,
            IndexReader index,
            Pointers pointers,
            AwsIdentities identities,
            AwsSignature signature,
            InstantSource clock,
            Trust trust) {
        this.config = config;
        this.trust = trust;
        this.paths = new Paths(config.common(), index, pointers);
        this.identities = identities;
        this.signature = signature;
        this.clock = clock;
        this.base = S3Bucket.base(config);
        this.transport = Transports.of(config.access());
    }

    @Override
    public SourceConfig.S3 config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        return paths.list(
                types, id, "s3 " + trust + " " + config.id() + " " + config.bucket() + " " + config.prefix(), this::at);
    }

    @Override
    public RemoteFile at(String path) {
        String key = Paths.key(config.prefix(), path);
        String location = "s3://" + config.bucket() + "/" + key;
        if (base == null) {
            return new RemoteFile.Unusable(
                    config.id(), location, new Unsupported("s3 sources need a valid endpoint and bucket name"));
        }
        WebUrl unsigned = S3Bucket.at(base, key);
        return Transports.file(
                transport,
                config.id(),
                location,
                way -> new RemoteFile.Web(
                        config.id(),
                        location,
                        // the location does not say whose bucket of that name it is
                        unsigned.toString(),
                        () -> sign(unsigned).map(signed -> WebRequest.get(signed, Map.of())),
                        trust,
                        config.access().acceptInvalidCerts(),
                        false,
                        way,
                        Limits.NONE));
    }

    private Outcome<WebUrl> sign(WebUrl url) {
        return switch (config.credentials()) {
            case AwsCredentials.Anonymous _ -> Outcome.found(url);
            case AwsCredentials.Keys keys -> Outcome.found(presign(url, AwsIdentities.of(keys)));
            case AwsCredentials.Ambient ambient -> identities.of(ambient).map(identity -> presign(url, identity));
        };
    }

    private WebUrl presign(WebUrl url, AwsCredentialsIdentity identity) {
        return signature.presign(url, config.region(), identity, clock.instant());
    }
}
