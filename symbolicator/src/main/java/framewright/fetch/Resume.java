package framewright.fetch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * How the tries of one download, and those of later ones, go on where the one before was cut (RFC 9110, 13.1.5 and 14): asked for with {@code
 * Range}, and with {@code If-Range} so that a file that has changed meanwhile comes whole. Only bodies without encoding
 * whose version is certain; everything else begins anew.
 */
final class Resume {
    /** Within this time after a change, a file may change again and keep its {@code Last-Modified}. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    /** {@link #note}: place, total, validator. */
    private static final Pattern NOTE = Pattern.compile("([0-9a-f]{64}) (-1|[0-9]{1,18}) ([ -~]+)");

    /** A longer one is not worth keeping. */
    private static final int MAX_VALIDATOR = 512;

    /** SHA-256 of the address: an address may hold a password. */
    private String place = "";

    private String validator = "";
    private long total = -1;

    /** What a later download needs to go on; only where that {@link #isPossible}. */
    String note() {
        return place + " " + total + " " + validator;
    }

    /** Goes on where an earlier download was when it took the note; false: it is none. */
    boolean restore(String note) {
        Matcher parts = NOTE.matcher(note);
        if (!parts.matches()) {
            return false;
        }
        place = parts.group(1);
        total = Long.parseLong(parts.group(2));
        validator = parts.group(3);
        return true;
    }

    /** Without its query, which may hold a signature that changes. */
    private static String place(WebUrl url) {
        try {
            byte[] text = url.withoutQuery().toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * A whole answer begins.
     *
     * @param length of the file; -1: the server does not say
     */
    void begin(WebUrl from, HttpMessage answer, long length) {
        boolean encoded = !header(answer, "Content-Encoding").isBlank();
        place = place(from);
        String certain = encoded ? "" : validator(answer);
        boolean sound = certain.length() <= MAX_VALIDATOR && certain.chars().allMatch(c -> c >= ' ' && c <= '~');
        validator = sound ? certain : "";
        total = length;
    }

    private static String validator(HttpMessage answer) {
        String tag = header(answer, "ETag").strip();
        if (!tag.isEmpty()) {
            boolean strong = tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"");
            return strong ? tag : "";
        }
        Instant modified = HttpDate.parse(header(answer, "Last-Modified"));
        Instant date = HttpDate.parse(header(answer, "Date"));
        boolean settled = modified != null && date != null && !date.isBefore(modified.plus(SETTLED));
        return settled ? header(answer, "Last-Modified").strip() : "";
    }

    /** Whether it is certain which version of the file it is that comes. */
    boolean isCertain() {
        return !validator.isEmpty();
    }

    /** Whether the rest of what has come so far may be asked for at all. */
    boolean isPossible(long written) {
        return isCertain() && written > 0;
    }

    /** Asks this place for the rest; false: for all. */
    boolean ask(WebUrl url, HttpMessage request, long written) {
        if (!isPossible(written) || !place(url).equals(place)) {
            return false;
        }
        askFor(request, written + "-");
        return true;
    }

    /**
     * Asks for a part of the same version of the file.
     *
     * @param range {@code 100-} or {@code 100-199}
     */
    void askFor(HttpMessage request, String range) {
        request.setHeader("Range", "bytes=" + range);
        request.setHeader("If-Range", validator);
        request.setHeader("Accept-Encoding", "identity");
    }

    /** The file's length where a 206 holds all the rest of it, else -1. */
    long continuedBy(HttpMessage answer, long written) {
        Range range = range(answer);
        if (range == null || range.first != written || range.last != range.total - 1) {
            return -1;
        }
        total = range.total;
        return total;
    }

    /** Whether a 206 holds this part of the same file. */
    boolean isPart(HttpMessage answer, long first, long last) {
        Range range = range(answer);
        return range != null && range.first == first && range.last == last;
    }

    private record Range(long first, long last, long total) {}

    /** Null where it is none of the same version of the file. */
    private @Nullable Range range(HttpMessage answer) {
        Matcher range = CONTENT_RANGE.matcher(header(answer, "Content-Range").strip());
        if (!range.matches() || !header(answer, "Content-Encoding").isBlank()) {
            return null;
        }
        long all = Long.parseLong(range.group(3));
        String said = header(answer, validator.startsWith("\"") ? "ETag" : "Last-Modified")
                .strip();
        boolean same = said.isEmpty() || said.equals(validator);
        return same && (total < 0 || total == all)
                ? new Range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)), all)
                : null;
    }

    /** The next try begins anew. */
    void forget() {
        validator = "";
    }

    private static String header(HttpMessage message, String name) {
        Header header = message.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }
}
