package framewright.cache;

import org.jspecify.annotations.Nullable;

/**
 * Whose files these are: what was fetched for one scope does not serve another, unless it came from a public source.
 *
 * @param name null: everyone's
 */
public record Scope(@Nullable String name) {
    public static final Scope GLOBAL = new Scope(null);

    /** As it stands in cache keys. */
    @Override
    public String toString() {
        return name == null ? "global" : name;
    }
}
