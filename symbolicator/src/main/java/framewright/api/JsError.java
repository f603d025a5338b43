package framewright.api;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a frame. Sorted as answers have them.
 *
 * @param absPath of the frame
 * @param line of the frame, for {@link Type#INVALID_LOCATION}
 * @param column of the frame, for the same; null where it has none
 * @param source address of a source file, for {@link Type#MISSING_SOURCE_CONTENT}
 * @param sourceMap address of a source map, for the same and {@link Type#MALFORMED_SOURCEMAP}
 */
public record JsError(
        String absPath, Type type, long line, @Nullable Long column, String source, String sourceMap)
        implements Comparable<JsError> {
    private static final Comparator<JsError> ORDER = Comparator.comparing(JsError::absPath)
            .thenComparing(JsError::type)
            .thenComparingLong(JsError::line)
            .thenComparing(JsError::column, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(JsError::source)
            .thenComparing(JsError::sourceMap);

    /** In the order in which errors of one file are told. */
    public enum Type {
        INVALID_LOCATION,
        MISSING_SOURCE_CONTENT,
        MISSING_SOURCE,
        MALFORMED_SOURCEMAP,
        MISSING_SOURCEMAP,
        SCRAPING_DISABLED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One that needs no more words. */
    public static JsError of(String absPath, Type type) {
        return new JsError(absPath, type, 0, null, "", "");
    }

    public static JsError invalidLocation(String absPath, long line, @Nullable Long column) {
        return new JsError(absPath, Type.INVALID_LOCATION, line, column, "", "");
    }

    public static JsError missingSourceContent(String absPath, String source, String sourceMap) {
        return new JsError(absPath, Type.MISSING_SOURCE_CONTENT, 0, null, source, sourceMap);
    }

    public static JsError malformedSourceMap(String absPath, String sourceMap) {
        return new JsError(absPath, Type.MALFORMED_SOURCEMAP, 0, null, "", sourceMap);
    }

    @Override
    public int compareTo(JsError other) {
        return ORDER.compare(this, other);
    }
}
