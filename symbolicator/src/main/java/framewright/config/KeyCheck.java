package framewright.config;

import framewright.config.SettingsException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Walks a settings file beside the registry of keys: which keys nobody knows, which ones do nothing. */
final class KeyCheck {
    private final Map<String, Key<?>> keys = new LinkedHashMap<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private final Set<String> lists = new LinkedHashSet<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<Problem> problems;

    KeyCheck(List<Key<?>> known, List<Problem> problems) {
        this.problems = problems;
        for (Key<?> key : known) {
            keys.put(key.path(), key);
            for (int dot = key.path().indexOf('.'); dot >= 0; dot = key.path().indexOf('.', dot + 1)) {
                String section = key.path().substring(0, dot);
                sections.add(section);
                if (section.endsWith("]")) {
                    lists.add(section.substring(0, section.indexOf('[')));
                }
            }
        }
    }

    List<Note> notes() {
        return notes;
    }

    /** @param path of the section, empty for the whole file */
    void section(String path, Yaml.Section section) {
        section.entries().forEach((name, entry) -> {
            String inner = path.isEmpty() ? name : path + "." + name;
            if (entry.value() instanceof Yaml.Items items && lists.contains(inner)) {
                items.items().forEach(item -> item(inner + "[]", item));
            } else if (entry.value() instanceof Yaml.Section && sections.contains(inner)) {
                inner(inner, entry);
            } else if (keys.containsKey(inner)) {
                known(keys.get(inner), entry);
            } else if (sections.contains(inner)) {
                inner(inner, entry);
            } else {
                notes.add(
                        new Note(Note.Kind.UNKNOWN_KEY, entry.line(), inner, "is not a key" + suggestion(path, name)));
            }
        });
    }

    /** One of a list of sections, each of which says its type; what is wrong with that is said elsewhere. */
    private void item(String path, Yaml item) {
        if (item instanceof Yaml.Section section
                && section.entries().get("type")
                        instanceof Yaml.Entry(int _, Yaml.Scalar(int _, Yaml.Type _, String type))
                && sections.contains(ofType(path, type))) {
            section(ofType(path, type), section);
        }
    }

    /** Path of sections of this type in a list. */
    static String ofType(String path, String type) {
        return path.replace("[]", "[" + type + "]");
    }

    /** A section without a single line is an empty value, and means the defaults. */
    private void inner(String path, Yaml.Entry entry) {
        if (entry.value() instanceof Yaml.Section section) {
            section(path, section);
        } else if (!Yaml.isNull(entry.value())) {
            problems.add(new Problem(
                    entry.line(),
                    path,
                    "expected a section with " + childrenOf(path) + ", not "
                            + entry.value().kind()));
        }
    }

    private void known(Key<?> key, Yaml.Entry entry) {
        String reason = key.noEffect();
        if (reason != null && !saysNothing(key, entry.value())) {
            notes.add(
                    new Note(Note.Kind.NO_EFFECT, entry.line(), key.path(), "accepted, has no effect here: " + reason));
        }
    }

    private static boolean saysNothing(Key<?> key, Yaml value) {
        return switch (value) {
            case Yaml.Scalar scalar ->
                scalar.type() == Yaml.Type.NULL || scalar.text().equals(key.fallback());
            case Yaml.Items items -> items.items().isEmpty();
            case Yaml.Section section -> section.entries().isEmpty();
        };
    }

    private String suggestion(String path, String name) {
        return Spelling.nearest(name, names(path))
                .map(near -> "; did you mean " + near + "?")
                .or(() -> elsewhere(name))
                .orElse("");
    }

    /** A key that exists, in another section. */
    private Optional<String> elsewhere(String name) {
        return keys.keySet().stream()
                .filter(path -> path.endsWith("." + name) || path.equals(name))
                .findFirst()
                .map(path -> "; did you mean " + path + "?");
    }

    private String childrenOf(String path) {
        return names(path).stream().sorted().collect(Collectors.joining(", "));
    }

    private Set<String> names(String path) {
        String start = path.isEmpty() ? "" : path + ".";
        return keys.keySet().stream()
                .filter(key -> key.startsWith(start))
                .map(key -> key.substring(start.length()).split("[.\\[]", 2)[0])
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
