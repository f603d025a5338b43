package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module of the request and what became of it.
 *
 * @param imageSize the request's, or the distance to the next image
 * @param unwindStatus how looking for what its stacks are walked with ended; null where nobody walked
 * @param arch CPU architecture of the debug file, {@code unknown} without one
 * @param candidates every object file that was considered, where the client asked
 * @param finding why the debug file is there or not
 */
public record ResolvedModule(
        RawModule raw,
        @Nullable Long imageSize,
        ModuleStatus debugStatus,
        @Nullable ModuleStatus unwindStatus,
        Features features,
        String arch,
        List<Candidate> candidates,
        Finding finding) {
    public static final String UNKNOWN_ARCH = "unknown";
}
