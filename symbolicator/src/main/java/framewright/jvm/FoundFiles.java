package framewright.jvm;

import framewright.jvm.MappingLookup.ByRelease;
import framewright.nativecode.FoundSources;
import framewright.nativecode.SourceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The files of a request's modules, by their number; filled by several threads. */
final class FoundFiles implements AutoCloseable {
    private final AtomicReferenceArray<@Nullable FoundMapping> mappings;
    private final AtomicReferenceArray<@Nullable FoundSources> sources;
    private volatile @Nullable ByRelease byRelease;

    FoundFiles(int modules) {
        this.mappings = new AtomicReferenceArray<>(modules);
        this.sources = new AtomicReferenceArray<>(modules);
    }

    boolean mapping(int module, FoundMapping found) {
        mappings.set(module, found);
        return true;
    }

    boolean sources(int module, FoundSources found) {
        sources.set(module, found);
        return true;
    }

    /** @param found null: there is none */
    boolean byRelease(@Nullable ByRelease found) {
        byRelease = found;
        return true;
    }

    /** The mapping that the request does not name; null where there is none, or another was found. */
    @Nullable
    ByRelease byRelease() {
        return byRelease;
    }

    /** Null where the module is none. */
    @Nullable
    FoundMapping mapping(int module) {
        return mappings.get(module);
    }

    /** Null where the module is no source bundle, or nobody looked. */
    @Nullable
    FoundSources sources(int module) {
        return sources.get(module);
    }

    /** The mappings that can be asked, in the order of the request. */
    List<FoundMapping> mappings() {
        List<FoundMapping> usable = new ArrayList<>();
        for (int i = 0; i < mappings.length(); i++) {
            FoundMapping found = mappings.get(i);
            if (found != null && found.lease() != null) {
                usable.add(found);
            }
        }
        ByRelease guessed = byRelease;
        if (guessed != null) {
            usable.add(guessed.mapping());
        }
        return usable;
    }

    /** The bundles that can be read, in the order of the request. */
    List<SourceObject> sources() {
        List<SourceObject> usable = new ArrayList<>();
        for (int i = 0; i < sources.length(); i++) {
            FoundSources found = sources.get(i);
            if (found != null && found.object() != null) {
                usable.add(found.object());
            }
        }
        return usable;
    }

    @Override
    public void close() {
        ByRelease guessed = byRelease;
        if (guessed != null) {
            guessed.mapping().close();
        }
        for (int i = 0; i < mappings.length(); i++) {
            FoundMapping mapping = mappings.get(i);
            if (mapping != null) {
                mapping.close();
            }
            FoundSources bundle = sources.get(i);
            if (bundle != null) {
                bundle.close();
            }
        }
    }
}
