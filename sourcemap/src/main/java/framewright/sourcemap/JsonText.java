package framewright.sourcemap;

import java.nio.charset.StandardCharsets;

/**
 * The text of JSON strings that {@link JsonScanner} has already checked. Escaped surrogates that have no partner
 * become U+FFFD, since UTF-8 has no form for them.
 */
final class JsonText {
    private static final int REPLACEMENT = 0xFFFD;

    private JsonText() {}

    static String string(byte[] document, Slice slice) {
        return string(document, slice.start(), slice.end(), slice.escaped());
    }

    static String string(byte[] document, int start, int end, boolean escaped) {
        if (!escaped) {
            return new String(document, start, end - start, StandardCharsets.UTF_8);
        }
        ByteSink text = new ByteSink(end - start);
        unescape(document, start, end, text);
        return new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
    }

    /** Adds a string's text, as UTF-8, to a sink. Bytes that are not UTF-8 in the document are passed on as they are. */
    static void unescape(byte[] document, int start, int end, ByteSink out) {
        int run = start;
        int at = StringScan.plain(document, start, end);
        while (at < end) {
            out.put(document, run, at - run);
            run = document[at + 1] == 'u' ? unicode(document, at, end, out) : simple(document, at, out);
            at = StringScan.plain(document, run, end);
        }
        out.put(document, run, end - run);
    }

    /** The value of a hexadecimal digit; -1 where the byte is none. */
    static int hexDigit(byte b) {
        return b < 0 ? -1 : Character.digit((char) b, 16);
    }

    /** Adds what the escape at a backslash stands for, or it and the next one together; gives the offset after. */
    private static int unicode(byte[] document, int at, int end, ByteSink out) {
        char unit = unit(document, at + 2);
        int after = at + 6;
        if (Character.isHighSurrogate(unit)
                && after + 6 <= end
                && document[after] == '\\'
                && document[after + 1] == 'u'
                && Character.isLowSurrogate(unit(document, after + 2))) {
            putUtf8(Character.toCodePoint(unit, unit(document, after + 2)), out);
            return after + 6;
        }
        putUtf8(Character.isSurrogate(unit) ? REPLACEMENT : unit, out);
        return after;
    }

    private static char unit(byte[] document, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = (value << 4) | hexDigit(document[at + i]);
        }
        return (char) value;
    }

    private static int simple(byte[] document, int at, ByteSink out) {
        byte escape = document[at + 1];
        out.put(
                switch (escape) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> escape;
                });
        return at + 2;
    }

    private static void putUtf8(int codePoint, ByteSink out) {
        if (codePoint < 0x80) {
            out.put(codePoint);
        } else if (codePoint < 0x800) {
            out.put(0xC0 | codePoint >> 6);
            out.put(continuation(codePoint));
        } else if (codePoint < 0x10000) {
            out.put(0xE0 | codePoint >> 12);
            out.put(continuation(codePoint >> 6));
            out.put(continuation(codePoint));
        } else {
            out.put(0xF0 | codePoint >> 18);
            out.put(continuation(codePoint >> 12));
            out.put(continuation(codePoint >> 6));
            out.put(continuation(codePoint));
        }
    }

    private static int continuation(int bits) {
        return 0x80 | (bits & 0x3F);
    }
}
