package framewright.nativecode;

import framewright.api.Features;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What was found for the modules of a request, by their position there. Filled by several threads. */
final class FoundModules implements AutoCloseable {
    private final AtomicReferenceArray<@Nullable FoundDebug> debug;
    private final AtomicReferenceArray<@Nullable FoundSources> sources;

    FoundModules(int modules) {
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
            FoundSources foundSources = sources.get(module);
            considered.addAll(foundSources == null ? List.of() : foundSources.candidates());
            candidates.add(considered);
        }
        return candidates;
    }

    /** Those of the debug file, and whether there are sources, wherever they are. */
    Features features(int module, FoundDebug found) {
        FoundSources foundSources = sources.get(module);
        Features features = found.features();
        if (foundSources == null || foundSources.object() == null || features.hasSources()) {
            return features;
        }
        return new Features(
                features.hasDebugInfo(), features.hasUnwindInfo(), features.hasSymbols(), true, features.srcsrvVcs());
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
