package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.aws.AwsIdentities;
import framewright.fetch.StoreClient.Call;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A bucket of S3, or of a server that speaks its protocol and knows conditional writes. */
final class S3Bucket implements Bucket {
    private final SourceConfig.S3 config;
    private final AwsIdentities identities = new AwsIdentities();
    private final AwsSignature signature = new AwsSignature();
    private final InstantSource clock;
    private final @Nullable WebUrl base;

    S3Bucket(SourceConfig.S3 config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.base = base(config);
    }

    /** The bucket's address; null where its name or its server's cannot be part of one. */
    static @Nullable WebUrl base(SourceConfig.S3 config) {
        String endpoint = config.endpoint() == null ? amazon(config.region()) : config.endpoint();
        if (config.pathStyle()) {
            WebUrl server = WebUrl.parse(endpoint);
            return server == null ? null : server.appendSegment(config.bucket());
        }
        int host = endpoint.indexOf("://") + 3;
        boolean absolute = host > 2 && config.bucket().chars().noneMatch(c -> "/?#\\@:".indexOf(c) >= 0);
        return absolute
                ? WebUrl.parse(endpoint.substring(0, host) + config.bucket() + "." + endpoint.substring(host))
                : null;
    }

    private static String amazon(String region) {
        String suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        return "https://s3." + region + "." + suffix + "/";
    }

    /** The address of a key, in the strictest form of escaping, which signatures cover. */
    static WebUrl at(WebUrl bucket, String key) {
        WebUrl url = bucket;
        for (String segment : key.split("/", -1)) {
            url = url.appendSegment(segment);
        }
        return url;
    }

    @Override
    public Outcome<Call> call(Operation operation, String name) {
        if (base == null) {
            return Outcome.failed(new Unsupported("the bucket needs a valid endpoint and name"));
        }
        String method = switch (operation) {
            case READ -> "GET";
            case WRITE, CREATE -> "PUT";
            case REMOVE -> "DELETE";
        };
        Map<String, String> headers = operation == Operation.CREATE ? Map.of("If-None-Match", "*") : Map.of();
        WebUrl url = at(base, Paths.key(config.prefix(), name));
        return switch (config.credentials()) {
            case AwsCredentials.Anonymous _ -> Outcome.found(new Call(method, url, headers));
            case AwsCredentials.Keys keys -> Outcome.found(sign(url, method, headers, AwsIdentities.of(keys)));
            case AwsCredentials.Ambient ambient ->
                identities.of(ambient).map(identity -> sign(url, method, headers, identity));
        };
    }

    private Call sign(WebUrl url, String method, Map<String, String> headers, AwsCredentialsIdentity identity) {
        WebUrl signed =
                signature.presign(url, method, headers, config.region(), identity, clock.instant(), AwsSignature.VALID);
        return new Call(method, signed, headers);
    }

    @Override
    public String location() {
        return "s3://" + config.bucket() + "/" + config.prefix();
    }
}
