package framewright.sourcemap;

import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;

/**
 * Finds its way through JSON (RFC 8259) in a byte array, by offsets: every method takes the offset of something and
 * gives the offset after it. Nothing is copied, which is why this is not a library's parser: the mappings and the
 * sources of a map are most of its bytes, and both are decoded straight from where they stand.
 *
 * <p>Three liberties. A comma may stand before a closing bracket; the debug-id proposal's own tests write so. Bytes
 * inside strings need not be UTF-8; they become U+FFFD when the string is read, as a browser's decoder would have it.
 * Nesting is capped, see {@link Limits#MAX_JSON_DEPTH}.
 */
final class JsonScanner {
    private final byte[] bytes;
    private final int end;

    /** Whether the string that {@link #afterString} passed last holds escapes. */
    private boolean sawEscape;

    /** Long strings that were passed, so that they are not gone through again. */
    private final PassedStrings passed = new PassedStrings();

    JsonScanner(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /** Receives the members of an object. */
    interface Member {
        /** Takes a member's key and the offset of its value; gives the offset after the value. */
        int accept(String key, int valueAt);
    }

    /** The byte at an offset; the document may not end there. */
    byte byteAt(int at) {
        if (at >= end) {
            throw malformed(end);
        }
        return bytes[at];
    }

    int afterSpace(int from) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Passes one value of any kind, checking all of it. Iterative, so that depth costs no stack. */
    int afterValue(int from) {
        long[] objects = new long[Limits.MAX_JSON_DEPTH / Long.SIZE];
        int depth = 0;
        int at = from;
        while (true) {
            byte first = byteAt(at);
            if (first == '{' || first == '[') {
                if (depth == Limits.MAX_JSON_DEPTH) {
                    throw new MalformedSourceMapException(Violation.Kind.TOO_DEEP, "", at);
                }
                boolean object = first == '{';
                set(objects, depth++, object);
                at = afterSpace(at + 1);
                if (byteAt(at) != closer(object)) {
                    at = object ? afterKey(at) : at;
                    continue;
                }
            } else {
                at = afterScalar(at);
            }
            while (true) {
                if (depth == 0) {
                    return at;
                }
                boolean object = get(objects, depth - 1);
                at = afterSpace(at);
                if (byteAt(at) == closer(object)) {
                    at++;
                    depth--;
                } else {
                    at = afterComma(at);
                    if (byteAt(at) != closer(object)) {
                        at = object ? afterKey(at) : at;
                        break;
                    }
                }
            }
        }
    }

    /** Visits the members of the object at an offset, in order. */
    int object(int from, Member member) {
        int at = afterSpace(from + 1);
        while (byteAt(at) != '}') {
            int valueAt = afterKey(at);
            at = afterSpace(member.accept(string(at), valueAt));
            if (byteAt(at) != '}') {
                at = afterComma(at);
            }
        }
        return at + 1;
    }

    /** Visits the elements of the array at an offset; the visitor takes an element's offset and gives that after it. */
    int array(int from, IntUnaryOperator element) {
        int at = afterSpace(from + 1);
        while (byteAt(at) != ']') {
            at = afterSpace(element.applyAsInt(at));
            if (byteAt(at) != ']') {
                at = afterComma(at);
            }
        }
        return at + 1;
    }

    /** Passes the string whose opening quote is at an offset. */
    int afterString(int from) {
        int known = passed.find(from);
        if (known >= 0) {
            sawEscape = passed.isEscaped(known);
            return passed.after(known);
        }
        int after = scan(from);
        passed.add(from, after, sawEscape);
        return after;
    }

    private int scan(int from) {
        sawEscape = false;
        int at = StringScan.plain(bytes, from + 1, end);
        while (at < end && bytes[at] != '"') {
            if (bytes[at] != '\\') {
                throw malformed(at);
            }
            sawEscape = true;
            at = StringScan.plain(bytes, lastOfEscape(at) + 1, end);
        }
        if (at >= end) {
            throw malformed(end);
        }
        return at + 1;
    }

    /** The string at an offset, in place. */
    Slice slice(int at) {
        int after = afterString(at);
        return new Slice(at + 1, after - 1, sawEscape);
    }

    /** The text of the string at an offset. */
    String string(int at) {
        return JsonText.string(bytes, slice(at));
    }

    /** The number at an offset; NaN where it is written in more digits than any position or index needs. */
    double number(int at) {
        int after = afterNumber(at);
        return after - at > 32
                ? Double.NaN
                : Double.parseDouble(new String(bytes, at, after - at, StandardCharsets.US_ASCII));
    }

    private int afterScalar(int at) {
        return switch (bytes[at]) {
            case '"' -> afterString(at);
            case 't' -> afterLiteral(at, "true");
            case 'f' -> afterLiteral(at, "false");
            case 'n' -> afterLiteral(at, "null");
            default -> afterNumber(at);
        };
    }

    private int afterLiteral(int at, String literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (byteAt(at + i) != literal.charAt(i)) {
                throw malformed(at + i);
            }
        }
        return at + literal.length();
    }

    private int afterNumber(int from) {
        int at = byteAt(from) == '-' ? from + 1 : from;
        at = byteAt(at) == '0' ? at + 1 : afterDigits(at);
        if (at < end && bytes[at] == '.') {
            at = afterDigits(at + 1);
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
            byte sign = byteAt(at + 1);
            at = afterDigits(sign == '+' || sign == '-' ? at + 2 : at + 1);
        }
        return at;
    }

    private int afterDigits(int from) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw malformed(at);
        }
        return at;
    }

    /** From a key's opening quote to its value. */
    private int afterKey(int from) {
        if (byteAt(from) != '"') {
            throw malformed(from);
        }
        int at = afterSpace(afterString(from));
        if (byteAt(at) != ':') {
            throw malformed(at);
        }
        return afterSpace(at + 1);
    }

    private int afterComma(int at) {
        if (bytes[at] != ',') {
            throw malformed(at);
        }
        return afterSpace(at + 1);
    }

    private int lastOfEscape(int backslash) {
        byte kind = byteAt(backslash + 1);
        if (kind == 'u') {
            for (int i = 2; i < 6; i++) {
                if (JsonText.hexDigit(byteAt(backslash + i)) < 0) {
                    throw malformed(backslash + i);
                }
            }
            return backslash + 5;
        }
        if ("\"\\/bfnrt".indexOf(kind) < 0) {
            throw malformed(backslash + 1);
        }
        return backslash + 1;
    }

    private static byte closer(boolean object) {
        return (byte) (object ? '}' : ']');
    }

    private static void set(long[] bits, int index, boolean value) {
        long bit = 1L << index;
        bits[index / Long.SIZE] = value ? bits[index / Long.SIZE] | bit : bits[index / Long.SIZE] & ~bit;
    }

    private static boolean get(long[] bits, int index) {
        return (bits[index / Long.SIZE] & 1L << index) != 0;
    }

    private static MalformedSourceMapException malformed(int at) {
        return new MalformedSourceMapException(Violation.Kind.JSON, "", at);
    }
}
