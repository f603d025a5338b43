package framewright.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Servers at one port of 127.0.0.1, 127.0.0.2 and ::1 that count who connects, whatever it then says. All paths are
 * {@code ok}; {@code /to?URL} redirects.
 */
final class TrapServers implements AutoCloseable {
    private static final int MAX_HEAD = 8192;
    private static final int ATTEMPTS = 50;

    private final List<ServerSocket> sockets;
    private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();

    TrapServers() throws IOException {
        sockets = open();
        for (ServerSocket socket : sockets) {
            AtomicInteger count = new AtomicInteger();
            connections.put(socket.getInetAddress().getHostAddress(), count);
            Thread.startVirtualThread(() -> accept(socket, count));
        }
    }

    /** A port that is free at all three. */
    private static List<ServerSocket> open() throws IOException {
        for (int attempt = 0; ; attempt++) {
            ServerSocket first = at("127.0.0.1", 0);
            try {
                int port = first.getLocalPort();
                ServerSocket second = at("127.0.0.2", port);
                return List.of(first, second, at("::1", port));
            } catch (IOException e) {
                first.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static ServerSocket at(String address, int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    }

    private static void accept(ServerSocket socket, AtomicInteger count) {
        try {
            while (true) {
                Socket connection = socket.accept();
                count.incrementAndGet();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            StringBuilder head = new StringBuilder();
            int c = 0;
            while (c >= 0 && head.length() < MAX_HEAD && head.indexOf("\r\n\r\n") < 0) {
                c = connection.getInputStream().read();
                head.append((char) c);
            }
            String target = head.toString().split(" ", 3)[1];
            String answer = target.startsWith("/to?")
                    ? "HTTP/1.1 302 Found\r\nLocation: " + URI.create(target).getQuery()
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // the client went away
        }
    }

    int port() {
        return sockets.getFirst().getLocalPort();
    }

    int connections(String address) {
        AtomicInteger count = connections.get(InetAddress.ofLiteral(address).getHostAddress());
        return Objects.requireNonNull(count).get();
    }

    int connections() {
        return connections.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }
}
