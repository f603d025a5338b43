package framewright.api;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the names that a compiler has replaced stand in what a Dart program says of an exception: its type is one, with
 * those of its type arguments; a message has them in quotes ({@code Instance of 'aB'}, {@code type 'aB' is not a subtype
 * of type 'List<xY>'}) and after {@code Tried calling:}. Elsewhere a word that happens to be a replacement stays.
 */
public final class DartNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

    /** Short, so that an apostrophe is not taken for the start of a page of names. */
    private static final Pattern PLACE = Pattern.compile(
            "(?<![A-Za-z0-9])'([A-Za-z0-9_$.<>,?& ()=]{1,500})'|(?<=Tried calling: )([A-Za-z0-9_$.]{1,500})");

    private DartNames() {}

    /** All that may be a replaced name. */
    public static Set<String> in(RawException exception) {
        Set<String> names = new TreeSet<>();
        if (exception.type() != null) {
            identifiers(exception.type(), names);
        }
        if (exception.value() != null) {
            Matcher places = PLACE.matcher(exception.value());
            while (places.find()) {
                identifiers(places.group(), names);
            }
        }
        return names;
    }

    private static void identifiers(String text, Set<String> names) {
        IDENTIFIER.matcher(text).results().map(MatchResult::group).forEach(names::add);
    }

    /** With its names as they were. */
    public static RawException restored(RawException exception, Map<String, String> originals) {
        return new RawException(named(exception.type(), originals), message(exception.value(), originals));
    }

    private static @Nullable String message(@Nullable String text, Map<String, String> originals) {
        return text == null
                ? null
                : PLACE.matcher(text).replaceAll(place -> Matcher.quoteReplacement(replaced(place.group(), originals)));
    }

    private static @Nullable String named(@Nullable String text, Map<String, String> originals) {
        return text == null ? null : replaced(text, originals);
    }

    private static String replaced(String text, Map<String, String> originals) {
        return IDENTIFIER
                .matcher(text)
                .replaceAll(name -> Matcher.quoteReplacement(originals.getOrDefault(name.group(), name.group())));
    }
}
