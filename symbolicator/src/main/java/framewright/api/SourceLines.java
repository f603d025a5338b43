package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the source at a frame.
 *
 * @param before the lines before, first to last
 * @param line the line itself; null where there is only a link
 * @param after the lines after
 * @param link where the file is on the web
 */
public record SourceLines(
        List<JsonText> before,
        @Nullable JsonText line,
        List<JsonText> after,
        @Nullable String link) {

    /** A file that is known by its address only. */
    public static SourceLines linkOnly(String link) {
        return new SourceLines(List.of(), null, List.of(), link);
    }
}
