package framewright.fetch;

import framewright.api.Outcome;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.config.FetchSettings;
import framewright.fetch.RemoteFile.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a server of the settings that also takes what we send: one exchange each, without redirects, retries and
 * encodings.
 */
public final class StoreClient implements AutoCloseable {
    private static final int DRAIN_BYTES = 64 << 10;

    /** What a link must do at least, in bytes a second, so that a body is sent to its end. */
    private static final long SLOWEST = 1 << 20;

    /**
     * How long to wait.
     *
     * @param connect until a connection stands
     * @param head until an answer begins, besides what sending the body takes
     * @param stall while nothing of an answer comes
     */
    public record Patience(Duration connect, Duration head, Duration stall) {
        /** Of who must be able to do without. */
        public static final Patience SHORT =
                new Patience(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10));

        /** Of a person who has asked for just that. */
        public static final Patience LONG =
                new Patience(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(1));
    }

    /** @param headers may hold secrets */
    public record Call(String method, WebUrl url, Map<String, String> headers) {
        public Call {
            headers = Map.copyOf(headers);
        }
    }

    /** What is sent along. */
    public interface Body {
        /** Exact. */
        long length();

        void writeTo(OutputStream out) throws IOException;

        /** These bytes, which nobody changes any more. */
        static Body of(byte[] bytes) {
            return new Body() {
                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(bytes);
                }
            };
        }
    }

    /** Makes something of an answer, which is gone afterwards. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws IOException the other side or the way there failed; a local failure must be another exception */
        T read(int status, InputStream body) throws IOException;
    }

    private final Patience patience;
    private final Connections connections;
    private final Transport transport;
    private final boolean acceptInvalidCerts;
    private final Pacing pacing = Pacing.real();

    /** @param userAgent how requests name us */
    public StoreClient(Transport transport, boolean acceptInvalidCerts, String userAgent) {
        this(transport, acceptInvalidCerts, userAgent, Patience.SHORT);
    }

    public StoreClient(Transport transport, boolean acceptInvalidCerts, String userAgent, Patience patience) {
        this.transport = transport;
        this.acceptInvalidCerts = acceptInvalidCerts;
        this.patience = patience;
        Duration stall = patience.stall();
        FetchSettings.DenyList none = new FetchSettings.DenyList(false, stall, stall, 1, stall, Set.of());
        // what the settings name may be anywhere, and nothing is followed elsewhere
        FetchSettings settings =
                new FetchSettings(patience.connect(), patience.head(), stall, Long.MAX_VALUE, true, none);
        this.connections = new Connections(settings, InetAddress::getAllByName, userAgent);
    }

    /**
     * One exchange.
     *
     * @param body null: none
     * @return what {@code reader} made of the answer, or why there was none
     */
    public <T> Outcome<T> send(Call call, @Nullable Body body, Reader<T> reader) throws InterruptedException {
        HttpUriRequestBase http = HttpRequests.of(call.method(), call.url(), "");
        HttpRequests.setHeaders(http, call.headers());
        Duration limit = patience.head();
        if (body != null) {
            http.setEntity(
                    new EntityTemplate(body.length(), ContentType.APPLICATION_OCTET_STREAM, null, body::writeTo));
            limit = limit.plusSeconds(body.length() / SLOWEST);
        }
        try {
            ClassicHttpResponse response;
            try (Watch head = Watch.start(pacing, limit, http::cancel)) {
                try {
                    response = connections
                            .client(Trust.TRUSTED, acceptInvalidCerts, transport)
                            .executeOpen(HttpRequests.host(call.url()), http, null);
                } catch (IOException e) {
                    if (head.hasExpired()) {
                        return Outcome.failed(new TimedOut(limit));
                    }
                    throw e;
                }
            }
            try (response) {
                return read(http, response, reader);
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Outcome.failed(NetworkFailures.of(e, patience.connect()));
        }
    }

    private <T> Outcome<T> read(HttpUriRequestBase http, ClassicHttpResponse response, Reader<T> reader)
            throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return Outcome.found(reader.read(response.getCode(), InputStream.nullInputStream()));
        }
        StallWatch stall = new StallWatch(pacing, patience.stall(), http::cancel);
        boolean whole = false;
        try (stall) {
            InputStream in = stall.watched(entity.getContent());
            T made = reader.read(response.getCode(), in);
            // the connection serves again where no more than the words of a refusal are left
            whole = in.readNBytes(DRAIN_BYTES).length < DRAIN_BYTES;
            return Outcome.found(made);
        } catch (IOException e) {
            if (stall.hasExpired()) {
                return Outcome.failed(new TimedOut(patience.stall()));
            }
            throw e;
        } finally {
            if (!whole) {
                // closing would read what is left, however much that is
                http.cancel();
            }
        }
    }

    /** Why a status that was not asked for came, in words for whoever set the store up. */
    public static Outcome.Failure refusal(int status) {
        return status == 401 || status == 403
                ? new Outcome.Denied(StatusText.of(status))
                : new Unreachable(StatusText.of(status));
    }

    @Override
    public void close() {
        pacing.close();
        connections.close();
    }
}
