package framewright.apple;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as reports write them: {@code 2024-01-25 19:25:25.7990 -0500}, in older ones without a fraction. */
final class Moments {
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern(" Z")
            .toFormatter(Locale.ROOT);

    private Moments() {}

    /** In seconds since 1970; null where the text is no such time. */
    static @Nullable Long seconds(String text) {
        try {
            return OffsetDateTime.parse(text.strip(), FORMAT).toEpochSecond();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
