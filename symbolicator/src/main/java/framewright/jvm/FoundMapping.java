package framewright.jvm;

import framewright.api.Candidate;
import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.ModuleStatus;
import framewright.cache.OpenCache.Lease;
import framewright.nativebridge.ProguardTable;
import framewright.nativecode.OpenProguard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How looking for a mapping ended.
 *
 * @param lease null where there is none that can be used
 * @param finding why there is one or not
 */
record FoundMapping(
        @Nullable Lease<OpenProguard> lease, ModuleStatus status, List<Candidate> candidates, Finding finding)
        implements AutoCloseable {
    /** The same, told with another cause; also of the candidate that it was. */
    FoundMapping because(Cause cause, String details) {
        Finding told = finding.because(cause, details);
        List<Candidate> all = candidates.stream()
                .map(candidate -> candidate.finding().equals(finding) ? candidate.withFinding(told) : candidate)
                .toList();
        return new FoundMapping(lease, status, all, told);
    }

    @Nullable
    ProguardTable table() {
        return lease == null ? null : lease.value().table();
    }

    @Override
    public void close() {
        if (lease != null) {
            lease.close();
        }
    }
}
