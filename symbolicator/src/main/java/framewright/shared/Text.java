package framewright.shared;

import framewright.fetch.StoreClient.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Objects of a line or two. */
final class Text {
    /** Nobody of ours writes longer ones. */
    private static final int MAX_BYTES = 64 << 10;

    private Text() {}

    static Body of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Body() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }

    static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
}
