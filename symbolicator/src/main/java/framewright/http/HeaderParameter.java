package framewright.http;

import org.jspecify.annotations.Nullable;

/** Parameters of a header's value: {@code form-data; name="x"}. */
final class HeaderParameter {
    private HeaderParameter() {}

    /** The value of a parameter, unquoted; null where there is none. */
    static @Nullable String of(String value, String parameter) {
        int at = value.indexOf(';');
        while (at >= 0 && at < value.length()) {
            int equals = value.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            String name = value.substring(at + 1, equals).strip();
            StringBuilder text = new StringBuilder();
            at = read(value, equals + 1, text);
            if (name.equalsIgnoreCase(parameter)) {
                return text.toString();
            }
        }
        return null;
    }

    /** Reads one value and gives where the next parameter's semicolon is, or the end. */
    private static int read(String value, int from, StringBuilder into) {
        int at = from;
        while (at < value.length() && value.charAt(at) == ' ') {
            at++;
        }
        boolean quoted = at < value.length() && value.charAt(at) == '"';
        at += quoted ? 1 : 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (quoted && c == '\\' && at + 1 < value.length()) {
                into.append(value.charAt(at + 1));
                at += 2;
            } else if (quoted && c == '"') {
                int next = value.indexOf(';', at);
                return next < 0 ? value.length() : next;
            } else if (!quoted && c == ';') {
                break;
            } else {
                into.append(c);
                at++;
            }
        }
        if (!quoted) {
            String stripped = into.toString().strip();
            into.setLength(0);
            into.append(stripped);
        }
        return at;
    }
}
