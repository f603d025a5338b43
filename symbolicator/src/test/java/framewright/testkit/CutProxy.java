package framewright.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Hands connections on to a server, until so many bytes were sent to it; from then on it cuts all that there are and come. */
public final class CutProxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI server;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public CutProxy(String server) throws IOException {
        this.server = URI.create(server);
        Thread.startVirtualThread(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Lets so many more bytes through. */
    public void cutAfter(long bytes) {
        left.set(bytes);
    }

    public void mend() {
        left.set(Long.MAX_VALUE);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                if (left.get() <= 0) {
                    client.close();
                    continue;
                }
                Socket onward = new Socket(server.getHost(), server.getPort());
                open.add(client);
                open.add(onward);
                Thread.startVirtualThread(() -> copy(client, onward, true));
                Thread.startVirtualThread(() -> copy(onward, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copy(Socket from, Socket to, boolean counted) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (counted && left.addAndGet(-count) <= 0) {
                    cut();
                    return;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one of the two has gone
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void cut() throws IOException {
        for (Socket each : open) {
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        cut();
    }
}
