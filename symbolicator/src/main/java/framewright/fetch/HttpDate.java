package framewright.fetch;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Dates in headers, in the form that all servers send (RFC 9110, 5.6.7: IMF-fixdate). */
final class HttpDate {
    private HttpDate() {}

    /** Null where the text is no such date. */
    static @Nullable Instant parse(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip()));
        } catch (DateTimeException e) {
            return null;
        }
    }
}
