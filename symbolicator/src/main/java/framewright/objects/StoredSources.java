package framewright.objects;

import framewright.api.SourceConfig;
import framewright.cache.CacheKey;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.sources.Source;
import framewright.sources.Sources;
import java.util.ArrayList;
import java.util.List;

/** Single files of source code, at the sources that keep them by the path that debug information names. */
public final class StoredSources {
    private final Sources sources;

    public StoredSources(Sources sources) {
        this.sources = sources;
    }

    /**
     * One file to try.
     *
     * @param scope whom it serves
     */
    public record Stored(RemoteFile file, CacheKey key, Scope scope) {}

    /** Where the file may be, in order of sources. */
    public List<Stored> places(ObjectId id, String path, List<SourceConfig> configs, Scope scope)
            throws InterruptedException {
        List<Stored> places = new ArrayList<>();
        for (SourceConfig config : configs) {
            Source source = sources.of(config);
            RemoteFile file = config.hasSourceFiles() ? source.sourceFile(id, path) : null;
            if (file != null) {
                Scope served = source.isPublic() ? Scope.GLOBAL : scope;
                places.add(new Stored(file, ObjectStore.key(file, served), served));
            }
        }
        return places;
    }
}
