package framewright.nativecode;

import framewright.api.JsonText;
import framewright.api.SourceLines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source file, split into lines. Lines are made ready to be sent when they are first asked for; two threads may do
 * that twice, to the same effect.
 */
public final class SourceText {
    private static final int CONTEXT_LINES = 5;
    private static final int MAX_LINE_BYTES = 150;
    private static final int SHORTENED_BYTES = 140;
    private static final String SNIP = " {snip}";

    /** What is larger or longer is generated, and nobody reads its lines. */
    static final int MAX_CHARS = 16 << 20;

    private static final int MAX_LINES = 1 << 20;
    /** Of a line that is ready to be sent, besides its text. */
    private static final int LINE_BYTES = 160;

    private final String text;
    /** Where each line starts, and where one after the last would. */
    private final int[] starts;

    private final @Nullable JsonText[] lines;

    private SourceText(String text, int[] starts) {
        this.text = text;
        this.starts = starts;
        this.lines = new JsonText[starts.length - 1];
    }

    /** Null where the text is too large to be a source file. */
    static @Nullable SourceText of(String text) {
        if (text.length() > MAX_CHARS) {
            return null;
        }
        int[] starts = new int[64];
        int count = 0;
        int start = 0;
        while (start < text.length()) {
            if (count == MAX_LINES) {
                return null;
            }
            if (count + 1 == starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
            }
            starts[count++] = start;
            int end = text.indexOf('\n', start);
            start = end < 0 ? text.length() : end + 1;
        }
        starts[count] = text.length();
        return new SourceText(text, Arrays.copyOf(starts, count + 1));
    }

    /** Roughly the memory that it can come to hold. */
    long bytes() {
        return 4L * text.length() + (long) LINE_BYTES * lines.length;
    }

    /**
     * A line with those around it.
     *
     * @param number one-based
     * @return null where there is no such line
     */
    public @Nullable SourceLines around(long number, @Nullable String link) {
        if (number < 1 || number > lines.length) {
            return null;
        }
        int line = (int) number - 1;
        return new SourceLines(
                range(Math.max(0, line - CONTEXT_LINES), line),
                line(line),
                range(line + 1, Math.min(lines.length, line + 1 + CONTEXT_LINES)),
                link);
    }

    private List<JsonText> range(int from, int to) {
        JsonText[] range = new JsonText[to - from];
        Arrays.setAll(range, i -> line(from + i));
        return List.of(range);
    }

    private JsonText line(int number) {
        JsonText ready = lines[number];
        if (ready == null) {
            ready = JsonText.of(shortened(raw(number)));
            lines[number] = ready;
        }
        return ready;
    }

    private String raw(int number) {
        int end = starts[number + 1];
        if (end > starts[number] && text.charAt(end - 1) == '\n') {
            end--;
            if (end > starts[number] && text.charAt(end - 1) == '\r') {
                end--;
            }
        }
        return text.substring(starts[number], end);
    }

    /** A minified or generated line would fill the answer. Cut between characters. */
    private static String shortened(String line) {
        if (3 * line.length() <= MAX_LINE_BYTES) {
            return line;
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_LINE_BYTES) {
            return line;
        }
        int end = SHORTENED_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + SNIP;
    }
}
