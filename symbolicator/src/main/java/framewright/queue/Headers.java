package framewright.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/** Headers as one text, a line {@code name=value} each. */
final class Headers {
    private Headers() {}

    static String text(Map<String, String> headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    static Map<String, String> read(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int mark = line.indexOf('=');
            if (mark > 0) {
                headers.put(line.substring(0, mark), line.substring(mark + 1));
            }
        });
        return headers;
    }

    /** A name or value that no engine takes for more than one line. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
