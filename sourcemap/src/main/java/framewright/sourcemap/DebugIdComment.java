package framewright.sourcemap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The comments by which a script names its debug id and its map.
 *
 * <p>ECMA-426 has two ways to extract a {@code sourceMappingURL}, by tokens and "without parsing"; this is the second
 * (JavaScriptExtractSourceMapURL). Every line is looked at by itself, so a comment inside a template literal counts,
 * and one that spans lines does not; the two ways differ only on scripts that the specification calls ambiguous. Both
 * {@code //} and {@code /*} comments, {@code #} and {@code @} are accepted. By the specification a comment with code
 * after it links nothing; real files are often wrapped or concatenated after their comment was written, so that it
 * is reported, but marked.
 *
 * <p>The same comments carry {@code debugId=} (debug id proposal). The proposal asks to look at the last five lines;
 * here all lines count, the last one winning.
 */
public final class DebugIdComment {
    private static final String SOURCE_MAPPING_URL = "sourceMappingURL=";
    private static final String DEBUG_ID = "debugId=";

    private DebugIdComment() {}

    /**
     * What a script says of itself.
     *
     * @param debugId its debug id, in lower case
     * @param sourceMappingUrl the URL of its map, as written
     * @param followedByCode whether code follows the comment with the URL, so that by ECMA-426 it links nothing
     */
    public record Found(@Nullable String debugId, @Nullable String sourceMappingUrl, boolean followedByCode) {}

    /** Finds the last comments of both kinds in a script. Bytes that are not UTF-8 count as code. */
    public static Found find(byte[] script) {
        Line id = last(script, DEBUG_ID, text -> debugId(text) != null);
        Line url = last(script, SOURCE_MAPPING_URL, text -> true);
        boolean followedByCode =
                url != null && (url.comments.endsWithCodeAfter(SOURCE_MAPPING_URL) || hasCode(script, url.end));
        return new Found(
                id == null ? null : debugId(id.comments.value(DEBUG_ID)),
                url == null ? null : url.comments.value(SOURCE_MAPPING_URL),
                followedByCode);
    }

    /** A line, and where it ends. */
    private record Line(LineComments comments, int end) {}

    /** The last line with a comment of a key and a value that is wanted. */
    private static @Nullable Line last(byte[] script, String key, Predicate<String> wanted) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        // Only lines in which the key stands are read: a script has megabytes of others.
        int at = before(script, bytes, script.length);
        while (at >= 0) {
            int start = lineStart(script, at);
            int end = lineEnd(script, at);
            LineComments line = LineComments.of(script, start, end);
            String value = line.value(key);
            if (value != null && wanted.test(value)) {
                return new Line(line, end);
            }
            at = before(script, bytes, start);
        }
        return null;
    }

    /** Where the last text before an offset starts; -1 where there is none. */
    private static int before(byte[] script, byte[] text, int end) {
        byte last = text[text.length - 1];
        for (int at = end; at >= text.length; at--) {
            if (script[at - 1] == last && Arrays.equals(script, at - text.length, at, text, 0, text.length)) {
                return at - text.length;
            }
        }
        return -1;
    }

    /** Whether there is code in the lines from the end of one on. */
    private static boolean hasCode(byte[] script, int from) {
        int end = from;
        while (end < script.length) {
            int start = end + terminatorAt(script, end);
            end = lineEnd(script, start);
            if (LineComments.of(script, start, end).hasCode()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text is a debug id: a UUID of 32 hexadecimal digits in five groups. */
    static boolean isDebugId(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            if (dash ? c != '-' : c >= 0x80 || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String debugId(@Nullable String text) {
        return text != null && isDebugId(text) ? text.toLowerCase(Locale.ROOT) : null;
    }

    private static int lineStart(byte[] script, int from) {
        int start = from;
        while (start > 0 && terminator(script, start) == 0) {
            start--;
        }
        return start;
    }

    private static int lineEnd(byte[] script, int from) {
        int end = from;
        while (end < script.length && terminatorAt(script, end) == 0) {
            end++;
        }
        return end;
    }

    /** The bytes of the line terminator that starts at an offset. */
    private static int terminatorAt(byte[] script, int at) {
        byte first = script[at];
        if (first == '\n' || first == '\r') {
            return 1;
        }
        return first == (byte) 0xE2 && at + 2 < script.length && terminator(script, at + 3) == 3 ? 3 : 0;
    }

    /** The bytes of the line terminator that ends at an offset: LF, CR, LS or PS; CRLF is an empty line more. */
    private static int terminator(byte[] script, int end) {
        byte last = script[end - 1];
        if (last == '\n' || last == '\r') {
            return 1;
        }
        boolean separator = (last == (byte) 0xA8 || last == (byte) 0xA9)
                && end >= 3
                && script[end - 3] == (byte) 0xE2
                && script[end - 2] == (byte) 0x80;
        return separator ? 3 : 0;
    }
}
