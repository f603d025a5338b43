package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig.Access;
import framewright.config.Certificates;
import framewright.fetch.RemoteFile;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/** The way to a server, as its configuration describes it. */
final class Transports {
    private Transports() {}

    /** Fails where the certificates cannot be read or the proxy has no address. */
    static Outcome<Transport> of(Access access) {
        WebUrl proxy = access.proxy() == null ? null : WebUrl.parse(access.proxy());
        if (access.proxy() != null && proxy == null) {
            return Outcome.failed(new Unreachable("the source's proxy is no http address"));
        }
        Outcome<List<X509Certificate>> roots =
                access.caBundle() == null ? Outcome.found(List.of()) : Certificates.read(access.caBundle());
        return roots.map(certificates -> new Transport(certificates, proxy));
    }

    /** The file that is asked for in this way; one that says why not, where there is none. */
    static RemoteFile file(
            Outcome<Transport> way, String source, String location, Function<Transport, RemoteFile.Web> file) {
        return switch (way) {
            case Failed<Transport>(Failure failure) -> new RemoteFile.Unusable(source, location, failure);
            case Found<Transport>(Transport transport) -> file.apply(transport);
        };
    }
}
