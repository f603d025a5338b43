package framewright.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long files are kept to which all of this applies.
 *
 * @param organization its slug; null: any
 * @param project its slug; null: any
 * @param kind of a debug file, {@code artifact_bundle} or {@code release_file}; null: any
 * @param release whose name this is, with {@code *} for any text; null: any or none
 * @param maxUnusedFor after which one that nobody has used is deleted; null: it is not
 * @param keepLast so many of the newest stay however long nobody uses them: builds of a debug file of one name, kind and
 *     architecture, or releases of the project
 */
public record RetentionRule(
        @Nullable String organization,
        @Nullable String project,
        @Nullable String kind,
        @Nullable String release,
        @Nullable Duration maxUnusedFor,
        int keepLast) {}
