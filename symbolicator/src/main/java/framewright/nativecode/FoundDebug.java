package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.ModuleStatus;
import java.util.List;

/**
 * How looking for a module's debug file and asking it ended.
 *
 * @param arch of the file, {@code unknown} without one that answers
 * @param finding why
 */
record FoundDebug(
        ModuleStatus status,
        ModuleAnswer answer,
        Features features,
        String arch,
        List<Candidate> candidates,
        Finding finding) {}
