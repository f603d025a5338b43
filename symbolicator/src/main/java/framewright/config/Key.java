package framewright.config;

import org.jspecify.annotations.Nullable;

/**
 * One key of the settings file.
 *
 * @param path with dots between sections; after a key whose value is a list of sections the type of section in
 *     brackets
 * @param fallback the default, as YAML
 * @param nullable whether null is a value, not a mistake
 * @param noEffect why setting it changes nothing here; null: it does
 * @param doc what it means, a line or two
 */
record Key<T>(
        String path,
        KeyType<T> type,
        String fallback,
        boolean nullable,
        @Nullable String noEffect,
        String doc) {

    static <T> Key<T> used(String path, KeyType<T> type, String fallback, String doc) {
        return new Key<>(path, type, fallback, false, null, doc);
    }

    static <T> Key<T> optional(String path, KeyType<T> type, String fallback, String doc) {
        return new Key<>(path, type, fallback, true, null, doc);
    }

    /** A key of the peer's that is allowed, so that its files work unchanged, and does nothing. */
    static Key<Yaml> ignored(String path, String fallback, String noEffect) {
        return new Key<>(path, KeyType.ANYTHING, fallback, true, noEffect, noEffect);
    }

    boolean hasEffect() {
        return noEffect == null;
    }
}
