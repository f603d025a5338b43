package framewright.config;

import java.util.List;
import java.util.SequencedMap;

/** A piece of the settings file, with the line it starts on. */
sealed interface Yaml {
    /** One-based. */
    int line();

    /** What the piece is, in a message about a wrong type. */
    String kind();

    /** How YAML reads a plain scalar; a quoted one is always {@link #TEXT}. */
    enum Type {
        NULL,
        BOOLEAN,
        NUMBER,
        TEXT
    }

    /** @param text as written, with a {@code ${NAME}} already replaced */
    record Scalar(int line, Type type, String text) implements Yaml {
        @Override
        public String kind() {
            return type == Type.NULL ? "null" : "`" + text + "`";
        }
    }

    record Items(int line, List<Yaml> items) implements Yaml {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    record Section(int line, SequencedMap<String, Entry> entries) implements Yaml {
        @Override
        public String kind() {
            return "a section";
        }
    }

    /** @param line of the key */
    record Entry(int line, Yaml value) {}

    static boolean isNull(Yaml yaml) {
        return yaml instanceof Scalar scalar && scalar.type() == Type.NULL;
    }
}
