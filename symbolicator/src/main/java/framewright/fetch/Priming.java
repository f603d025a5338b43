package framewright.fetch;

import framewright.api.Outcome;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * One exchange with a socket of our own at start. Loading and linking the HTTP client takes from 200 ms to a second,
 * which the first download would have to pay out of its deadline.
 */
final class Priming {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final byte[] ANSWER =
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Priming() {}

    static void run(Fetcher fetcher) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> answer(socket));
            String host = socket.getInetAddress().getHostAddress();
            WebUrl url = WebUrl.parse(
                    "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getLocalPort());
            if (url != null) {
                Outcome<WebRequest> request = Outcome.found(WebRequest.get(url, Map.of()));
                Web file = new Web("", "", "", () -> request, Trust.TRUSTED, false, false);
                var _ = fetcher.answer(file, 1, LIMIT);
            }
        } catch (IOException e) {
            // then the first download is the one that takes longer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(ServerSocket socket) {
        try (Socket connection = socket.accept()) {
            // the head of the request; its content does not matter
            connection.getInputStream().read(new byte[8192]);
            connection.getOutputStream().write(ANSWER);
        } catch (IOException e) {
            // closed
        }
    }
}
