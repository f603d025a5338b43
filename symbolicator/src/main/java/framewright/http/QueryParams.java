package framewright.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Status;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a URL asks besides its path.
 *
 * @param timeout how long to wait for the answer; null: as long as it takes
 * @param scope whose private files may be used; null: everybody's
 * @param extended whether to tell all that a crash file says
 */
record QueryParams(@Nullable Duration timeout, @Nullable String scope, boolean extended) {
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_DIGITS = 20;

    static QueryParams of(UriQuery query) {
        String timeout = single(query, "timeout");
        return new QueryParams(
                timeout == null ? null : seconds(timeout), single(query, "scope"), flag(query, "extended", false));
    }

    /** The value of a parameter; empty where it has none, null where it is not there. */
    static @Nullable String single(UriQuery query, String name) {
        List<String> values = query.all(name, List::of);
        if (values.size() > 1) {
            throw new ProblemException(Status.BAD_REQUEST_400, "the query gives " + name + " more than once");
        }
        // A name without `=` has an empty value.
        return values.isEmpty() ? query.contains(name) ? "" : null : values.getFirst();
    }

    /** A whole number. */
    static long number(UriQuery query, String name, long fallback) {
        String text = single(query, name);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(Status.BAD_REQUEST_400, name + " in the query must be a whole number");
        }
        return Long.parseLong(text);
    }

    /** Yes or no. */
    static boolean flag(UriQuery query, String name, boolean fallback) {
        return switch (single(query, name)) {
            case null -> fallback;
            case "false" -> false;
            case "true", "" -> true;
            default -> throw new ProblemException(Status.BAD_REQUEST_400, name + " in the query must be true or false");
        };
    }

    private static Duration seconds(String text) {
        boolean number =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        BigInteger seconds = number ? new BigInteger(text) : BigInteger.ONE.negate();
        if (!number || seconds.compareTo(MAX_U64) > 0) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400, "timeout in the query must be a whole number of seconds");
        }
        return Duration.ofSeconds(
                seconds.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue());
    }
}
