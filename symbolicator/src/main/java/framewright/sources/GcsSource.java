package framewright.sources;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.util.List;
import java.util.Map;

/** A bucket of Google Cloud Storage. */
final class GcsSource implements Source {
    private final SourceConfig.Gcs config;
    private final Paths paths;
    private final GcsTokens tokens;
    private final WebUrl storage;
    private final Outcome<Transport> transport;

    /** @param storage where objects are downloaded from */
    GcsSource(SourceConfig.Gcs config, IndexReader index, Pointers pointers, GcsTokens tokens, WebUrl storage) {
        this.config = config;
        this.paths = new Paths(config.common(), index, pointers);
        this.tokens = tokens;
        this.storage = storage;
        this.transport = Transports.of(config.access());
    }

    @Override
    public SourceConfig.Gcs config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        return paths.list(types, id, "gs " + config.id() + " " + config.bucket() + " " + config.prefix(), this::at);
    }

    @Override
    public RemoteFile at(String path) {
        String key = Paths.key(config.prefix(), path);
        String location = "gs://" + config.bucket() + "/" + key;
        // one segment each: slashes within the key are escaped too
        WebUrl url = storage.appendSegment(config.bucket())
                .appendSegment("o")
                .appendSegment(key)
                .withParameter("alt", "media");
        return Transports.file(
                transport,
                config.id(),
                location,
                way -> new RemoteFile.Web(
                        config.id(),
                        location,
                        location,
                        () -> tokens.token(config, way)
                                .map(token -> WebRequest.get(url, Map.of("Authorization", "Bearer " + token))),
                        Trust.RESTRICTED,
                        config.access().acceptInvalidCerts(),
                        false,
                        way,
                        Limits.NONE));
    }
}
