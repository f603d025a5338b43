package framewright.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * Closes the connection where the client asked for it or the answer announces it. Helidon 4.5 leaves that to the
 * client, and a client that reads to the end of the stream then waits for the idle timeout of five minutes.
 */
final class ConnectionClose implements Filter {
    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        chain.proceed();
        boolean http1 = request.prologue().protocolVersion().startsWith("1");
        if (http1
                && (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                        || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE))) {
            passOverBody(request);
            throw new CloseConnectionException("as asked");
        }
    }

    /** Closing with bytes unread resets the connection, and the answer may be lost with it. */
    private static void passOverBody(RoutingRequest request) {
        boolean waitsForUs = request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
        if (!waitsForUs && !request.content().consumed()) {
            try {
                request.content().consume();
            } catch (RuntimeException _) {
                // broken or too long: then it is cut
            }
        }
    }
}
