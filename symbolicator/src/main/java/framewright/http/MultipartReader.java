package framewright.http;

import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578, RFC 2046), one after the other as they arrive: never more
 * than a buffer of it is in memory. What a part has left unread is passed over.
 */
final class MultipartReader {
    /** More than a head; most dumps have less than this, and each upload takes one. */
    private static final int BUFFER_BYTES = 32 << 10;

    /** Of one part. Browsers send a few hundred bytes. */
    private static final int MAX_HEAD_BYTES = 16 << 10;

    /** A crash with its attachments has a few. */
    private static final int MAX_PARTS = 1000;

    private final InputStream body;
    private final byte[] delimiter;

    /** How far the search may go on when the last byte under the delimiter is this one (Horspool). */
    private final int[] skip = new int[256];

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private boolean ended;

    /** Where the current part's bytes in the buffer are known to reach. */
    private int safe;

    private boolean atDelimiter;
    private int parts;

    /**
     * @param body fails by itself where it is too long or breaks
     * @param boundary of the content type
     */
    MultipartReader(InputStream body, String boundary) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(skip, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            skip[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
        }
        // the first delimiter begins no line where nothing is before it
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    /**
     * @param name of the form's field; null where the part has none
     * @param filename null where the part has none
     * @param content to the part's end; valid until the next part is asked for
     */
    record Part(@Nullable String name, @Nullable String filename, InputStream content) {}

    /** The next part; null after the last. */
    @Nullable
    Part next() throws IOException {
        while (available() > 0) {
            position = safe;
        }
        position += delimiter.length;
        if (have(2) && buffer[position] == '-' && buffer[position + 1] == '-') {
            return null;
        }
        if (++parts > MAX_PARTS) {
            throw broken("it has more than " + MAX_PARTS + " parts");
        }
        endLine();
        String disposition = head();
        atDelimiter = false;
        safe = position;
        return new Part(
                HeaderParameter.of(disposition, "name"), HeaderParameter.of(disposition, "filename"), new Content());
    }

    /** Passes over what may stand between a delimiter and the end of its line. */
    private void endLine() throws IOException {
        while (have(1) && (buffer[position] == ' ' || buffer[position] == '\t')) {
            position++;
        }
        if (!have(2) || buffer[position] != '\r' || buffer[position + 1] != '\n') {
            throw broken("a boundary is not followed by the end of its line");
        }
        position += 2;
    }

    /** Reads the headers of a part; the value of its {@code Content-Disposition}, empty where it has none. */
    private String head() throws IOException {
        String disposition = "";
        int left = MAX_HEAD_BYTES;
        while (true) {
            String line = line(left);
            if (line.isEmpty()) {
                return disposition;
            }
            left -= line.length() + 2;
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
                disposition = line.substring(colon + 1);
            }
        }
    }

    /** A line without its end; names are UTF-8, as browsers send them. */
    private String line(int maxBytes) throws IOException {
        for (int length = 0; length < maxBytes && have(length + 2); length++) {
            if (buffer[position + length] == '\r' && buffer[position + length + 1] == '\n') {
                String line = new String(buffer, position, length, StandardCharsets.UTF_8);
                position += length + 2;
                return line;
            }
        }
        throw broken(ended ? "it breaks off" : "the headers of a part are longer than " + MAX_HEAD_BYTES + " bytes");
    }

    /** Bytes of the current part that are in the buffer; 0 at its end. */
    private int available() throws IOException {
        while (!atDelimiter && safe == position) {
            if (!have(delimiter.length)) {
                throw broken("it ends without its last boundary");
            }
            search();
        }
        return safe - position;
    }

    /** Moves {@link #safe} to the next delimiter in the buffer, or to where one might begin that is not whole yet. */
    private void search() {
        int last = delimiter.length - 1;
        int at = position;
        while (at + last < limit) {
            byte under = buffer[at + last];
            if (under == delimiter[last]
                    && Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                atDelimiter = true;
                safe = at;
                return;
            }
            at += skip[under & 0xFF];
        }
        safe = Math.min(at, limit);
    }

    /** Whether so many bytes are there, after reading what it takes. */
    private boolean have(int count) throws IOException {
        while (limit - position < count && !ended) {
            if (limit == buffer.length || position == limit) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                safe -= position;
                limit -= position;
                position = 0;
            }
            int read = body.read(buffer, limit, buffer.length - limit);
            ended = read < 0;
            limit += Math.max(0, read);
        }
        return limit - position >= count;
    }

    private static ProblemException broken(String problem) {
        return new ProblemException(Status.BAD_REQUEST_400, "the multipart body cannot be read: " + problem);
    }

    /** The boundary in a content type. */
    static String boundary(String contentType) {
        String essence = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        String boundary = essence.equals("multipart/form-data") ? HeaderParameter.of(contentType, "boundary") : null;
        if (boundary == null || boundary.isEmpty() || boundary.length() > 70) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    "expected a request with `Content-Type: multipart/form-data; boundary=...`");
        }
        return boundary;
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = Math.min(length, MultipartReader.this.available());
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(buffer, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
