package framewright.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file, or as much of it as is asked for: {@code HEAD}, {@code Range} and conditions (RFC 9110, sections 13 and
 * 14). Several ranges at once are answered with the whole, as a server may.
 *
 * @param type what it is
 * @param bytes its length
 * @param tag names its content; null: nobody knows a name
 * @param modified when it came; null: nobody knows
 * @param content how to read it
 */
record FileReply(
        Header type,
        long bytes,
        @Nullable String tag,
        @Nullable Instant modified,
        Content content) {
    static final Header BINARY = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/octet-stream");
    static final Header TEXT = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");

    private static final Header RANGES = HeaderValues.createCached(HeaderNames.ACCEPT_RANGES, "bytes");
    private static final int BUFFER = 64 << 10;

    /** Reads a part of a file. */
    @FunctionalInterface
    interface Content {
        /** So many bytes from {@code offset} on, at least. */
        InputStream open(long offset, long length) throws IOException;
    }

    /** Bytes of the file that are sent. */
    private record Part(long from, long length) {}

    /** A file of this machine, of which nothing else is known. */
    static FileReply of(Header type, Path file) throws IOException {
        return part(type, file, 0, Files.size(file));
    }

    /** As much of a file of this machine. */
    static FileReply part(Header type, Path file, long from, long length) {
        return new FileReply(type, length, null, null, (offset, _) -> {
            FileChannel channel = FileChannel.open(file);
            channel.position(from + offset);
            return Channels.newInputStream(channel);
        });
    }

    void send(ServerRequest request, ServerResponse response) throws IOException {
        response.header(RANGES);
        if (tag != null) {
            response.header(HeaderNames.ETAG, quoted());
        }
        if (modified != null) {
            response.header(HeaderNames.LAST_MODIFIED, date(modified));
        }
        if (isKnown(request)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        String range = request.headers().first(HeaderNames.RANGE).orElse("");
        Part asked = isStillWanted(request) ? part(range) : null;
        if (asked != null && asked.length == 0) {
            response.status(Status.REQUESTED_RANGE_NOT_SATISFIABLE_416);
            response.header(HeaderNames.CONTENT_RANGE, "bytes */" + bytes).send();
            return;
        }
        Part part = asked == null ? new Part(0, bytes) : asked;
        boolean head = request.prologue().method().equals(Method.HEAD);
        try (InputStream in = head ? null : content.open(part.from, part.length)) {
            response.header(type);
            response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, part.length));
            if (asked != null) {
                response.status(Status.PARTIAL_CONTENT_206);
                String last = Long.toString(part.from + part.length - 1);
                response.header(HeaderNames.CONTENT_RANGE, "bytes " + part.from + "-" + last + "/" + bytes);
            }
            if (in == null) {
                response.send();
            } else {
                copy(in, part.length, response);
            }
        }
    }

    private static void copy(InputStream in, long length, ServerResponse response) throws IOException {
        byte[] buffer = new byte[Math.clamp(length, 1, BUFFER)];
        try (OutputStream out = response.outputStream()) {
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("the file is shorter than it was");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    // ---- conditions

    private String quoted() {
        return "\"" + tag + "\"";
    }

    /** Whether the client has it. What names the content outweighs the time. */
    private boolean isKnown(ServerRequest request) {
        String tags = request.headers().first(HeaderNames.IF_NONE_MATCH).orElse(null);
        if (tags != null) {
            return tag != null && (tags.strip().equals("*") || tags.contains(quoted()));
        }
        Instant since =
                time(request.headers().first(HeaderNames.IF_MODIFIED_SINCE).orElse(""));
        return since != null
                && modified != null
                && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    /** Whether the part is one of what the client has the rest of. */
    private boolean isStillWanted(ServerRequest request) {
        String condition = request.headers().first(HeaderNames.IF_RANGE).orElse(null);
        return condition == null
                || (tag != null && condition.equals(quoted()))
                || (modified != null && condition.equals(date(modified)));
    }

    private static String date(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atZone(ZoneOffset.UTC));
    }

    private static @Nullable Instant time(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The one part that is asked for, empty where the file does not reach so far; null: none is, or not as one. */
    private @Nullable Part part(String range) {
        String spec = range.startsWith("bytes=") ? range.substring(6).strip() : "";
        int dash = spec.indexOf('-');
        if (dash < 0
                || spec.length() == 1
                || !isNumber(spec.substring(0, dash))
                || !isNumber(spec.substring(dash + 1))) {
            return null;
        }
        long first = number(spec.substring(0, dash));
        long last = number(spec.substring(dash + 1));
        if (first < 0) {
            return new Part(Math.max(0, bytes - last), Math.min(last, bytes));
        }
        if (last >= 0 && last < first) {
            return null;
        }
        long end = last < 0 ? bytes : Math.min(last, bytes - 1) + 1;
        return new Part(first, Math.max(0, end - first));
    }

    /** Also of nothing. */
    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** -1: of nothing. What is too large for a file is as large as can be. */
    private static long number(String digits) {
        if (digits.isEmpty()) {
            return -1;
        }
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
