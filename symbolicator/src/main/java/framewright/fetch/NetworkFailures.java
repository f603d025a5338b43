package framewright.fetch;

import framewright.api.Outcome.Failure;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** What went wrong on the network, in words for whoever set the source up. */
final class NetworkFailures {
    /** Causes can go in circles. */
    private static final int MAX_DEPTH = 16;

    private static final String FAILED = "failed: ";

    private NetworkFailures() {}

    /** @param connecting how long a connection may take */
    static Failure of(IOException e, Duration connecting) {
        return switch (e) {
            case EgressGuard.RestrictedException restricted ->
                new Unreachable("destination is restricted", restricted.address());
            case Connections.SlowNamesException _ -> new TimedOut(connecting);
            case UnknownHostException _ -> new Unreachable("host not found");
            case ConnectTimeoutException _ -> new TimedOut(connecting);
            default -> new Unreachable(describe(e));
        };
    }

    private static String describe(IOException e) {
        return switch (e) {
            case ConnectException _ -> withoutAddress(reason(e)).toLowerCase(Locale.ROOT);
            case SSLException _ -> "TLS failed: " + reason(e);
            case NoHttpResponseException _ -> "the server closed the connection without an answer";
            case ConnectionClosedException _ -> "the answer ended early";
            case MalformedChunkCodingException _ -> "the answer ended early or its chunks are malformed";
            case MessageConstraintException _ -> "the head of the answer is too large";
            case EOFException _ -> "the answer ended early";
            case ZipException _ -> "the answer's content encoding is malformed";
            default -> "the connection failed: " + reason(e);
        };
    }

    /** Of {@code Connect to http://host:80 failed: Connection refused} the end: the candidate has the address. */
    private static String withoutAddress(String message) {
        int end = message.lastIndexOf(FAILED);
        return end < 0 ? message : message.substring(end + FAILED.length());
    }

    /** The innermost message: the outer ones repeat the address. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        for (int depth = 0; depth < MAX_DEPTH && innermost.getCause() != null; depth++) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }
}
