package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.debugfiles.FileType;
import framewright.fetch.RemoteFile;
import framewright.testkit.FakeSymbolServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    private final SourceFixture fixture = new SourceFixture();
    private final FakeSymbolServer proxy = fixture.server;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        fixture.close();
    }

    private static SourceConfig.Http http(
            String url, boolean anyCertificate, @Nullable String ca, @Nullable String proxy) {
        return new SourceConfig.Http(
                "s", SourceFixture.symstore(false, FileType.PDB), url, Map.of(), new Access(anyCertificate, ca, proxy));
    }

    private static Outcome<String> fetch(SourceFixture with, SourceConfig config) throws InterruptedException {
        return with.fetch(with.files(config, SourceFixture.PE).getFirst());
    }

    /** A key pair with a certificate that nobody but its file vouches for. */
    private Path keys() throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "k",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString(),
                        "-validity",
                        "36500")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return store;
    }

    @Test
    void serverOfAnOwnAuthority_isTrustedWithItsBundle_orWithoutAnyCheck() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = "changeit".toCharArray();
        try (InputStream in = Files.newInputStream(keys())) {
            store.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        https.createContext("/", exchange -> {
            try (exchange) {
                FakeSymbolServer.answer(exchange, 200, SourceFixture.text("pdb"));
            }
        });
        https.start();
        try {
            Path pem = Files.writeString(
                    folder.resolve("ca.pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(store.getCertificate("k").getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            String url = "https://localhost:" + https.getAddress().getPort() + "/";
            assertThat(fetch(fixture, http(url, false, pem.toString(), null))).isEqualTo(Outcome.found("pdb"));
            assertThat(fetch(fixture, http(url, true, null, null))).isEqualTo(Outcome.found("pdb"));
            assertThat(fetch(fixture, http(url, false, null, null)) instanceof Failed)
                    .isTrue();
        } finally {
            https.stop(0);
        }
    }

    @Test
    void bundleThatHoldsNoCertificate_isTheFilesFailure() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "-----BEGIN\n");
        for (String bundle :
                new String[] {empty.toString(), folder.resolve("absent").toString(), "\0"}) {
            assertThat(fetch(fixture, http("http://h/", false, bundle, null)))
                    .isEqualTo(Outcome.failed(new Unreachable("the source's ca_bundle holds no certificates in PEM")));
        }
    }

    @Test
    void proxy_isAskedForNamesThatOnlyItKnows_alsoFromThePrivateNetwork() throws Exception {
        String file = "http://symbols.internal.test/" + SourceFixture.PDB;
        proxy.on(file, exchange -> FakeSymbolServer.answer(exchange, 200, SourceFixture.text("pdb")));
        try (SourceFixture strict = new SourceFixture(false)) {
            Outcome<String> fetched = fetch(strict, http("http://symbols.internal.test/", false, null, proxy.url("/")));
            assertThat(proxy.requests().getLast().target()).isEqualTo(file);
            assertThat(fetched).isEqualTo(Outcome.found("pdb"));
            assertThat(proxy.requests().getLast().headers()).containsEntry("host", "symbols.internal.test");
        }
    }

    @Test
    void proxyThatWantsAPassword_getsTheOneOfItsAddress() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString(SourceFixture.text("me:p@ss"));
        String file = "http://symbols.internal.test/" + SourceFixture.PDB;
        proxy.on(file, exchange -> {
            boolean known = basic.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"p\"");
            FakeSymbolServer.answer(exchange, known ? 200 : 407, SourceFixture.text("pdb"));
        });
        String address = "http://me:p%40ss@localhost:" + proxy.port();
        assertThat(fetch(fixture, http("http://symbols.internal.test/", false, null, address)))
                .isEqualTo(Outcome.found("pdb"));
    }

    @Test
    void sentryAndGoogle_areAskedThroughTheProxyOfTheirSource() throws Exception {
        Access access = new Access(false, null, proxy.url("/"));
        proxy.on("/files", exchange -> {
            boolean list = !exchange.getRequestURI().getQuery().contains("id=7");
            String answer = list ? "[{\"id\":\"7\",\"symbolType\":\"pdb\"}]" : "of sentry";
            FakeSymbolServer.answer(exchange, 200, SourceFixture.text(answer));
        });
        assertThat(fetch(
                        fixture,
                        new SourceConfig.Sentry("s", "http://sentry.internal.test/files", "token", null, access)))
                .isEqualTo(Outcome.found("of sentry"));
        assertThat(proxy.requests()).allMatch(request -> request.target().startsWith("http://sentry.internal.test/"));
        proxy.forget();
        var _ = fetch(
                fixture,
                new SourceConfig.Gcs(
                        "g", SourceFixture.symstore(false, FileType.PDB), "b", "", null, null, "token", access));
        assertThat(proxy.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.target())
                        .startsWith("http://localhost:")
                        .contains("/b/o/"));
    }

    @Test
    void addressOfThePrivateNetwork_isRefusedBehindAProxyToo() throws Exception {
        try (SourceFixture strict = new SourceFixture(false)) {
            assertThat(fetch(strict, http("http://169.254.169.254/", false, null, proxy.url("/"))))
                    .isEqualTo(Outcome.failed(new Unreachable("destination is restricted")));
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @Test
    void refusedSource_saysWhy_andAsksNobody() throws Exception {
        RemoteFile file = fixture.files(new SourceConfig.Refused("r", "proxy is not for you"), SourceFixture.PE)
                .getFirst();
        assertThat(fixture.fetch(file)).isNotInstanceOf(Found.class);
        assertThat(fixture.fetch(file)).asString().contains("proxy is not for you");
        assertThat(proxy.requests()).isEmpty();
    }
}
