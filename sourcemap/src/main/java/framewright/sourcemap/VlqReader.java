package framewright.sourcemap;

import java.util.Arrays;

/**
 * Reads base64 VLQs and the separators between them from a string of a map. A digit is six bits, of which the top one
 * says that more follow; low digits come first, and the lowest bit of a signed number is its sign.
 */
final class VlqReader {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] DIGITS = digits();
    private static final int CONTINUATION = 0x20;

    /** Bits of numbers that are read at once; no sum of digits has the sign bit. */
    private static final int MAX_AT_ONCE = 30;

    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;

    private final byte[] bytes;
    private final int end;
    private final String field;
    private final Slice slice;
    private int at;

    /** Reads the text of a slice of a document; {@code field} names it in violations. */
    VlqReader(byte[] document, Slice slice, String field) {
        this.slice = slice;
        this.field = field;
        if (slice.escaped()) {
            // PHP writes / as \/, and / is a digit.
            ByteSink text = new ByteSink(slice.end() - slice.start());
            JsonText.unescape(document, slice.start(), slice.end(), text);
            bytes = text.array();
            at = 0;
            end = text.size();
        } else {
            bytes = document;
            at = slice.start();
            end = slice.end();
        }
    }

    boolean atEnd() {
        return at == end;
    }

    /** Whether another number follows, rather than a separator or the end. */
    boolean atNumber() {
        return at < end && bytes[at] != ',' && bytes[at] != ';';
    }

    boolean at(char separator) {
        return at < end && bytes[at] == separator;
    }

    void skip() {
        at++;
    }

    /** How many segments follow, however ill-formed; does not move. */
    int segments() {
        int count = 0;
        boolean separated = true;
        for (int i = at; i < end; i++) {
            boolean separator = bytes[i] == ',' || bytes[i] == ';';
            if (separated && !separator) {
                count++;
            }
            separated = separator;
        }
        return count;
    }

    /**
     * Reads signed numbers up to the next separator, or until there is no room for more. Most numbers have few digits
     * and are read at once; what is long or wrong is left to {@link #signed}.
     *
     * @return how many there were
     */
    int numbers(int[] into) {
        int count = 0;
        int i = at;
        while (count < into.length && i < end && bytes[i] != ',' && bytes[i] != ';') {
            int start = i;
            int digit = DIGITS[bytes[i++] & 0xFF];
            int value = digit & 0x1F;
            for (int shift = 5; digit >= CONTINUATION && shift < MAX_AT_ONCE && i < end; shift += 5) {
                digit = DIGITS[bytes[i++] & 0xFF];
                value |= (digit & 0x1F) << shift;
            }
            if (digit >>> 5 != 0 || value == 1) {
                at = start;
                into[count++] = signed();
                i = at;
            } else {
                into[count++] = (value >>> 1) * (1 - 2 * (value & 1));
            }
        }
        at = i;
        return count;
    }

    /** A signed number, from -2^31 to 2^31 - 1. */
    int signed() {
        long unsigned = unsigned();
        int value = (int) (unsigned >>> 1);
        if ((unsigned & 1) == 0) {
            return value;
        }
        // ECMA-426, VLQSignedValue: minus zero stands for -2^31.
        return value == 0 ? Integer.MIN_VALUE : -value;
    }

    /** A number of up to 32 bits. Any count of leading zero digits is allowed. */
    long unsigned() {
        long value = 0;
        int shift = 0;
        while (true) {
            if (at == end) {
                throw malformed(Violation.Kind.VLQ_UNFINISHED);
            }
            int digit = DIGITS[bytes[at] & 0xFF];
            if (digit < 0) {
                boolean separator = bytes[at] == ',' || bytes[at] == ';';
                throw malformed(separator && shift > 0 ? Violation.Kind.VLQ_UNFINISHED : Violation.Kind.VLQ_DIGIT);
            }
            at++;
            long bits = digit & 0x1F;
            if (shift <= 30) {
                value |= bits << shift;
                shift += 5;
            } else if (bits != 0) {
                throw malformed(Violation.Kind.VLQ_TOO_LARGE);
            }
            if ((digit & CONTINUATION) == 0) {
                if (value > MAX_UNSIGNED) {
                    throw malformed(Violation.Kind.VLQ_TOO_LARGE);
                }
                return value;
            }
        }
    }

    /** A number that has to be a line, a column or an index. */
    int unsignedInt() {
        long value = unsigned();
        if (value > Integer.MAX_VALUE) {
            throw malformed(Violation.Kind.VLQ_TOO_LARGE);
        }
        return (int) value;
    }

    Violation violation(Violation.Kind kind) {
        return new Violation(kind, field, slice.escaped() ? slice.start() : at);
    }

    MalformedSourceMapException malformed(Violation.Kind kind) {
        return new MalformedSourceMapException(violation(kind));
    }

    /** The value of each byte as a digit; -1 for those that are none. */
    private static byte[] digits() {
        byte[] digits = new byte[256];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            digits[ALPHABET.charAt(i)] = (byte) i;
        }
        return digits;
    }
}
