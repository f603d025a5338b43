package framewright.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers each connection's first request with bytes of the test's choice, sound HTTP or not. */
public final class RawServer implements AutoCloseable {
    /** Writes whatever it likes; the connection is closed afterwards. */
    @FunctionalInterface
    public interface Liar {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final Liar liar;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);

    public RawServer(Liar liar) {
        this.liar = liar;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** One that sends this text. */
    public static RawServer sending(String text) {
        return new RawServer(out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            readHead(connection.getInputStream());
            liar.answer(connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (IOException | InterruptedException e) {
            // the client went away, as it should
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int state = 0;
        while (state < 4) {
            int c = in.read();
            if (c < 0) {
                return;
            }
            state = c == (state % 2 == 0 ? '\r' : '\n') ? state + 1 : 0;
        }
    }

    /** Holds an answer back until the server is closed. */
    public void untilClosed() throws InterruptedException {
        closing.await();
    }

    public int connections() {
        return connections.get();
    }

    public String url(String path) {
        return "http://localhost:" + socket.getLocalPort() + path;
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        socket.close();
    }
}
