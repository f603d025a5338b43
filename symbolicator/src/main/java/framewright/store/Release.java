package framewright.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version of what an organisation ships.
 *
 * @param released null: not yet
 * @param projects that have it
 */
public record Release(
        long id,
        long organization,
        String version,
        Instant created,
        @Nullable Instant released,
        List<Project> projects) {
    public Release {
        projects = List.copyOf(projects);
    }
}
