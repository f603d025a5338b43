package framewright.apple;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system as {@code .ips} files name it: {@code iPhone OS 17.1.2 (21B101)}.
 *
 * @param name as symbol servers and clients know it: {@code iOS}, {@code macOS}
 */
record OsName(String name, String version, String build) {
    private static final Pattern FORM = Pattern.compile("(.*?) (\\d[\\d.]{0,30})(?: \\(([^)]{0,40})\\))?");

    /** Of a text of another form, all is the name. */
    static OsName parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (text.length() > 200 || !matcher.matches()) {
            return new OsName(text, "", "");
        }
        String build = matcher.group(3);
        return new OsName(common(matcher.group(1)), matcher.group(2), build == null ? "" : build);
    }

    private static String common(String name) {
        return switch (name) {
            case "iPhone OS" -> "iOS";
            case "Mac OS X" -> "macOS";
            case "Watch OS" -> "watchOS";
            case "Apple TVOS" -> "tvOS";
            default -> name;
        };
    }
}
