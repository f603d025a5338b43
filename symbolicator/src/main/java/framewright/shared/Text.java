package framewright.shared;

import framewright.fetch.StoreClient.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Objects of a line or two. */
final class Text {
    /** Nobody of ours writes longer ones. */
    private static final int MAX_BYTES = 64 << 10;

    private Text() {}

    static Body of(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
}
