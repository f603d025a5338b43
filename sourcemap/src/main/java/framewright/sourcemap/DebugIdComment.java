package framewright.sourcemap;

import java.util.Locale;
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
        String debugId = null;
        String url = null;
        boolean followedByCode = false;
        boolean code = false;
        int end = script.length;
        while (end >= 0 && (url == null || debugId == null)) {
            int start = lineStart(script, end);
            LineComments line = LineComments.of(script, start, end);
            if (debugId == null) {
                debugId = debugId(line.value(DEBUG_ID));
            }
            if (url == null) {
                url = line.value(SOURCE_MAPPING_URL);
                followedByCode = code || line.endsWithCodeAfter(SOURCE_MAPPING_URL);
            }
            code |= line.hasCode();
            end = before(script, start);
        }
        return new Found(debugId, url, url != null && followedByCode);
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

    private static int lineStart(byte[] script, int end) {
        int start = end;
        while (start > 0 && terminator(script, start) == 0) {
            start--;
        }
        return start;
    }

    /** Where the line before the one that starts at an offset ends; -1 where there is none. */
    private static int before(byte[] script, int start) {
        return start == 0 ? -1 : start - terminator(script, start);
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
