package framewright.store;

import org.jspecify.annotations.Nullable;

/**
 * For whom something is looked up.
 *
 * @param organization key of the organisation
 * @param project key of the project whose files come first; null: none is preferred
 */
public record Tenancy(long organization, @Nullable Long project) {
    /** For a condition that puts the project's rows first. */
    long preferred() {
        return project == null ? 0 : project;
    }
}
