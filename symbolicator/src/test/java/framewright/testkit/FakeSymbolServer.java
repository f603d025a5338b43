package framewright.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on the loopback that counts what it is asked for. Whatever was not put there is 404. */
public final class FakeSymbolServer implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** @param headers by lower-case name, the first value of each */
    public record Request(String method, String target, Map<String, String> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public FakeSymbolServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString();
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        requests.add(new Request(exchange.getRequestMethod(), target, headers));
        Handler handler = handlers.get(target);
        if (handler == null) {
            handler = handlers.get(exchange.getRequestURI().getPath());
        }
        try (exchange) {
            if (handler == null) {
                answer(exchange, 404, new byte[0]);
            } else {
                handler.handle(exchange);
            }
        }
    }

    /** Answers with this status and body. */
    public static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Puts a file at a path, or at a path with its query. */
    public void put(String target, byte[] body) {
        on(target, exchange -> answer(exchange, 200, body));
    }

    public void status(String target, int status) {
        on(target, exchange -> answer(exchange, status, new byte[0]));
    }

    public void redirect(String target, int status, String location) {
        on(target, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            answer(exchange, status, new byte[0]);
        });
    }

    public void on(String target, Handler handler) {
        handlers.put(target, handler);
    }

    /** Has nothing any more, and remembers no request. */
    public void forget() {
        handlers.clear();
        requests.clear();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Address of a path, which begins with a slash. */
    public String url(String path) {
        return "http://localhost:" + port() + path;
    }

    /** All requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How often this was asked for. */
    public long hits(String target) {
        return requests.stream()
                .filter(request -> request.target().equals(target))
                .count();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
