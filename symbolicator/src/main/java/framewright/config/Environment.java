package framewright.config;

import java.util.Map;

/** The process's environment; nothing else reads it. */
public final class Environment {
    private Environment() {}

    public static Map<String, String> variables() {
        return Map.copyOf(System.getenv());
    }
}
