package framewright.apple;

import framewright.api.RawFrame;
import framewright.api.RawModule;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Lines of a text report. All are read by hand and once: a pattern that fits in two ways takes its time. */
final class TextLine {
    private static final String HEX = "0x";

    private TextLine() {}

    /**
     * A frame: {@code 3   Name of Image   0x00007fff349f3ce4 symbol + 240868}, the end also {@code 0x7fff349b9000 + 240868}
     * or {@code symbol (file.m:16)}. Null for another line.
     *
     * @param named whether to keep the name that the report has for it
     */
    static @Nullable RawFrame frame(String line, boolean named) {
        int number = digits(line, 0);
        int image = blanks(line, number);
        if (number == 0 || image == number) {
            return null;
        }
        int address = hexWord(line, image);
        if (address < 0) {
            return null;
        }
        String name = line.substring(image, address).strip();
        if (name.isEmpty()) {
            return null;
        }
        int end = hexEnd(line, address);
        RawFrame frame = new RawFrame();
        frame.instructionAddr = hex(line, address, end);
        frame.packageName = name.equals("???") ? null : name;
        if (named) {
            name(frame, line.substring(end).strip());
        }
        return frame;
    }

    /** @param text {@code symbol + 12}, {@code symbol (file:3)}, {@code 0x1000 + 12} */
    private static void name(RawFrame frame, String text) {
        String symbol = text;
        int plus = text.lastIndexOf(" + ");
        int open = text.lastIndexOf(" (");
        int colon = text.lastIndexOf(':');
        if (plus >= 0 && digits(text, plus + 3) == text.length()) {
            symbol = text.substring(0, plus);
        } else if (open >= 0 && colon > open && text.endsWith(")") && digits(text, colon + 1) == text.length() - 1) {
            symbol = text.substring(0, open);
            frame.filename = text.substring(open + 2, colon);
            frame.line = line(text.substring(colon + 1, text.length() - 1));
        }
        frame.function = symbol.isEmpty() || symbol.startsWith(HEX) ? null : symbol;
    }

    private static long line(String digits) {
        return digits.length() > 9 ? -1 : Long.parseLong(digits);
    }

    /**
     * An image: {@code 0x10864e000 - 0x10ee0ffff +Name x86_64 (1.0) <uuid> /path}, where architecture, version and path
     * may be missing. Null for another line.
     */
    static @Nullable RawModule image(String line) {
        int start = blanks(line, 0);
        int startEnd = hexEnd(line, start);
        int dash = blanks(line, startEnd);
        if (startEnd <= start || dash >= line.length() || line.charAt(dash) != '-') {
            return null;
        }
        int last = blanks(line, dash + 1);
        int lastEnd = hexEnd(line, last);
        int open = line.indexOf('<', lastEnd);
        int close = line.indexOf('>', Math.max(open, 0));
        if (lastEnd <= last || open < 0 || close < open) {
            return null;
        }
        long from = hex(line, start, startEnd);
        long to = hex(line, last, lastEnd);
        Long size = Long.compareUnsigned(to, from) > 0 ? (Long) (to - from) : null;
        return Images.module(
                line.substring(open + 1, close), line.substring(close + 1).strip(), from, size);
    }

    /** The architecture in an image's line; null where it tells none. */
    static @Nullable String archOfImage(String line) {
        int open = line.indexOf('<');
        String before = open < 0 ? "" : line.substring(0, open).strip();
        if (before.endsWith(")")) {
            before = before.substring(0, Math.max(0, before.lastIndexOf('('))).strip();
        }
        String word = before.substring(before.lastIndexOf(' ') + 1);
        return Images.isArch(word) ? word : null;
    }

    /** Adds the registers of a line: {@code rip: 0x00000001090a0132    rbp: 0x...}. */
    static void registers(String line, SortedMap<String, Long> into) {
        int at = 0;
        int colon;
        while ((colon = line.indexOf(':', at)) >= 0) {
            int value = blanks(line, colon + 1);
            int end = hexEnd(line, value);
            int name = colon;
            while (name > at && isNameChar(line.charAt(name - 1))) {
                name--;
            }
            if (end > value && value > colon + 1 && name < colon) {
                into.put(line.substring(name, colon), hex(line, value, end));
            }
            at = Math.max(end, colon + 1);
        }
    }

    private static boolean isNameChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    /** Where the first {@code 0x...} begins that is a word of its own, not before {@code from}; -1: nowhere. */
    private static int hexWord(String line, int from) {
        int at = from;
        while ((at = line.indexOf(HEX, at)) >= 0) {
            int end = hexEnd(line, at);
            boolean whole = end == line.length() || Character.isWhitespace(line.charAt(end));
            if (end > at && whole && at > from && Character.isWhitespace(line.charAt(at - 1))) {
                return at;
            }
            at += HEX.length();
        }
        return -1;
    }

    /** Where a {@code 0x...} of up to 64 bits at {@code from} ends; {@code from} where there is none. */
    static int hexEnd(String line, int from) {
        if (!line.startsWith(HEX, from)) {
            return from;
        }
        int end = from + HEX.length();
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0 && line.charAt(end) < 0x80) {
            end++;
        }
        int digits = end - from - HEX.length();
        return digits == 0 || digits > 16 ? from : end;
    }

    static long hex(String line, int from, int end) {
        return Long.parseUnsignedLong(line, from + HEX.length(), end, 16);
    }

    static int digits(String line, int from) {
        int end = from;
        while (end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int blanks(String line, int from) {
        int end = from;
        while (end < line.length() && Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return end;
    }
}
