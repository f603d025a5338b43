package framewright.nativecode;

import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.NativeException;
import framewright.objects.Asked;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds the file that holds the sources of one module. */
public final class SourceLookup {
    private static final Logger LOG = Logger.getLogger(SourceLookup.class.getName());

    private final ObjectFinder finder;
    private final DerivedFiles derived;

    public SourceLookup(ObjectFinder finder, DerivedFiles derived) {
        this.finder = finder;
        this.derived = derived;
    }

    /** The caller closes what is found. */
    public FoundSources look(ObjectId module, List<SourceConfig> sources, Scope scope, Asked asked)
            throws InterruptedException {
        FindResult found = finder.find(module, Purpose.SOURCE, sources, scope, asked);
        SourceObject object = found.best() instanceof Found<FoundObject>(FoundObject best) ? open(best) : null;
        return new FoundSources(object, found.candidates(), found.finding());
    }

    private @Nullable SourceObject open(FoundObject object) throws InterruptedException {
        try {
            return switch (derived.sources(object)) {
                case Found<Lease<OpenSources>>(Lease<OpenSources> lease) ->
                    new SourceObject(lease, object.key(), object.scope());
                case Failed<Lease<OpenSources>> _ -> null;
            };
        } catch (NativeException e) {
            LOG.log(Level.SEVERE, "a file with sources met a bug: " + object.location(), e);
            return null;
        }
    }
}
