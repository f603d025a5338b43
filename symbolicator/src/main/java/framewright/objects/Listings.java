package framewright.objects;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.SourceConfig;
import framewright.cache.CacheKey;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Filters;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.sources.Source;
import framewright.sources.Source.Listing;
import framewright.sources.Sources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
     * @param empty sources that had nothing to try, and why
     * @param lasting whether asking again soon would give the same
     */
    record All(List<Item> items, List<Finding> empty, boolean lasting) {}

    private record Place(String source, String identity) {}

    private final Sources sources;

    Listings(Sources sources) {
        this.sources = sources;
    }

    All list(List<FileType> types, ObjectId id, List<SourceConfig> configs, Scope scope) throws InterruptedException {
        List<Source> all = configs.stream().map(sources::of).toList();
        List<Listing> listings = Parallel.map(all, source -> source.list(types, id));
        List<Item> items = new ArrayList<>();
        List<Finding> empty = new ArrayList<>();
        Set<Place> seen = new HashSet<>();
        boolean lasting = true;
        for (int i = 0; i < all.size(); i++) {
            Source source = all.get(i);
            Scope served = source.isPublic() ? Scope.GLOBAL : scope;
            lasting &= listings.get(i).lasting();
            if (listings.get(i).files().isEmpty()) {
                empty.add(whyNothing(source.id(), listings.get(i).refused(), id));
            }
            for (RemoteFile file : listings.get(i).files()) {
                if (seen.add(new Place(file.source(), file.identity()))) {
                    items.add(new Item(file, ObjectStore.key(file, served), served));
                }
            }
        }
        return new All(items, empty, lasting);
    }

    /** Why a source has no file to try for a module. */
    private static Finding whyNothing(String source, Filters.@Nullable Refusal refused, ObjectId id) {
        return switch (refused) {
            case null -> {
                boolean nameless = id.debugId() == null && id.codeId() == null;
                yield Finding.of(nameless ? Cause.NO_ID : Cause.NOT_LISTED, source, "");
            }
            case CHECKSUM -> Finding.of(Cause.FILTERED, source, "it wants modules with a checksum (requires_checksum)");
            case TYPES -> Finding.of(Cause.FILTERED, source, "it has no such files (filetypes)");
            case PATHS -> Finding.of(Cause.FILTERED, source, "no pattern fits the module's paths (path_patterns)");
        };
    }
}
