package framewright.fetch;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultProxyRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a client that a {@link Transport} asks for. */
final class ClientExtras {
    private ClientExtras() {}

    /** Trusts the public certificates and these. */
    static TlsSocketStrategy trusting(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate root : roots) {
                store.setCertificateEntry("own" + number++, root);
            }
            for (X509Certificate root : publicRoots()) {
                store.setCertificateEntry("public" + number++, root);
            }
            SSLContext context =
                    SSLContextBuilder.create().loadTrustMaterial(store, null).build();
            return ClientTlsStrategyBuilder.create().setSslContext(context).buildClassic();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static List<X509Certificate> publicRoots() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList();
    }

    /** Sends requests through the proxy. */
    static void useProxy(HttpClientBuilder builder, WebUrl proxy, EgressGuard guard) {
        HttpHost host = new HttpHost(proxy.scheme(), bare(proxy.host()), proxy.port());
        builder.setRoutePlanner(new Planner(host, guard));
        if (proxy.userInfo() != null) {
            String[] credentials = Percent.decode(proxy.userInfo()).split(":", 2);
            char[] password = credentials.length < 2 ? new char[0] : credentials[1].toCharArray();
            BasicCredentialsProvider provider = new BasicCredentialsProvider();
            provider.setCredentials(new AuthScope(host), new UsernamePasswordCredentials(credentials[0], password));
            builder.setDefaultCredentialsProvider(provider);
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * A proxy resolves names itself, where no guard of ours sees it. What is an address already is seen: a reserved one
     * takes the direct way, on which it is refused.
     */
    private static final class Planner extends DefaultProxyRoutePlanner {
        private final EgressGuard guard;

        Planner(HttpHost proxy, EgressGuard guard) {
            super(proxy);
            this.guard = guard;
        }

        @Override
        protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context)
                throws org.apache.hc.core5.http.HttpException {
            return guard.refusesAddress(target.getHostName()) ? null : super.determineProxy(target, context);
        }
    }
}
