package framewright.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of buckets on the loopback with what the shared cache uses of S3, Azure Blob Storage and the JSON API of
 * Google Cloud Storage: conditional writes above all. It refuses who brings no proof of who they are.
 */
public final class FakeBucket implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private volatile int broken;

    public FakeBucket() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handle(exchange);
            }
        });
        server.start();
    }

    /** Answers everything with this status from now on; 0: as usual again. */
    public void breakWith(int status) {
        broken = status;
    }

    /** Address of a path, which begins with a slash. */
    public String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** Objects by their path. */
    public Map<String, byte[]> objects() {
        return objects;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> query = query(exchange);
        String path = exchange.getRequestURI().getPath();
        if (broken > 0) {
            FakeSymbolServer.answer(exchange, broken, new byte[0]);
        } else if (path.equals("/google/token")) {
            FakeSymbolServer.answer(
                    exchange,
                    200,
                    "{\"access_token\":\"machine\",\"expires_in\":3600}".getBytes(StandardCharsets.UTF_8));
        } else if (!isKnown(exchange, query)) {
            FakeSymbolServer.answer(exchange, 403, new byte[0]);
        } else if (path.startsWith("/upload/storage/v1/b/")) {
            String name = path.substring("/upload/storage/v1/b".length()) + "/" + query.get("name");
            store(exchange, name, body, query.containsKey("ifGenerationMatch"), 412);
        } else {
            object(exchange, path.replaceFirst("^/storage/v1/b", ""), body);
        }
    }

    private void object(HttpExchange exchange, String name, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                boolean onlyNew = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
                boolean azure = exchange.getRequestHeaders().containsKey("x-ms-blob-type");
                store(exchange, name, body, onlyNew, azure ? 409 : 412);
            }
            case "DELETE" -> FakeSymbolServer.answer(exchange, objects.remove(name) == null ? 404 : 204, new byte[0]);
            default -> {
                byte[] found = objects.get(name);
                FakeSymbolServer.answer(exchange, found == null ? 404 : 200, found == null ? new byte[0] : found);
            }
        }
    }

    private void store(HttpExchange exchange, String name, byte[] body, boolean onlyNew, int taken) throws IOException {
        boolean stored = !onlyNew || objects.putIfAbsent(name, body) == null;
        if (!onlyNew) {
            objects.put(name, body);
        }
        FakeSymbolServer.answer(exchange, stored ? 200 : taken, new byte[0]);
    }

    /** The condition of a write is part of what S3 has signed. */
    private static boolean isKnown(HttpExchange exchange, Map<String, String> query) {
        boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
        boolean amazon = query.containsKey("X-Amz-Signature")
                && conditional == query.getOrDefault("X-Amz-SignedHeaders", "").contains("if-none-match");
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        return amazon || query.containsKey("sig") || "Bearer machine".equals(bearer);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new ConcurrentHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            query.put(
                    URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
