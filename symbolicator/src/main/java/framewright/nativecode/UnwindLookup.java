package framewright.nativecode;

import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.ModuleStatus;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectId;
import framewright.objects.Asked;
import framewright.objects.Auxiliary;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what a stack walker needs of a module: how its functions unwind, and which functions it has. */
public final class UnwindLookup {
    private final ObjectFinder finder;
    private final Auxiliary auxiliary;
    private final DerivedFiles derived;
    private final int maxChain;

    /**
     * @param derived closed by its owner, after the last look-up
     * @param maxChain links of unwind entries of a PE file that are followed
     */
    public UnwindLookup(ObjectFinder finder, Auxiliary auxiliary, DerivedFiles derived, int maxChain) {
        this.finder = finder;
        this.auxiliary = auxiliary;
        this.derived = derived;
        this.maxChain = maxChain;
    }

    /** The unwind table of a module. */
    public FoundUnwind unwind(ObjectId id, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        FindResult found = finder.find(id, Purpose.UNWIND, sources, scope, asked);
        return switch (found.best()) {
            case Failed<FoundObject>(Failure failure) ->
                new FoundUnwind(ModuleStatus.of(failure), Features.NONE, found.candidates(), null);
            case Found<FoundObject>(FoundObject object) -> convert(object, found);
        };
    }

    private FoundUnwind convert(FoundObject object, FindResult found) throws InterruptedException {
        return switch (derived.unwindTable(object, maxChain)) {
            case Failed<CachedFile>(Failure failure) ->
                used(object, found, ModuleStatus.of(failure), Candidates.use(failure), null);
            case Found<CachedFile>(CachedFile table) ->
                used(object, found, ModuleStatus.FOUND, new Use(UseStatus.OK, null), table);
        };
    }

    private static FoundUnwind used(
            FoundObject object, FindResult found, ModuleStatus status, Use use, @Nullable CachedFile table) {
        Finding finding = found.finding();
        return new FoundUnwind(
                status,
                object.features(),
                Candidates.withUse(
                        found.candidates(),
                        object.source(),
                        object.location(),
                        candidate -> candidate.withUnwind(use).withFinding(finding)),
                table);
    }

    /** Has the debug file of a module fetched. */
    public void lookAhead(ObjectId id, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        finder.find(id, Purpose.DEBUG, sources, scope, asked);
    }

    /** What says where the functions of a module are, leased: a lookup table, or a file that has none yet. */
    public Outcome<CachedFile> symbols(ObjectId id, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        return switch (finder.find(id, Purpose.DEBUG, sources, scope, asked).best()) {
            case Failed<FoundObject>(Failure failure) -> Outcome.failed(failure);
            case Found<FoundObject>(FoundObject object) -> {
                try (HeldFiles files = HeldFiles.find(object, id, auxiliary, sources, scope)) {
                    yield derived.functions(files);
                }
            }
        };
    }
}
