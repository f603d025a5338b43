package framewright.fetch;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.config.FetchSettings;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * One try to get one file: a request, the redirects that follow from it, and the body. Ends as success, as a failure
 * that stands, or as one that another try may mend.
 */
final class HttpExchange {
    /** For clients the same as any other 4xx, as with the peer. */
    private static final Missing BUSY = new Missing("429 from the source");

    private static final int MAX_REDIRECTS = 10;
    private static final int BUFFER = 256 * 1024;

    /** Characters of a server's own words that are repeated. */
    private static final int SHOWN = 40;

    /** What of a refusal's body is read for the sake of the connection. */
    private static final int DRAIN_BYTES = 64 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(1);

    sealed interface Ending {
        record Done() implements Ending {}

        /**
         * @param mayRetry whether another try could end better
         * @param retryAfter when, in the server's words; empty: it does not say
         */
        record Failed(Failure failure, boolean mayRetry, String retryAfter) implements Ending {}

        /** The request goes on elsewhere. */
        record Redirected(WebRequest request) implements Ending {}
    }

    private final Function<Trust, CloseableHttpClient> clients;
    private final Trust trust;
    private final FetchSettings settings;
    private final Pacing pacing;
    private final Sink sink;
    private final Resume resume;

    private final FurtherConnections further;

    private volatile @Nullable HttpUriRequestBase current;
    private volatile @Nullable Tail tail;
    private volatile boolean cancelled;

    /**
     * @param trust in the host that is asked first
     * @param resume of the tries before, and of those to come
     * @param further connections that all downloads share
     */
    HttpExchange(
            Function<Trust, CloseableHttpClient> clients,
            Trust trust,
            FetchSettings settings,
            Pacing pacing,
            Sink sink,
            Resume resume,
            FurtherConnections further) {
        this.resume = resume;
        this.further = further;
        this.clients = clients;
        this.trust = trust;
        this.settings = settings;
        this.pacing = pacing;
        this.sink = sink;
    }

    /** Ends it from another thread; its own gets some failure. */
    void cancel() {
        cancelled = true;
        HttpUriRequestBase request = current;
        if (request != null) {
            request.cancel();
        }
        Tail parts = tail;
        if (parts != null) {
            parts.cancel();
        }
    }

    /** @throws IOException the local disk failed */
    Ending run(WebRequest request) throws IOException, InterruptedException {
        WebRequest next = request;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            switch (hop(next)) {
                case Ending.Redirected(WebRequest target) -> next = target;
                case Ending ending -> {
                    return ending;
                }
            }
        }
        return again("too many redirects");
    }

    private Ending hop(WebRequest request) throws IOException, InterruptedException {
        HttpUriRequestBase http = http(request);
        boolean rest = request.form() == null && resume.ask(request.url(), http, sink.written());
        current = http;
        if (cancelled) {
            return again("cancelled");
        }
        ClassicHttpResponse response;
        try (Watch head = Watch.start(pacing, settings.headTimeout(), http::cancel)) {
            try {
                response = client(request).executeOpen(HttpRequests.host(request.url()), http, null);
            } catch (IOException e) {
                return head.hasExpired() ? late(settings.headTimeout()) : failed(e);
            }
        }
        try {
            return answer(request, http, response, rest);
        } finally {
            close(response);
        }
    }

    private CloseableHttpClient client(WebRequest request) {
        return clients.apply(request.led() ? Trust.RESTRICTED : trust);
    }

    /** @param rest whether the rest of a file was asked for, of which the sink has the beginning */
    private Ending answer(WebRequest request, HttpUriRequestBase http, ClassicHttpResponse response, boolean rest)
            throws IOException, InterruptedException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        long total = status == 206 && rest && entity != null ? resume.continuedBy(response, sink.written()) : -1;
        if (entity != null && total >= 0) {
            return body(new Body(request, http, response, entity, sink.written(), total));
        }
        if (status >= 200 && status < 300 && status != 206) {
            if (entity == null) {
                return stands(new Missing());
            }
            long declared = declared(response, entity);
            resume.begin(request.url(), response, declared);
            return body(new Body(request, http, response, entity, 0, declared));
        }
        if (rest && (status == 206 || status == 416)) {
            // the file has changed, or the server does not count as it should
            resume.forget();
            http.cancel();
            return again(StatusText.of(status));
        }
        if (entity != null) {
            drain(http, entity);
        }
        return switch (status) {
            // too many requests for now says nothing of the file
            case 429 -> new Ending.Failed(BUSY, true, header(response, "Retry-After"));
            case 503 ->
                new Ending.Failed(new Unreachable(StatusText.of(status)), true, header(response, "Retry-After"));
            default -> refusal(request, status, header(response, "Location"));
        };
    }

    /** Reads a short body to its end, so that the connection can serve again; most answers are refusals. */
    private void drain(HttpUriRequestBase http, HttpEntity entity) {
        try (Watch _ = Watch.start(pacing, DRAIN_TIME, http::cancel)) {
            InputStream in = entity.getContent();
            if (in.readNBytes(DRAIN_BYTES).length == DRAIN_BYTES) {
                http.cancel();
            }
            in.close();
        } catch (IOException e) {
            http.cancel();
        }
    }

    private static void close(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            // the connection is gone, which is what closing is for
        }
    }

    private Ending refusal(WebRequest request, int status, String location) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> redirected(request, status, location);
            case 401, 403 -> stands(new Denied(StatusText.of(status)));
            // a debuginfod was told how large a file may be
            case 406 ->
                stands(
                        request.headers().containsKey("X-DEBUGINFOD-MAXSIZE")
                                ? FileSink.tooLarge()
                                : new Missing(status + " from the source"));
            default ->
                status >= 400 && status < 500
                        ? stands(new Missing(status + " from the source"))
                        : again(StatusText.of(status));
        };
    }

    private Ending redirected(WebRequest request, int status, String location) {
        // Azure DevOps answers requests without a valid token by sending browsers to its login page
        if (status == 302 && request.url().host().equals("dev.azure.com")) {
            return stands(new Denied("Potential login page detected"));
        }
        WebUrl target = location.isEmpty() || request.form() != null
                ? null
                : request.url().resolve(location);
        if (target == null) {
            return again(StatusText.of(status));
        }
        return new Ending.Redirected(request.sentTo(target));
    }

    /**
     * Bytes of the file as it will be here, -1 where the server does not say. A debuginfod says it beside a body that
     * is encoded or comes in chunks.
     */
    private static long declared(ClassicHttpResponse response, HttpEntity entity) {
        boolean encoded = !header(response, "Content-Encoding").isBlank();
        if (!encoded && entity.getContentLength() >= 0) {
            return entity.getContentLength();
        }
        String size = header(response, "X-DEBUGINFOD-SIZE");
        return size.matches("[0-9]{1,18}") ? Long.parseLong(size) : -1;
    }

    /**
     * A body that comes.
     *
     * @param from place of its first byte in the file
     * @param total bytes of the whole file, -1 where the server does not say
     */
    private record Body(
            WebRequest request,
            HttpUriRequestBase http,
            ClassicHttpResponse response,
            HttpEntity entity,
            long from,
            long total) {
        /** Whether its server says or shows that it gives parts of the file. */
        private boolean comesInParts() {
            boolean willing =
                    from > 0 || header(response, "Accept-Ranges").strip().equalsIgnoreCase("bytes");
            return willing && request.form() == null;
        }
    }

    private Ending body(Body body) throws IOException, InterruptedException {
        HttpUriRequestBase http = body.http;
        String encoding = header(body.response, "Content-Encoding");
        InputStream in = null;
        boolean done = false;
        StallWatch stall = new StallWatch(pacing, settings.stallTimeout(), http::cancel);
        try (stall) {
            in = decoded(stall.watched(body.entity.getContent()), encoding);
            if (in == null) {
                String shown = encoding.substring(0, Math.min(encoding.length(), SHOWN));
                return again("content encoding `" + shown + "` is not supported");
            }
            Failure refusal = sink.begin(body.from, body.total, head(body.response));
            if (refusal != null) {
                return stands(refusal);
            }
            try (Tail parts = tail(body)) {
                tail = parts;
                Ending ending = copy(in, body, parts);
                // what came in parts is left over in the first answer
                done = ending instanceof Ending.Done && parts == null;
                return ending;
            } finally {
                tail = null;
            }
        } catch (NetworkException e) {
            return stall.hasExpired() ? late(settings.stallTimeout()) : failed(e.failure());
        } finally {
            if (!done) {
                // else closing would read what is left, however much that is
                http.cancel();
            }
            closeQuietly(in);
        }
    }

    /** Null where the body is not large, or cannot be had in parts. */
    private @Nullable Tail tail(Body body) {
        boolean large = further.areWorth(body.total - body.from);
        if (!large || !(sink instanceof FileSink file) || !resume.isCertain() || !body.comesInParts()) {
            return null;
        }
        Tail.Means means = new Tail.Means(client(body.request), settings, pacing, further);
        return Tail.start(means, body.request, resume, file, body.total);
    }

    private static @Nullable InputStream decoded(InputStream raw, String encoding) throws NetworkException {
        try {
            return ContentEncoding.decode(raw, encoding);
        } catch (IOException e) {
            throw new NetworkException(e);
        }
    }

    private static void closeQuietly(@Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // all that was wanted has been read, or the connection was cut on purpose
        }
    }

    private Ending copy(InputStream in, Body body, @Nullable Tail parts)
            throws IOException, NetworkException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        Tail ahead = parts;
        while (true) {
            int count = read(in, buffer);
            if (count < 0) {
                return end(body);
            }
            if (body.from > 0 && sink.written() + count > body.total) {
                resume.forget();
                return again("the answer is longer than it says");
            }
            Failure refusal = sink.write(buffer, count);
            if (refusal != null) {
                return stands(refusal);
            }
            if (ahead != null && !ahead.advance(sink.written())) {
                if (ahead.await() && sink instanceof FileSink file) {
                    file.complete(body.total);
                    return new Ending.Done();
                }
                ahead = null;
            }
        }
    }

    /** The head of a part says how long it is, whatever length its message has; that of a whole file may not. */
    private Ending end(Body body) {
        if (body.from > 0 && sink.written() < body.total) {
            return again("the answer ended early");
        }
        // sources answer for files that they do not have with empty ones
        return sink.written() == 0 ? stands(new Missing()) : new Ending.Done();
    }

    /** A failure while reading from the other side, told from those of the local disk. */
    private static final class NetworkException extends Exception {
        private static final long serialVersionUID = 1;
        private final IOException failure;

        NetworkException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    private static int read(InputStream in, byte[] buffer) throws NetworkException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new NetworkException(e);
        }
    }

    private Ending failed(IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Failure failure = NetworkFailures.of(e, settings.connectTimeout());
        boolean stands = e instanceof EgressGuard.RestrictedException;
        return new Ending.Failed(failure, !stands, "");
    }

    /** Whether the source has said that it was asked too often, which says nothing of the file. */
    static boolean isBusy(@Nullable Failure failure) {
        return failure instanceof Missing(String details) && details.equals(BUSY.details());
    }

    private static Ending stands(Failure failure) {
        return new Ending.Failed(failure, false, "");
    }

    private static Ending again(String details) {
        return new Ending.Failed(new Unreachable(details), true, "");
    }

    private static Ending late(Duration limit) {
        return new Ending.Failed(new TimedOut(limit), true, "");
    }

    static HttpUriRequestBase http(WebRequest request) {
        HttpUriRequestBase http =
                HttpRequests.of(request.form() == null ? "GET" : "POST", request.url(), ContentEncoding.ACCEPTED);
        HttpRequests.setHeaders(http, request.headers());
        if (request.form() != null) {
            http.setEntity(new StringEntity(request.form(), ContentType.APPLICATION_FORM_URLENCODED));
        }
        return http;
    }

    private static Head head(ClassicHttpResponse response) {
        String sourceMap = header(response, "SourceMap");
        return new Head(header(response, "Link"), sourceMap.isEmpty() ? header(response, "X-SourceMap") : sourceMap);
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }
}
