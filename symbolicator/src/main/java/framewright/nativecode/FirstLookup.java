package framewright.nativecode;

import framewright.api.ModuleStatus;
import framewright.api.RawModule;
import framewright.api.ResolvedModule;
import framewright.api.SourceConfig.StoreView;
import framewright.api.SymbolicateRequest;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectType;
import framewright.store.DebugFile;
import framewright.store.Project;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an address of what was just uploaded, as the first crash would: the table of a small file is made at once, that
 * of a large one behind the answer.
 */
public final class FirstLookup {
    private static final String SOURCE = "uploaded";
    private static final int TRIES = 3;

    /** What is asked about addresses, if it has any of these. */
    private static final Set<String> FEATURES = Set.of("debug", "symtab", "split");

    private final NativeSymbolication symbolication;
    private final DerivedFiles derived;

    /** No two views are equal, so that nothing is remembered from before the upload. */
    private final AtomicLong revision = new AtomicLong(Long.MIN_VALUE);

    public FirstLookup(NativeSymbolication symbolication, DerivedFiles derived) {
        this.symbolication = symbolication;
        this.derived = derived;
    }

    /**
     * Why one of the objects of a file resolves nothing; null: nothing is known against it, or nobody asks it.
     *
     * @param sha1 of the file: others may have the same ids
     */
    public @Nullable String problem(Project project, String sha1, List<DebugFile.Entry> file)
            throws InterruptedException {
        StoreView view =
                new StoreView(SOURCE, SOURCE, project.organization(), project.id(), revision.getAndIncrement(), sha1);
        for (DebugFile.Entry entry : file) {
            ObjectType type = entry.kind().type();
            // a portable PDB is made no table of before somebody asks
            if (type == ObjectType.UNKNOWN
                    || type == ObjectType.PE_DOTNET
                    || FEATURES.stream().noneMatch(entry.features()::contains)) {
                continue;
            }
            ResolvedModule module = symbolication
                    .symbolicate(request(type, entry, view), Scope.GLOBAL)
                    .modules()
                    .getFirst();
            if (module.debugStatus() == ModuleStatus.MALFORMED) {
                return module.finding().details();
            }
        }
        return null;
    }

    /** The same, once the tables of large files are made that it was asked for; those that got lost on the way are asked for anew. */
    public @Nullable String lateProblem(Project project, String sha1, List<DebugFile.Entry> file)
            throws InterruptedException {
        boolean _ = derived.settle();
        String problem = problem(project, sha1, file);
        for (int i = 1; i < TRIES && problem == null && derived.settle(); i++) {
            problem = problem(project, sha1, file);
        }
        return problem;
    }

    private static SymbolicateRequest request(ObjectType type, DebugFile.Entry entry, StoreView view) {
        RawModule module = new RawModule(
                type,
                entry.codeId(),
                entry.name(),
                entry.debugId(),
                entry.name(),
                null,
                SymbolicateRequest.PROBED_ADDRESS,
                null);
        return SymbolicateRequest.probe(module, List.of(view));
    }
}
