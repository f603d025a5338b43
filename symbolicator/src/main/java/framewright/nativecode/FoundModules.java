package framewright.nativecode;

import framewright.api.Features;
import framewright.api.ModuleStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What was found for the modules of a request, by their position there. Filled by several threads. */
final class FoundModules implements AutoCloseable {
    private final AtomicReferenceArray<@Nullable FoundDebug> debug;
    private final AtomicReferenceArray<@Nullable FoundSources> sources;
    private final List<@Nullable FoundUnwind> unwind;

    /** @param unwind with what the stacks were walked, by module; empty where nobody walked */
    FoundModules(int modules, List<@Nullable FoundUnwind> unwind) {
        this.unwind = unwind;
        this.debug = new AtomicReferenceArray<>(modules);
        this.sources = new AtomicReferenceArray<>(modules);
    }

    int size() {
        return debug.length();
    }

    boolean debug(int module, FoundDebug found) {
        debug.set(module, found);
        return true;
    }

    boolean sources(int module, FoundSources found) {
        sources.set(module, found);
        return true;
    }

    /** Null where no frame points into the module. */
    @Nullable
    FoundDebug debug(int module) {
        return debug.get(module);
    }

    /** Of a module that some frame points into. */
    ModuleAnswer answer(int module) {
        FoundDebug found = debug.get(module);
        if (found == null) {
            throw new IllegalStateException("module " + module + " was not asked");
        }
        return found.answer();
    }

    /** Null where the module has no sources, or nobody looked. */
    @Nullable
    SourceObject sourceObject(int module) {
        FoundSources found = sources.get(module);
        return found == null ? null : found.object();
    }

    /** How looking for what the module's stacks are walked with ended; null where nobody walked. */
    @Nullable
    ModuleStatus unwindStatus(int module) {
        FoundUnwind found = unwind(module);
        if (found != null) {
            return found.status();
        }
        return unwind.isEmpty() ? null : ModuleStatus.UNUSED;
    }

    private @Nullable FoundUnwind unwind(int module) {
        return unwind.isEmpty() ? null : unwind.get(module);
    }

    /** What was considered, by module; nothing where nobody asked. */
    List<Candidates> candidates(boolean wanted) {
        if (!wanted) {
            return Collections.nCopies(size(), new Candidates(false));
        }
        List<Candidates> candidates = new ArrayList<>();
        for (int module = 0; module < size(); module++) {
            Candidates considered = new Candidates(true);
            FoundDebug foundDebug = debug.get(module);
            considered.addAll(foundDebug == null ? List.of() : foundDebug.candidates());
            FoundUnwind foundUnwind = unwind(module);
            considered.addAll(foundUnwind == null ? List.of() : foundUnwind.candidates());
            FoundSources foundSources = sources.get(module);
            considered.addAll(foundSources == null ? List.of() : foundSources.candidates());
            candidates.add(considered);
        }
        return candidates;
    }

    /** What all files of the module offer together, wherever they are. */
    Features features(int module, Features debugFile) {
        FoundUnwind foundUnwind = unwind(module);
        FoundSources foundSources = sources.get(module);
        boolean hasSources = foundSources != null && foundSources.object() != null;
        Features features = foundUnwind == null ? debugFile : debugFile.and(foundUnwind.features());
        return hasSources ? features.and(Features.OF_SOURCES) : features;
    }

    /** Gives the files with sources back. */
    @Override
    public void close() {
        for (int module = 0; module < sources.length(); module++) {
            FoundSources found = sources.get(module);
            if (found != null) {
                found.close();
            }
        }
    }
}
