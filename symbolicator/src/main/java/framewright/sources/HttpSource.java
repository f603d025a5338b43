package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A web server with files under a common address. */
final class HttpSource implements Source {
    private static final String CHECKSUM = "SymbolChecksum";

    private final SourceConfig.Http config;
    private final Paths paths;
    private final @Nullable WebUrl base;

    HttpSource(SourceConfig.Http config, IndexReader index) {
        this.config = config;
        this.paths = new Paths(config.common(), index);
        this.base = WebUrl.parse(config.url());
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
        Map<String, String> headers = headers(id.debugChecksum());
        return paths.list(types, id, "http " + config.id() + " " + base, path -> file(path, headers));
    }

    private Map<String, String> headers(@Nullable String checksum) {
        if (checksum == null) {
            return config.headers();
        }
        Map<String, String> headers = new HashMap<>(config.headers());
        headers.put(CHECKSUM, checksum);
        return headers;
    }

    private RemoteFile file(String path, Map<String, String> headers) {
        if (base == null) {
            return new RemoteFile.Unusable(
                    config.id(), path, new Unreachable("the source's url is no http or https address"));
        }
        WebUrl url = base.append(path);
        String location = url.toString();
        return new RemoteFile.Web(
                config.id(),
                location,
                location,
                () -> Outcome.found(WebRequest.get(url, headers)),
                Trust.RESTRICTED,
                config.acceptInvalidCerts(),
                !Sources.isBuiltIn(config.id()));
    }
}
