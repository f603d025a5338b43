package framewright.jvm;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JvmRequest;
import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.ModuleType;
import framewright.api.ModuleStatus;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.cache.CachedFile;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.ProguardTable;
import framewright.nativecode.DerivedFiles;
import framewright.nativecode.OpenProguard;
import framewright.objects.Auxiliary;
import framewright.objects.Auxiliary.Looked;
import framewright.objects.Auxiliary.OfRelease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the mapping of one module, and opens its table. */
final class MappingLookup {
    private final Auxiliary auxiliary;
    private final DerivedFiles derived;

    /** A mapping that the request does not name. */
    record ByRelease(Module module, FoundMapping mapping) {}

    MappingLookup(Auxiliary auxiliary, DerivedFiles derived) {
        this.auxiliary = auxiliary;
        this.derived = derived;
    }

    /** The caller closes what is found. */
    FoundMapping look(ObjectId module, List<SourceConfig> sources, Scope scope) throws InterruptedException {
        Looked looked = auxiliary.look(FileType.PROGUARD, module, sources, scope);
        return switch (looked.file()) {
            case Failed<CachedFile>(Failure failure) -> {
                ModuleStatus status = isMalformed(looked.finding()) ? ModuleStatus.MALFORMED : ModuleStatus.of(failure);
                yield new FoundMapping(null, status, looked.candidates(), looked.finding());
            }
            case Found<CachedFile>(CachedFile mapping) -> {
                try (mapping) {
                    yield open(mapping, looked);
                }
            }
        };
    }

    /**
     * The mapping that was uploaded for the release of a request, which does not name it; null where there is none that
     * serves. The caller closes what is found.
     */
    @Nullable
    ByRelease lookByRelease(JvmRequest request, List<SourceConfig> sources, Scope scope) throws InterruptedException {
        String release = request.fullRelease();
        OfRelease registered = release == null ? null : auxiliary.mappingOf(release, sources);
        if (release == null || registered == null) {
            return null;
        }
        Module module = new Module(ModuleType.PROGUARD, registered.mapping().toString(), registered.mapping());
        FoundMapping found = look(module.objectId(), List.of(registered.source()), scope);
        ProguardTable table = found.table();
        if (table == null || !MapIds.fit(request, table.facts().mapId())) {
            found.close();
            return null;
        }
        return new ByRelease(module, found.because(Cause.MAPPING_BY_RELEASE, release));
    }

    /** Of several sources, one that had a file which is no mapping says more than one that had none. */
    private static boolean isMalformed(Finding finding) {
        return finding.cause() == Cause.MALFORMED || finding.attempt().remembered() == Cause.MALFORMED;
    }

    private FoundMapping open(CachedFile mapping, Looked looked) throws InterruptedException {
        return switch (derived.proguard(mapping, looked.scope())) {
            case Found<Lease<OpenProguard>>(Lease<OpenProguard> lease) ->
                new FoundMapping(lease, ModuleStatus.FOUND, looked.candidates(), looked.finding());
            case Failed<Lease<OpenProguard>>(Failure failure) ->
                new FoundMapping(
                        null,
                        ModuleStatus.of(failure),
                        looked.candidates(),
                        looked.finding().because(Cause.of(failure), failure.describe()));
        };
    }
}
