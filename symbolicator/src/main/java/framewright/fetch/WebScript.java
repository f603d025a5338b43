package framewright.fetch;

import framewright.api.Outcome;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A script or source map of the web. On disk the body is followed by the address of the source map that the answer
 * named, and the length of that address in four bytes.
 *
 * @param body of the answer
 * @param sourceMap what the answer's head said; empty where it did not say
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record WebScript(byte[] body, String sourceMap) {
    /** Longer ones are maps themselves, which belong into the script. */
    private static final int MAX_HEADER = 8192;

    /** Puts what the head said behind the body. */
    static Outcome<Loaded> seal(Staging staging, Head head) throws IOException {
        byte[] header = head.sourceMap().getBytes(StandardCharsets.UTF_8);
        int length = header.length > MAX_HEADER ? 0 : header.length;
        Path file = staging.file();
        if (!staging.reserve(Files.size(file) + length + Integer.BYTES)) {
            return staging.noRoom();
        }
        ByteBuffer end = ByteBuffer.allocate(length + Integer.BYTES)
                .put(header, 0, length)
                .putInt(length);
        Files.write(file, end.array(), StandardOpenOption.APPEND);
        return Loaded.ok();
    }

    /** @throws IOException where the file cannot be read, or was changed */
    public static WebScript read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length - Integer.BYTES;
        int length = end < 0 ? -1 : ByteBuffer.wrap(bytes).getInt(end);
        if (length < 0 || length > end) {
            throw new IOException("a scraped file was changed on the disk");
        }
        String header = new String(bytes, end - length, length, StandardCharsets.UTF_8);
        return new WebScript(Arrays.copyOf(bytes, end - length), header);
    }
}
