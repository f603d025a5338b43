package framewright.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the disk cache are meant: those that all of it holds of.
 *
 * @param kind name of the folder, e.g. {@code objects}; null: all
 * @param scope whose entries; null: everybody's
 * @param id a debug id, a code id, a part of a location, or the digest that a listing shows; null: all
 * @param failuresOnly only remembered failures, no files
 */
public record CacheQuery(
        @Nullable String kind,
        @Nullable String scope,
        @Nullable String id,
        boolean failuresOnly) {

    /** What a command does with the entries. */
    public enum Command {
        LS,
        STAT,
        PURGE,
        VERIFY
    }

    /** Whether the entry of this kind, with this digest, is meant; its key is empty where nobody knows it. */
    public boolean fits(String itsKind, String digest, String key) {
        return (kind == null || kind.equals(itsKind))
                && (scope == null || key.startsWith("scope: " + scope + "\n"))
                && (id == null
                        || digest.startsWith(id.toLowerCase(Locale.ROOT))
                        || plain(key).contains(plain(id)));
    }

    /** Ids are cut into folders by some layouts and dashed by others. */
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace("-", "").replace("/", "");
    }
}
