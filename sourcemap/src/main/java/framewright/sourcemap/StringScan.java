package framewright.sourcemap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds where the plain part of a JSON string ends, eight bytes at a time: contents of sources are most of a map. */
final class StringScan {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

    private StringScan() {}

    /** The first quote, backslash or control character from an offset on; {@code end} where there is none before it. */
    static int plain(byte[] bytes, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long word = (long) WORDS.get(bytes, at);
            long found = zeros(word ^ (ONES * '"')) | zeros(word ^ (ONES * '\\')) | less(word);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] < 0 || bytes[at] >= ' ')) {
            at++;
        }
        return at;
    }

    /** The top bit of each byte that is zero, and perhaps of some above the lowest of them. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & TOPS;
    }

    /** The top bit of each byte that is less than a space, and perhaps of some above the lowest of them. */
    private static long less(long word) {
        return (word - ONES * ' ') & ~word & TOPS;
    }
}
