package framewright.js;

import framewright.api.JsonText;
import framewright.api.SourceLines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A script or a source as lines. Those of minified scripts are long: what is shown is cut around a column. */
final class Lines {
    private static final int CONTEXT_LINES = 5;

    /** Characters from which on a line is cut, and those of the cut. */
    private static final int LONG_LINE = 150;

    private static final int SHOWN = 140;
    private static final int BEFORE_COLUMN = 60;

    /** No cut so near to an end. */
    private static final int SLACK = 5;

    private static final int MAX_LINES = 1 << 20;

    /** Of a line that is ready to be sent, besides its text. */
    private static final int READY_BYTES = 160;

    private final String text;
    /** Where each line starts, and where one after the last would. */
    private final int[] starts;

    /** Lines that are not cut, made ready when they are first asked for; two threads may do that twice. */
    private final @Nullable JsonText[] ready;

    private Lines(String text, int[] starts) {
        this.text = text;
        this.starts = starts;
        this.ready = new JsonText[starts.length - 1];
    }

    static Lines of(String text) {
        int[] starts = new int[16];
        int count = 0;
        int start = 0;
        while (start < text.length() && count < MAX_LINES) {
            if (count + 1 == starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
            }
            starts[count++] = start;
            int end = text.indexOf('\n', start);
            start = end < 0 ? text.length() : end + 1;
        }
        starts[count] = start;
        return new Lines(text, Arrays.copyOf(starts, count + 1));
    }

    int count() {
        return starts.length - 1;
    }

    /**
     * Length of a line in UTF-16 code units.
     *
     * @param number one-based, of a line that there is
     */
    int length(long number) {
        return end((int) number - 1) - starts[(int) number - 1];
    }

    /** The whole text. */
    byte[] utf8() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Roughly the memory that it can come to hold. */
    long bytes() {
        return 4L * text.length() + (4L + READY_BYTES) * starts.length;
    }

    /**
     * A line with those around it, all cut around the same column.
     *
     * @param number one-based
     * @return null where there is no such line
     */
    @Nullable
    SourceLines around(long number, long column) {
        if (number < 1 || number > count()) {
            return null;
        }
        int line = (int) number - 1;
        return new SourceLines(
                range(Math.max(0, line - CONTEXT_LINES), line, column),
                shown(line, column),
                range(line + 1, Math.min(count(), line + 1 + CONTEXT_LINES), column),
                null);
    }

    private List<JsonText> range(int from, int to, long column) {
        return IntStream.range(from, to).mapToObj(line -> shown(line, column)).toList();
    }

    private int end(int line) {
        int end = starts[line + 1];
        if (end > starts[line] && text.charAt(end - 1) == '\n') {
            end--;
            if (end > starts[line] && text.charAt(end - 1) == '\r') {
                end--;
            }
        }
        return end;
    }

    private JsonText shown(int line, long column) {
        int from = starts[line];
        int length = end(line) - from;
        if (length <= LONG_LINE) {
            return whole(line, from, from + length);
        }
        int start = (int) Math.min(Math.max(column, 0), length) - BEFORE_COLUMN;
        start = start < SLACK ? 0 : start;
        int end = Math.min(start + SHOWN, length);
        if (end > length - SLACK) {
            end = length;
        }
        if (end == length) {
            start = length - SHOWN;
        }
        String cut = wellFormed(from + start, from + end);
        return JsonText.of((start > 0 ? "{snip} " : "") + cut + (end < length ? " {snip}" : ""));
    }

    private JsonText whole(int line, int from, int to) {
        JsonText known = ready[line];
        if (known == null) {
            known = JsonText.of(wellFormed(from, to));
            ready[line] = known;
        }
        return known;
    }

    /** The text between, without halves of characters at its ends. */
    private String wellFormed(int from, int to) {
        int start = from < to && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
        int end = start < to && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
        return text.substring(start, end);
    }
}
