package framewright.apple;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a text, without the white space at their ends. What is no UTF-8 is replaced. */
final class Lines {
    /** Of one line; what is beyond is passed over. Real lines have some hundred characters. */
    private static final int MAX_CHARS = 16 << 10;

    private final Reader reader;

    Lines(InputStream in) {
        this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Null after the last. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (line.length() < MAX_CHARS) {
                line.append((char) c);
            }
            c = reader.read();
        }
        return line.toString().stripTrailing();
    }
}
