package framewright.nativecode;

import framewright.api.FrameOrder;
import framewright.api.ModuleStatus;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import framewright.api.ResolvedModule;
import framewright.api.Scraping;
import framewright.api.SourceConfig.StoreView;
import framewright.api.SymbolicateOptions;
import framewright.api.SymbolicateRequest;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectType;
import framewright.store.DebugFile;
import framewright.store.Project;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an address of what was just uploaded, as the first crash would: the table of a small file is made at once, that
 * of a large one behind the answer.
 */
public final class FirstLookup {
    private static final String SOURCE = "uploaded";

    private static final SymbolicateOptions OPTIONS =
            new SymbolicateOptions(false, false, FrameOrder.CALLEE_FIRST, false, false);

    /** What is asked about addresses, if it has any of these. */
    private static final Set<String> FEATURES = Set.of("debug", "symtab", "split");

    /** Any but 0, which stands for modules without one. */
    private static final long ADDRESS = 1 << 20;

    private final NativeSymbolication symbolication;

    /** No two views are equal, so that nothing is remembered from before the upload. */
    private final AtomicLong revision = new AtomicLong(Long.MIN_VALUE);

    public FirstLookup(NativeSymbolication symbolication) {
        this.symbolication = symbolication;
    }

    /** Why one of the objects of a file resolves nothing; null: nothing is known against it, or nobody asks it. */
    public @Nullable String problem(Project project, List<DebugFile.Entry> file) throws InterruptedException {
        StoreView view =
                new StoreView(SOURCE, SOURCE, project.organization(), project.id(), revision.getAndIncrement());
        for (DebugFile.Entry entry : file) {
            ObjectType type = type(entry);
            if (type == ObjectType.UNKNOWN || FEATURES.stream().noneMatch(entry.features()::contains)) {
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

    private static ObjectType type(DebugFile.Entry entry) {
        return switch (entry.kind()) {
            case "elf", "breakpad" -> ObjectType.ELF;
            case "macho" -> ObjectType.MACHO;
            case "pe", "pdb" -> ObjectType.PE;
            case "wasm" -> ObjectType.WASM;
            default -> ObjectType.UNKNOWN;
        };
    }

    private static SymbolicateRequest request(ObjectType type, DebugFile.Entry entry, StoreView view) {
        RawModule module =
                new RawModule(type, entry.codeId(), entry.name(), entry.debugId(), entry.name(), null, ADDRESS, null);
        RawFrame frame = new RawFrame();
        frame.instructionAddr = ADDRESS + 1;
        return new SymbolicateRequest(
                null,
                null,
                List.of(view),
                List.of(new RawStacktrace(null, null, null, new TreeMap<>(), List.of(frame))),
                List.of(module),
                OPTIONS,
                Scraping.DEFAULT);
    }
}
