package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Unsigned 64-bit numbers as clients write them. In: {@code "0x.."} or {@code "0X.."} hexadecimal, or decimal text.
 * Out: always {@code "0x<lower-case hex>"} without leading zeros.
 */
public final class HexValue {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();
    private static final int MAX_CHARS = 18;
    private static final long MAX_TENTH = Long.divideUnsigned(-1L, 10);

    private HexValue() {}

    /** @throws NumberFormatException where the text is none of the forms or exceeds 64 bits */
    public static long parse(String text) {
        char[] chars = text.toCharArray();
        return parse(chars, 0, chars.length);
    }

    static long parse(char[] text, int start, int length) {
        if (length > 2 && text[start] == '0' && (text[start + 1] == 'x' || text[start + 1] == 'X')) {
            return hexadecimal(text, start + 2, start + length);
        }
        return decimal(text, start, start + length);
    }

    private static long hexadecimal(char[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = hexDigit(text[i]);
            if (digit < 0 || value >>> 60 != 0) {
                throw new NumberFormatException("no 64-bit hexadecimal number");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' && c < 0x80 ? lower - 'a' + 10 : -1;
    }

    private static long decimal(char[] text, int from, int to) {
        if (from == to) {
            throw new NumberFormatException("empty");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9 || Long.compareUnsigned(value, MAX_TENTH) > 0) {
                throw new NumberFormatException("no 64-bit decimal number");
            }
            long next = value * 10 + digit;
            if (Long.compareUnsigned(next, digit) < 0) {
                throw new NumberFormatException("more than 64 bits");
            }
            value = next;
        }
        return value;
    }

    public static String text(long value) {
        char[] out = new char[MAX_CHARS];
        int start = write(value, out);
        return new String(out, start, MAX_CHARS - start);
    }

    static void write(JsonGenerator out, long value) throws IOException {
        char[] text = new char[MAX_CHARS];
        int start = write(value, text);
        out.writeString(text, start, MAX_CHARS - start);
    }

    /** Fills {@code out} from its end; returns where the text starts. */
    private static int write(long value, char[] out) {
        int at = MAX_CHARS;
        long rest = value;
        do {
            out[--at] = DIGITS[(int) (rest & 0xF)];
            rest >>>= 4;
        } while (rest != 0);
        out[--at] = 'x';
        out[--at] = '0';
        return at;
    }
}
