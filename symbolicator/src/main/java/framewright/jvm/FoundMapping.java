package framewright.jvm;

import framewright.api.Candidate;
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
