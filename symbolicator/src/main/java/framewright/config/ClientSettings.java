package framewright.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What commands that ask a server take from the environment where the command line does not say it.
 *
 * @param url {@code FRAMEWRIGHT_URL}
 * @param token {@code FRAMEWRIGHT_TOKEN}; null: none
 * @param organization {@code FRAMEWRIGHT_ORG}
 * @param project {@code FRAMEWRIGHT_PROJECT}
 */
public record ClientSettings(String url, @Nullable String token, String organization, String project) {
    /** What a server makes at its first start, and what it listens on without settings. */
    public static ClientSettings of(Map<String, String> environment) {
        String token = value(environment, "FRAMEWRIGHT_TOKEN", "");
        return new ClientSettings(
                value(environment, "FRAMEWRIGHT_URL", "http://127.0.0.1:3021"),
                token.isEmpty() ? null : token,
                value(environment, "FRAMEWRIGHT_ORG", StoreSettings.FIRST),
                value(environment, "FRAMEWRIGHT_PROJECT", StoreSettings.FIRST));
    }

    private static String value(Map<String, String> environment, String name, String fallback) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? fallback : value;
    }
}
