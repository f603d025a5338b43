package framewright.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Bodies of requests: of the agreed type, no larger than allowed. */
final class RequestBody {
    private static final String JSON = "application/json";

    private RequestBody() {}

    /**
     * The JSON body of a request, unpacked. Reading fails with 413 past the limit and with 400 where the body breaks
     * off or its compression is broken.
     *
     * @param maxBytes counted as sent and again as unpacked
     */
    static InputStream json(ServerRequest request, long maxBytes) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!essence.equals(JSON)) {
            throw new ProblemException(
                    Status.UNSUPPORTED_MEDIA_TYPE_415, "expected a request with `Content-Type: application/json`");
        }
        return limited(request, maxBytes);
    }

    /** The body of a request of any type, otherwise as {@link #json}. */
    static InputStream limited(ServerRequest request, long maxBytes) {
        if (request.headers().contentLength().orElse(0) > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (!request.content().hasEntity()) {
            return InputStream.nullInputStream();
        }
        return new Limited(request.content().inputStream(), maxBytes);
    }

    private static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                Status.REQUEST_ENTITY_TOO_LARGE_413, "the body is larger than " + maxBytes + " bytes");
    }

    private static final class Limited extends FilterInputStream {
        private final long maxBytes;
        private long left;

        Limited(InputStream in, long maxBytes) {
            super(in);
            this.maxBytes = maxBytes;
            this.left = maxBytes;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                int count = in.read(into, offset, length);
                left -= Math.max(count, 0);
                if (left < 0) {
                    throw tooLarge(maxBytes);
                }
                return count;
            } catch (InsufficientDataAvailableException e) {
                throw new BrokenBodyException("it breaks off", e);
            } catch (IOException | NumberFormatException e) {
                throw new BrokenBodyException(String.valueOf(e.getMessage()), e);
            }
        }

        /** The server passes over the rest, after the answer. */
        @Override
        public void close() {}
    }
}
