package framewright.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An origin with one file that knows ranges, on raw sockets, so that it can cut, hold and lie. */
final class RangeServer implements AutoCloseable {
    /**
     * How one request is answered.
     *
     * @param range as the request has it, null where it has none
     * @param ifRange as the request has it, null where it has none
     */
    record Request(
            int number, @Nullable String range, @Nullable String ifRange, Map<String, String> headers) {
        /** First and last byte that are asked for, of so many. */
        int[] span(int total) {
            if (range == null) {
                return new int[] {0, total - 1};
            }
            String[] ends = range.substring("bytes=".length()).split("-", 2);
            return new int[] {Integer.parseInt(ends[0]), ends[1].isEmpty() ? total - 1 : Integer.parseInt(ends[1])};
        }
    }

    /** Writes an answer; the connection is closed afterwards. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour;

    RangeServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Map<String, String> headers = head(connection.getInputStream());
            Request request;
            synchronized (this) {
                request = new Request(requests.size() + 1, headers.get("range"), headers.get("if-range"), headers);
                requests.add(request);
            }
            behaviour.answer(request, connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (IOException | InterruptedException e) {
            // the client has heard enough
        }
    }

    private static Map<String, String> head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("no request");
            }
            head.append((char) c);
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : head.toString().split("\r\n", -1)) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
            }
        }
        return headers;
    }

    /** The answer of a sound origin: the part that was asked for, where the version is the same, else all. */
    static void answer(Request request, OutputStream out, byte[] file, String etag) throws IOException {
        answer(request, out, file, etag, Integer.MAX_VALUE);
    }

    /** The same, cut after so many bytes of the body. */
    static void answer(Request request, OutputStream out, byte[] file, String etag, int cut) throws IOException {
        boolean part = request.range != null && etag.equals(request.ifRange);
        int[] span = part ? request.span(file.length) : new int[] {0, file.length - 1};
        if (span[0] >= file.length) {
            head(out, "416 Range Not Satisfiable", 0, "Content-Range: bytes */" + file.length);
            return;
        }
        int length = span[1] - span[0] + 1;
        head(
                out,
                part ? "206 Partial Content" : "200 OK",
                length,
                "ETag: " + etag,
                "Accept-Ranges: bytes",
                part ? "Content-Range: bytes " + span[0] + "-" + span[1] + "/" + file.length : "X-Whole: yes");
        out.write(file, span[0], Math.min(length, cut));
        out.flush();
    }

    static void head(OutputStream out, String status, int length, String... headers) throws IOException {
        String text = "HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\nConnection: close\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void behave(Behaviour other) {
        behaviour = other;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The ranges that were asked for, in order, null for a whole file. */
    List<@Nullable String> ranges() {
        List<@Nullable String> ranges = new ArrayList<>();
        requests.forEach(request -> ranges.add(request.range));
        return ranges;
    }

    String url(String path) {
        return "http://localhost:" + socket.getLocalPort() + path;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
