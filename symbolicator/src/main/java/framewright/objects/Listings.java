package framewright.objects;

import framewright.api.SourceConfig;
import framewright.cache.CacheKey;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.sources.Source;
import framewright.sources.Source.Listing;
import framewright.sources.Sources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks all sources which files they may have. */
final class Listings {
    /**
     * One file to try.
     *
     * @param scope whom it serves
     */
    record Item(RemoteFile file, CacheKey key, Scope scope) {}

    /**
     * @param items in order of sources and preference, each file once
     * @param empty sources that had nothing to try
     * @param lasting whether asking again soon would give the same
     */
    record All(List<Item> items, List<String> empty, boolean lasting) {}

    private record Place(String source, String identity) {}

    private final Sources sources;

    Listings(Sources sources) {
        this.sources = sources;
    }

    All list(List<FileType> types, ObjectId id, List<SourceConfig> configs, Scope scope) throws InterruptedException {
        List<Source> all = configs.stream().map(sources::of).toList();
        List<Listing> listings = Parallel.map(all, source -> source.list(types, id));
        List<Item> items = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        Set<Place> seen = new HashSet<>();
        boolean lasting = true;
        for (int i = 0; i < all.size(); i++) {
            Source source = all.get(i);
            Scope served = source.isPublic() ? Scope.GLOBAL : scope;
            lasting &= listings.get(i).lasting();
            if (listings.get(i).files().isEmpty()) {
                empty.add(source.id());
            }
            for (RemoteFile file : listings.get(i).files()) {
                if (seen.add(new Place(file.source(), file.identity()))) {
                    items.add(new Item(file, ObjectStore.key(file, served), served));
                }
            }
        }
        return new All(items, empty, lasting);
    }
}
