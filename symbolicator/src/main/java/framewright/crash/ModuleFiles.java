package framewright.crash;

import framewright.api.Outcome;
import framewright.api.RawModule;
import framewright.api.SourceConfig;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.nativecode.FoundUnwind;
import framewright.nativecode.UnwindLookup;
import framewright.objects.Asked;
import java.util.List;

/** Where the files of one dump's modules are looked for. */
record ModuleFiles(UnwindLookup lookup, List<SourceConfig> sources, Scope scope, Asked asked) {
    FoundUnwind unwind(RawModule module) throws InterruptedException {
        return lookup.unwind(module.objectId(), sources, scope, asked);
    }

    /** Has the debug file of a module fetched, which a frame points into: whoever asks for it next need not wait. */
    void lookAhead(RawModule module) {
        try {
            lookup.lookAhead(module.objectId(), sources, scope, asked);
        } catch (InterruptedException e) {
            // the answer is there without it
        } catch (RuntimeException e) {
            // whoever asks for the file meets it again, and can say so
        }
    }

    Outcome<CachedFile> symbols(RawModule module) throws InterruptedException {
        return lookup.symbols(module.objectId(), sources, scope, asked);
    }
}
