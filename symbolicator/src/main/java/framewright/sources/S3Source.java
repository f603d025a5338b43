package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bucket of S3 or of a server that speaks its protocol; asked by GETs that carry their signature in the query. */
final class S3Source implements Source {
    private final SourceConfig.S3 config;
    private final Paths paths;
    private final InstantSource clock;
    private final @Nullable WebUrl base;

    S3Source(SourceConfig.S3 config, IndexReader index, InstantSource clock) {
        this.config = config;
        this.paths = new Paths(config.common(), index);
        this.clock = clock;
        this.base = base(config);
    }

    /** AWS has a host name for each bucket, other servers a path. */
    private static @Nullable WebUrl base(SourceConfig.S3 config) {
        if (config.endpoint() == null) {
            return WebUrl.parse("https://" + config.bucket() + ".s3." + config.region() + ".amazonaws.com/");
        }
        WebUrl endpoint = WebUrl.parse(config.endpoint());
        return endpoint == null ? null : endpoint.append(config.bucket());
    }

    @Override
    public String id() {
        return config.id();
    }

    @Override
    public boolean isPublic() {
        return config.common().isPublic();
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        return paths.list(types, id, "s3 " + config.id() + " " + config.bucket() + " " + config.prefix(), this::file);
    }

    private RemoteFile file(String path) {
        String key = Paths.key(config.prefix(), path);
        String location = "s3://" + config.bucket() + "/" + key;
        if (config.ambientCredentials()) {
            return new RemoteFile.Unusable(
                    config.id(),
                    location,
                    new Unsupported("s3 sources need static credentials: the container's are not supported"));
        }
        if (base == null) {
            return new RemoteFile.Unusable(
                    config.id(), location, new Unsupported("s3 sources need a valid endpoint and bucket name"));
        }
        WebUrl url = base;
        for (String segment : key.split("/", -1)) {
            // signatures cover the strictest form of escaping
            url = url.appendSegment(segment);
        }
        WebUrl unsigned = url;
        S3Signature signature = new S3Signature(config.region(), config.accessKey(), config.secretKey());
        return new RemoteFile.Web(
                config.id(),
                location,
                // the location does not say whose bucket of that name it is
                unsigned.toString(),
                () -> Outcome.found(WebRequest.get(signature.presign(unsigned, clock.instant()), Map.of())),
                Trust.RESTRICTED,
                false,
                false);
    }
}
