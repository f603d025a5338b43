package framewright.debugfiles;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which modules and kinds of files a source is asked for.
 *
 * @param types only these; empty: all
 * @param patterns globs on the module's full code or debug file, one of which must match; empty: all modules
 * @param requiresChecksum only modules that carry a checksum of their debug file
 */
public record Filters(List<FileType> types, List<PathPattern> patterns, boolean requiresChecksum) {
    /** Lets everything pass. */
    public static final Filters NONE = new Filters(List.of(), List.of(), false);

    public Filters {
        types = List.copyOf(types);
        patterns = List.copyOf(patterns);
    }

    /** Whether the source is to be asked for this module at all. */
    public boolean allows(ObjectId id) {
        if (requiresChecksum && id.debugChecksum() == null) {
            return false;
        }
        return patterns.isEmpty()
                || Stream.of(id.codeFile(), id.debugFile())
                        .filter(Objects::nonNull)
                        .anyMatch(path -> patterns.stream().anyMatch(pattern -> pattern.matches(path)));
    }

    /** Whether the source is to be asked for such files. */
    public boolean allows(FileType type) {
        return types.isEmpty() || types.contains(type);
    }
}
