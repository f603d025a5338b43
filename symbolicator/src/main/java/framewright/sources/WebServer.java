package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig.Access;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server that is asked for files by address and headers alone. */
final class WebServer {
    private final String source;
    private final @Nullable WebUrl base;
    private final boolean acceptInvalidCerts;
    private final Outcome<Transport> transport;
    private final Limits limits;
    private final Trust trust;

    /** @param source its id */
    WebServer(String source, String url, Access access, Limits limits, Trust trust) {
        this.trust = trust;
        this.source = source;
        this.base = WebUrl.parse(url);
        this.acceptInvalidCerts = access.acceptInvalidCerts();
        this.transport = Transports.of(access);
        this.limits = limits;
    }

    /** The file at a path below the server's address. */
    RemoteFile file(String path, Map<String, String> headers) {
        if (base == null) {
            return new RemoteFile.Unusable(
                    source, path, new Unreachable("the source's url is no http or https address"));
        }
        WebUrl url = base.append(path);
        String location = url.toString();
        return Transports.file(
                transport,
                source,
                location,
                way -> new RemoteFile.Web(
                        source,
                        location,
                        identity(location),
                        () -> Outcome.found(WebRequest.get(url, headers)),
                        trust,
                        acceptInvalidCerts,
                        !Sources.isBuiltIn(source),
                        way,
                        limits));
    }

    /** What was too large may not be so under another limit. */
    private String identity(String location) {
        return limits.maxBytes() == Long.MAX_VALUE ? location : location + " up to " + limits.maxBytes() + " bytes";
    }

    /** Its address, without user and password, and who may reach it: what one could not, another may. */
    @Override
    public String toString() {
        return base + " " + trust;
    }
}
