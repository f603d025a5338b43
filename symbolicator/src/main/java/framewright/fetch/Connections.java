package framewright.fetch;

import framewright.config.FetchSettings;
import framewright.fetch.RemoteFile.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients. One for each trust, strictness about certificates and transport, since they share connections by
 * host: one that a trusted source has opened into the own network must not serve another.
 *
 * <p>They do one exchange and nothing by themselves: no redirects, retries, cookies or decoding. Their deadlines are
 * {@link Watch}es.
 */
final class Connections implements AutoCloseable {
    /** Large files come in few wake-ups; in bytes. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    /** Bounds of an answer's head. */
    private static final int MAX_HEADERS = 256;

    private static final int MAX_LINE = 32 * 1024;

    private static final int MAX_CONNECTIONS = 1024;
    private static final int MAX_PER_HOST = 64;

    private record Kind(Trust trust, boolean acceptInvalidCerts, Transport transport) {}

    private final FetchSettings settings;
    private final EgressGuard.Names names;
    private final String userAgent;
    private volatile @Nullable ServerTime serverTime;
    private final Map<Kind, CloseableHttpClient> clients = new ConcurrentHashMap<>();

    Connections(FetchSettings settings, EgressGuard.Names names, String userAgent) {
        this.settings = settings;
        this.names = names;
        this.userAgent = userAgent;
    }

    /**
     * What a server last said the time was.
     *
     * @param nanos when it came, in the process's own time
     */
    private record ServerTime(Instant said, long nanos) {}

    /** What the time is now by the clock of the server that answered last; null: none has said. */
    @Nullable
    Instant serverTime() {
        ServerTime last = serverTime;
        return last == null ? null : last.said.plusNanos(System.nanoTime() - last.nanos);
    }

    private void noteTime(HttpMessage response) {
        Header date = response.getFirstHeader("Date");
        Instant said = date == null || date.getValue() == null ? null : HttpDate.parse(date.getValue());
        if (said != null) {
            serverTime = new ServerTime(said, System.nanoTime());
        }
    }

    CloseableHttpClient client(Trust trust, boolean acceptInvalidCerts) {
        return client(trust, acceptInvalidCerts, Transport.DIRECT);
    }

    CloseableHttpClient client(Trust trust, boolean acceptInvalidCerts, Transport transport) {
        return clients.computeIfAbsent(new Kind(trust, acceptInvalidCerts, transport), this::open);
    }

    private CloseableHttpClient open(Kind kind) {
        boolean allowReserved = kind.trust == Trust.TRUSTED || settings.connectToReservedIps();
        EgressGuard guard = new EgressGuard(allowReserved, settings.egressAllow(), names);
        WebUrl proxy = kind.transport.proxy();
        PoolingHttpClientConnectionManagerBuilder manager = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver(guard, proxy == null ? "" : proxy.host()))
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_PER_HOST)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(MAX_HEADERS)
                                .setMaxLineLength(MAX_LINE)
                                .build())
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setRcvBufSize(RECEIVE_BUFFER)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        .setSocketTimeout(Timeout.DISABLED)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build());
        if (kind.acceptInvalidCerts) {
            acceptAll(manager);
        } else if (!kind.transport.roots().isEmpty()) {
            manager.setTlsSocketStrategy(ClientExtras.trusting(kind.transport.roots()));
        }
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(manager.build())
                .setUserAgent(userAgent)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(
                                settings.maxDownloadTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .setResponseTimeout(Timeout.DISABLED)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .addResponseInterceptorFirst((response, entity, context) -> noteTime(response))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching();
        if (proxy != null) {
            ClientExtras.useProxy(builder, proxy, guard);
        }
        return builder.build();
    }

    private static void acceptAll(PoolingHttpClientConnectionManagerBuilder manager) {
        try {
            manager.setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                    .setSslContext(SSLContextBuilder.create()
                            .loadTrustMaterial(null, TrustAllStrategy.INSTANCE)
                            .build())
                    .setHostnameVerifier(NoopHostnameVerifier.INSTANCE)
                    .setHostVerificationPolicy(HostnameVerificationPolicy.CLIENT)
                    .buildClassic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** The system's resolver did not answer within the connect timeout. */
    static final class SlowNamesException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        SlowNamesException(String host) {
            super(host + " took too long to resolve");
        }
    }

    /** @param proxy the one host that the settings have chosen, which may be anywhere; empty: none */
    private DnsResolver resolver(EgressGuard guard, String proxy) {
        EgressGuard open = new EgressGuard(true, settings.egressAllow(), names);
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(@Nullable String host) throws UnknownHostException {
                if (host == null) {
                    throw new UnknownHostException("no host");
                }
                return resolveInTime(host.equals(proxy) ? open : guard, host);
            }

            @Override
            public @Nullable String resolveCanonicalHostname(@Nullable String host) {
                return host;
            }
        };
    }

    /** On a thread of its own: the system's resolver knows deadlines of minutes and cannot be interrupted. */
    private InetAddress[] resolveInTime(EgressGuard guard, String host) throws UnknownHostException {
        FutureTask<InetAddress[]> lookUp = new FutureTask<>(() -> guard.resolve(host));
        Thread.startVirtualThread(lookUp);
        try {
            return lookUp.get(settings.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SlowNamesException(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SlowNamesException(host);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException("resolving " + host, e.getCause());
        }
    }

    @Override
    public void close() {
        for (CloseableHttpClient client : clients.values()) {
            try {
                client.close();
            } catch (IOException e) {
                // the process's end closes what is left
            }
        }
    }
}
