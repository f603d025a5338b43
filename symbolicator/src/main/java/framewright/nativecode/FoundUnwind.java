package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Features;
import framewright.api.ModuleStatus;
import framewright.cache.CachedFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How looking for the file that a module's stacks are walked with ended.
 *
 * @param features of that file
 * @param candidates everything that was considered
 * @param table the unwind table made of it, leased, which the caller closes; null without one
 */
public record FoundUnwind(
        ModuleStatus status,
        Features features,
        List<Candidate> candidates,
        @Nullable CachedFile table) {}
