package framewright.http;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Lets clients compress what they send. Answers are never compressed: most clients offer to take it without wanting
 * it, and it would cost more time than all of the rest.
 */
final class GzipBodies implements ContentEncoding {
    private static final int BUFFER_BYTES = 16 << 10;

    @Override
    public Set<String> ids() {
        return Set.of("gzip", "x-gzip");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return GzipBodies::unpack;
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String type() {
        return "gzip";
    }

    private static InputStream unpack(InputStream packed) {
        try {
            return new GZIPInputStream(packed, BUFFER_BYTES);
        } catch (IOException e) {
            throw new BrokenBodyException(String.valueOf(e.getMessage()), e);
        }
    }
}
