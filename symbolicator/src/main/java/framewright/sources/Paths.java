package framewright.sources;

import framewright.api.SourceConfig.Common;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Filters;
import framewright.debugfiles.Layout;
import framewright.debugfiles.Layouts;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.PathPattern;
import framewright.fetch.RemoteFile;
import framewright.sources.Source.Listing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What sources have in common that keep files under paths: filters, a layout, perhaps an index, perhaps pointers. */
final class Paths {
    private static final Set<Layout.Kind> WITH_POINTERS =
            Set.of(Layout.Kind.SYMSTORE, Layout.Kind.SYMSTORE_INDEX2, Layout.Kind.SSQP);

    private final Filters filters;
    private final Layout layout;
    private final boolean unusable;
    private final IndexReader index;
    private final boolean indexed;
    private final Pointers pointers;
    private final boolean pointing;

    Paths(Common common, IndexReader index, Pointers pointers) {
        this(common, common.layout(), index, pointers);
    }

    /** @param layout whatever the configuration says */
    Paths(Common common, Layout layout, IndexReader index, Pointers pointers) {
        List<PathPattern> patterns = new ArrayList<>();
        for (String text : common.pathPatterns()) {
            PathPattern pattern = PathPattern.of(text);
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        this.filters = new Filters(common.fileTypes(), patterns, common.requiresChecksum());
        // patterns that can match nothing must not come to mean that there are none
        this.unusable = patterns.isEmpty() && !common.pathPatterns().isEmpty();
        this.layout = layout;
        this.index = index;
        this.indexed = common.hasIndex() && layout.kind() == Layout.Kind.SYMSTORE;
        this.pointers = pointers;
        this.pointing = common.hasPointers() && WITH_POINTERS.contains(layout.kind());
    }

    /** @param listedAs the path by which an index would list it; the same but for pointers */
    private record Place(String path, String listedAs) {
        boolean isPointer() {
            return !path.equals(listedAs);
        }
    }

    /**
     * @param key names the source among all that have an index
     * @param file the file at a path of the source
     */
    Listing list(List<FileType> types, ObjectId id, String key, Function<String, RemoteFile> file)
            throws InterruptedException {
        Filters.Refusal refused = unusable ? Filters.Refusal.PATHS : filters.refusal(types, id);
        if (refused != null) {
            return new Listing(List.of(), true, refused);
        }
        Set<Place> places = places(types, id);
        if (!indexed || places.isEmpty()) {
            return listing(places, file, true);
        }
        PathSet present = index.read(key, file);
        List<Place> listed = places.stream()
                .filter(place -> present.contains(place.listedAs))
                .toList();
        return listing(listed, file, present.isComplete());
    }

    private Listing listing(Iterable<Place> places, Function<String, RemoteFile> file, boolean lasting) {
        List<RemoteFile> files = new ArrayList<>();
        for (Place place : places) {
            RemoteFile plain = file.apply(place.path);
            files.add(place.isPointer() ? pointers.follow(plain, file) : plain);
        }
        return new Listing(files, lasting);
    }

    private Set<Place> places(List<FileType> types, ObjectId id) {
        Set<Place> places = new LinkedHashSet<>();
        for (FileType type : types) {
            List<String> paths = filters.allows(type) ? Layouts.paths(layout, type, id) : List.of();
            paths.forEach(path -> places.add(new Place(path, path)));
            boolean microsofts = type == FileType.PE || type == FileType.PDB;
            if (pointing && microsofts && !paths.isEmpty()) {
                String path = paths.getFirst();
                places.add(new Place(path.substring(0, path.lastIndexOf('/') + 1) + Pointers.NAME, path));
            }
        }
        return places;
    }

    /** A prefix of keys and a path below it; the prefix may end with a slash or not. */
    static String key(String prefix, String path) {
        String stripped = prefix.startsWith("/") ? prefix.substring(1) : prefix;
        return stripped.isEmpty() || stripped.endsWith("/") ? stripped + path : stripped + "/" + path;
    }
}
