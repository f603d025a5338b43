package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig.Access;
import framewright.fetch.RemoteFile;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
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
                access.caBundle() == null ? Outcome.found(List.of()) : certificates(access.caBundle());
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

    private static Outcome<List<X509Certificate>> certificates(String pem) {
        try (InputStream in = Files.newInputStream(Path.of(pem))) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            return certificates.isEmpty() ? unusable() : new Found<>(certificates);
        } catch (IOException | InvalidPathException | CertificateException e) {
            return unusable();
        }
    }

    private static Outcome<List<X509Certificate>> unusable() {
        return Outcome.failed(new Unreachable("the source's ca_bundle holds no certificates in PEM"));
    }
}
