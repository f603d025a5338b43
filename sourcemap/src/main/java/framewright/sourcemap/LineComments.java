package framewright.sourcemap;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a script as ECMA-426 scans it without parsing: its comments, and whether code stands after them. */
final class LineComments {
    private final byte[] script;
    /** By key, {@code debugId=} and the like; the last of each. */
    private final Map<String, Comment> comments = new HashMap<>();

    private int lastCode = -1;

    private record Comment(String value, int at) {}

    private LineComments(byte[] script) {
        this.script = script;
    }

    static LineComments of(byte[] script, int start, int end) {
        LineComments line = new LineComments(script);
        line.scan(start, end);
        return line;
    }

    /** What follows a key such as {@code sourceMappingURL=} in the last comment that starts with it. */
    @Nullable
    String value(String key) {
        Comment comment = comments.get(key);
        return comment == null ? null : comment.value;
    }

    boolean endsWithCodeAfter(String key) {
        Comment comment = comments.get(key);
        return comment != null && lastCode > comment.at;
    }

    boolean hasCode() {
        return lastCode >= 0;
    }

    private void scan(int start, int end) {
        int at = start;
        while (at < end) {
            if (script[at] > ' ' && script[at] != '/') {
                // most bytes by far
                lastCode = at++;
                continue;
            }
            int space = spaceLength(at, end);
            if (space > 0) {
                at += space;
            } else if (startsWith(at, end, "//")) {
                comment(at + 2, end);
                return;
            } else if (startsWith(at, end, "/*")) {
                int close = closeOfComment(at + 2, end);
                if (close < 0) {
                    return;
                }
                comment(at + 2, close);
                at = close + 2;
            } else {
                lastCode = at++;
            }
        }
    }

    /** Matches {@code ^[@#]\s*key(\S*?)\s*$}, for any key that ends in an equals sign. */
    private void comment(int from, int end) {
        if (from >= end || (script[from] != '#' && script[from] != '@')) {
            return;
        }
        int start = from + 1;
        while (start < end && spaceLength(start, end) > 0) {
            start += spaceLength(start, end);
        }
        int equals = start;
        while (equals < end && Character.isLetter((char) (script[equals] & 0x7F))) {
            equals++;
        }
        if (equals == end || script[equals] != '=') {
            return;
        }
        int last = equals + 1;
        while (last < end && spaceLength(last, end) == 0) {
            last++;
        }
        int rest = last;
        while (rest < end && spaceLength(rest, end) > 0) {
            rest += spaceLength(rest, end);
        }
        if (rest == end) {
            String key = new String(script, start, equals + 1 - start, StandardCharsets.UTF_8);
            String value = new String(script, equals + 1, last - equals - 1, StandardCharsets.UTF_8);
            comments.put(key, new Comment(value, from));
        }
    }

    private int closeOfComment(int from, int end) {
        for (int at = from; at + 1 < end; at++) {
            if (script[at] == '*' && script[at + 1] == '/') {
                return at;
            }
        }
        return -1;
    }

    private boolean startsWith(int at, int end, String two) {
        return at + 1 < end && script[at] == two.charAt(0) && script[at + 1] == two.charAt(1);
    }

    /** The bytes of the white space at an offset, of all kinds that ECMAScript knows; 0 where there is none. */
    private int spaceLength(int at, int end) {
        byte b = script[at];
        if (b == ' ' || b == '\t' || b == 0x0B || b == '\f') {
            return 1;
        }
        if (b >= 0) {
            return 0;
        }
        if (b == (byte) 0xC2) {
            return at + 1 < end && script[at + 1] == (byte) 0xA0 ? 2 : 0;
        }
        return at + 2 < end && isWideSpace(b & 0xFF, script[at + 1] & 0xFF, script[at + 2] & 0xFF) ? 3 : 0;
    }

    /** U+1680, U+2000 to U+200A, U+202F, U+205F, U+3000 and U+FEFF. */
    private static boolean isWideSpace(int first, int second, int third) {
        return switch (first << 8 | second) {
            case 0xE19A -> third == 0x80;
            case 0xE280 -> (third >= 0x80 && third <= 0x8A) || third == 0xAF;
            case 0xE281 -> third == 0x9F;
            case 0xE380 -> third == 0x80;
            case 0xEFBB -> third == 0xBF;
            default -> false;
        };
    }
}
