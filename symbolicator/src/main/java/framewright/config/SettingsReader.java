package framewright.config;

import framewright.config.SettingsException.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives the value of a key: from the file, else its default. Collects what is wrong instead of stopping at it. */
final class SettingsReader {
    private final Yaml root;
    private final List<Problem> problems;
    private final Set<Key<?>> read = new LinkedHashSet<>();

    SettingsReader(Yaml root, List<Problem> problems) {
        this.root = root;
        this.problems = problems;
    }

    /** The value of a key for which null is a mistake. */
    <T> T get(Key<T> key) {
        return Objects.requireNonNull(find(key));
    }

    /** The value of a key for which null means something. */
    <T> @Nullable T getOrNull(Key<T> key) {
        return find(key);
    }

    /** The keys asked for so far. */
    Set<Key<?>> keysRead() {
        return Set.copyOf(read);
    }

    private <T> @Nullable T find(Key<T> key) {
        read.add(key);
        Yaml value = lookUp(Arrays.asList(key.path().split("\\.")));
        if (value == null) {
            return fallback(key);
        }
        if (key.nullable() && Yaml.isNull(value)) {
            return null;
        }
        try {
            return key.type().reader().apply(value);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    value.line(), key.path(), "expected " + key.type().expected() + ", not " + value.kind()));
            return fallback(key);
        }
    }

    private @Nullable Yaml lookUp(List<String> path) {
        Yaml at = root;
        for (String name : path) {
            Yaml.Entry entry =
                    at instanceof Yaml.Section section ? section.entries().get(name) : null;
            if (entry == null) {
                return null;
            }
            at = entry.value();
        }
        return at;
    }

    private static <T> @Nullable T fallback(Key<T> key) {
        Yaml value = new YamlReader(Map.of(), new ArrayList<>()).read(key.fallback());
        return value == null || Yaml.isNull(value) ? null : key.type().reader().apply(value);
    }
}
