package framewright.config;

import framewright.config.SettingsException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of one rule in a list of rules; what is not asked for is none. */
final class RuleReader {
    private final String path;
    private final Yaml.Section section;
    private final List<Problem> problems;
    private final List<String> known = new ArrayList<>();

    /** @param path of the list */
    RuleReader(String path, Yaml.Section section, List<Problem> problems) {
        this.path = path;
        this.section = section;
        this.problems = problems;
    }

    /** Null: it is not given, or not what it should be, which is told. */
    <T> @Nullable T get(String name, KeyType<T> type) {
        known.add(name);
        Yaml.Entry entry = section.entries().get(name);
        if (entry == null || Yaml.isNull(entry.value())) {
            return null;
        }
        try {
            return type.reader().apply(entry.value());
        } catch (IllegalArgumentException e) {
            problem(
                    entry.value().line(),
                    name,
                    "expected " + type.expected() + ", not " + entry.value().kind());
            return null;
        }
    }

    <T> T getOr(String name, KeyType<T> type, T fallback) {
        T value = get(name, type);
        return value == null ? fallback : value;
    }

    /** Something is wrong with the rule, or with one of its keys. */
    void problem(String name, String what) {
        Yaml.Entry entry = section.entries().get(name);
        problem(entry == null ? section.line() : entry.line(), name, what);
    }

    private void problem(int line, String name, String what) {
        problems.add(new Problem(line, path + "[]." + name, what));
    }

    void reportOthers() {
        Map<String, Yaml.Entry> entries = section.entries();
        entries.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> problem(section.line(), name, "is not a key; a rule has " + String.join(", ", known)));
    }
}
