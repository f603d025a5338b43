package framewright.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints keys as a YAML file: meaning as a comment, default as the value. */
final class ReferenceText {
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    private ReferenceText() {}

    /** @param sections path of a section to its keys; the empty path for the top level, which comes first */
    static String of(Map<String, List<Key<?>>> sections) {
        ReferenceText out = new ReferenceText();
        String open = "";
        for (Map.Entry<String, List<Key<?>>> section : new TreeMap<>(sections).entrySet()) {
            out.headings(open, section.getKey());
            open = section.getKey();
            section.getValue().forEach(out::key);
        }
        return out.text.toString();
    }

    private void headings(String open, String path) {
        String[] names = path.isEmpty() ? new String[0] : path.split("\\.");
        String parent = "";
        for (int depth = 0; depth < names.length; depth++) {
            parent = parent.isEmpty() ? names[depth] : parent + "." + names[depth];
            if (!(open + ".").startsWith(parent + ".")) {
                text.append('\n')
                        .append(INDENT.repeat(depth))
                        .append(names[depth])
                        .append(":\n");
            }
        }
    }

    private void key(Key<?> key) {
        int depth = (int) key.path().chars().filter(c -> c == '.').count();
        String indent = INDENT.repeat(depth);
        text.append(indent).append("# ");
        if (!key.hasEffect()) {
            text.append("No effect here: ");
        }
        text.append(key.doc()).append('\n').append(indent);
        text.append(key.path().substring(key.path().lastIndexOf('.') + 1));
        text.append(": ").append(key.fallback()).append('\n');
    }
}
