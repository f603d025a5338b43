package framewright.config;

import framewright.api.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates that a setting names, for servers whose own nobody knows. */
public final class Certificates {
    private Certificates() {}

    /**
     * Fails where the file holds none.
     *
     * @param pem path of a file
     */
    public static Outcome<List<X509Certificate>> read(String pem) {
        try (InputStream in = Files.newInputStream(Path.of(pem))) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            return certificates.isEmpty() ? unusable() : Outcome.found(certificates);
        } catch (IOException | InvalidPathException | CertificateException e) {
            return unusable();
        }
    }

    private static Outcome<List<X509Certificate>> unusable() {
        return Outcome.failed(new Outcome.Unreachable("the source's ca_bundle holds no certificates in PEM"));
    }
}
