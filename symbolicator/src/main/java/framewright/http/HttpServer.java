package framewright.http;

import framewright.api.SourceConfig;
import framewright.jobs.JobRunner;
import framewright.queue.EventQueue;
import framewright.telemetry.Metrics;
import framewright.telemetry.Tracer;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP server, from start to stop. */
public final class HttpServer implements AutoCloseable {
    /** Requests in flight may end within this time; below the five seconds that supervisors commonly grant. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /**
     * How much more than allowed is read, and thrown away, before the connection is cut. A client that writes its
     * whole request before it reads would otherwise find a reset connection in place of the 413.
     */
    private static final long DRAINED_BYTES = 64L << 20;

    private final WebServer server;

    /**
     * @param defaultSources for requests that name none
     * @param maxBodyBytes largest JSON body, unpacked
     * @param maxCrashFileBytes largest crash file with its form, unpacked
     * @param proxy whether files of the default sources are handed out
     * @param adminToken who sends it may look into the cache and clean it; null: nobody may
     * @param store null: nothing is kept here
     * @param queue null: there is none
     */
    public record Options(
            List<SourceConfig> defaultSources,
            long maxBodyBytes,
            long maxCrashFileBytes,
            boolean proxy,
            @Nullable String adminToken,
            @Nullable StoreServices store,
            @Nullable EventQueue queue) {
        public Options {
            defaultSources = List.copyOf(defaultSources);
        }

        /** Largest body that any address takes. */
        long maxPayloadBytes() {
            long files = store == null ? 0 : store.maxFileBytes();
            return Math.max(files, Math.max(maxBodyBytes, maxCrashFileBytes));
        }
    }

    private HttpServer(WebServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @throws java.io.UncheckedIOException where the address cannot be had
     */
    public static HttpServer start(
            InetSocketAddress address, Engine engine, JobRunner jobs, Options options, Metrics metrics, Tracer tracer) {
        probe(address);
        WebServer server = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .maxPayloadSize(Math.addExact(options.maxPayloadBytes(), DRAINED_BYTES))
                // Off by default, and then each answer above a segment waits 40 ms for an acknowledgement.
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .contentEncoding(ContentEncodingContext.builder()
                        .contentEncodingsDiscoverServices(false)
                        .addContentEncoding(new GzipBodies())
                        .build())
                .directHandlers(ErrorMapper.directHandlers())
                .routing(new Routes(engine, jobs, options, metrics, tracer).build())
                .build()
                .start();
        if (!server.isRunning()) {
            throw new UncheckedIOException(new IOException("the server did not start"));
        }
        return new HttpServer(server);
    }

    /** Helidon writes to the log that it cannot listen, and goes on as if it did. */
    private static void probe(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port listened on. */
    public int port() {
        return server.port();
    }

    /** Takes no more requests, waits a moment for those in flight, and closes. */
    @Override
    public void close() {
        server.stop();
    }
}
