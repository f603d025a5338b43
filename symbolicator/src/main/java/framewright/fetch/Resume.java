package framewright.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * How the tries of one download go on where the one before was cut (RFC 9110, 13.1.5 and 14): asked for with {@code
 * Range}, and with {@code If-Range} so that a file that has changed meanwhile comes whole. Only bodies without encoding
 * whose version is certain; everything else begins anew.
 */
final class Resume {
    /** Within this time after a change, a file may change again and keep its {@code Last-Modified}. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private @Nullable WebUrl url;
    private String validator = "";
    private long total = -1;

    /**
     * A whole answer begins.
     *
     * @param from without its query, which may hold a signature that changes
     * @param length of the file; -1: the server does not say
     */
    void begin(WebUrl from, HttpMessage answer, long length) {
        boolean encoded = !header(answer, "Content-Encoding").isBlank();
        url = from.withoutQuery();
        validator = encoded ? "" : validator(answer);
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

    /** Whether the rest of what has come so far may be asked for at all. */
    boolean isPossible(long written) {
        return !validator.isEmpty() && written > 0;
    }

    /** Asks this place for the rest; false: for all. */
    boolean ask(WebUrl place, HttpMessage request, long written) {
        if (!isPossible(written) || !place.withoutQuery().equals(url)) {
            return false;
        }
        request.setHeader("Range", "bytes=" + written + "-");
        request.setHeader("If-Range", validator);
        request.setHeader("Accept-Encoding", "identity");
        return true;
    }

    /** Whether a 206 holds all the rest of the same file. */
    boolean isContinuedBy(HttpMessage answer, long written) {
        Matcher range = CONTENT_RANGE.matcher(header(answer, "Content-Range").strip());
        if (!range.matches() || !header(answer, "Content-Encoding").isBlank()) {
            return false;
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long all = Long.parseLong(range.group(3));
        String tag = header(answer, "ETag").strip();
        boolean same = tag.isEmpty() || !validator.startsWith("\"") || tag.equals(validator);
        return same && first == written && last == all - 1 && (total < 0 || total == all);
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
