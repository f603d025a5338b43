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
import java.util.List;
import java.util.function.Function;

/** What sources have in common that keep files under paths: filters, a layout, perhaps an index. */
final class Paths {
    private final Filters filters;
    private final Layout layout;
    private final boolean unusable;
    private final IndexReader index;
    private final boolean indexed;

    Paths(Common common, IndexReader index) {
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
        this.layout = common.layout();
        this.index = index;
        this.indexed = common.hasIndex() && layout.kind() == Layout.Kind.SYMSTORE;
    }

    /**
     * @param key names the source among all that have an index
     * @param file the file at a path of the source
     */
    Listing list(List<FileType> types, ObjectId id, String key, Function<String, RemoteFile> file)
            throws InterruptedException {
        List<String> paths = unusable || !filters.allows(id) ? List.of() : paths(types, id);
        if (!indexed || paths.isEmpty()) {
            return new Listing(paths.stream().map(file).toList(), true);
        }
        PathSet present = index.read(key, file);
        return new Listing(paths.stream().filter(present::contains).map(file).toList(), present.isComplete());
    }

    private List<String> paths(List<FileType> types, ObjectId id) {
        return types.stream()
                .filter(filters::allows)
                .flatMap(type -> Layouts.paths(layout, type, id).stream())
                .distinct()
                .toList();
    }

    /** A prefix of keys and a path below it; the prefix may end with a slash or not. */
    static String key(String prefix, String path) {
        String stripped = prefix.startsWith("/") ? prefix.substring(1) : prefix;
        return stripped.isEmpty() || stripped.endsWith("/") ? stripped + path : stripped + "/" + path;
    }
}
