package framewright.sources;

import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A web server with files under a common address. */
final class HttpSource implements Source {
    private static final String CHECKSUM = "SymbolChecksum";

    private final SourceConfig.Http config;
    private final Paths paths;
    private final WebServer server;

    HttpSource(SourceConfig.Http config, IndexReader index, Pointers pointers, Trust trust) {
        this.config = config;
        this.paths = new Paths(config.common(), index, pointers);
        this.server = new WebServer(config.id(), config.url(), config.access(), Limits.NONE, trust);
    }

    @Override
    public SourceConfig.Http config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        Map<String, String> headers = headers(id.debugChecksum());
        return paths.list(types, id, "http " + config.id() + " " + server, path -> server.file(path, headers));
    }

    @Override
    public RemoteFile at(String path) {
        return server.file(path, config.headers());
    }

    private Map<String, String> headers(@Nullable String checksum) {
        if (checksum == null) {
            return config.headers();
        }
        Map<String, String> headers = new HashMap<>(config.headers());
        headers.put(CHECKSUM, checksum);
        return headers;
    }
}
