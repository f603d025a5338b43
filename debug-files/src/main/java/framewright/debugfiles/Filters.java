package framewright.debugfiles;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which modules and kinds of files a source is asked for.
 *
 * @param types only these; empty: all
 * @param patterns globs on the module's full code or debug file, one of which must match; empty: all modules
 * @param requiresChecksum only modules that carry a checksum of their debug file
 */
public record Filters(List<FileType> types, List<PathPattern> patterns, boolean requiresChecksum) {
    public Filters {
        types = List.copyOf(types);
        patterns = List.copyOf(patterns);
    }

    /** Why a source is not asked. */
    public enum Refusal {
        /** The module has no checksum. */
        CHECKSUM,
        /** The source has no files of the kinds that are wanted. */
        TYPES,
        /** No pattern matches the module's paths. */
        PATHS
    }

    /** Why the source is not to be asked for such files of this module; null: it is. */
    public @Nullable Refusal refusal(List<FileType> wanted, ObjectId id) {
        if (requiresChecksum && id.debugChecksum() == null) {
            return Refusal.CHECKSUM;
        }
        if (wanted.stream().noneMatch(this::allows)) {
            return Refusal.TYPES;
        }
        return patterns.isEmpty()
                        || Stream.of(id.codeFile(), id.debugFile())
                                .filter(Objects::nonNull)
                                .anyMatch(path -> patterns.stream().anyMatch(pattern -> pattern.matches(path)))
                ? null
                : Refusal.PATHS;
    }

    /** Whether the source is to be asked for such files. */
    public boolean allows(FileType type) {
        return types.isEmpty() || types.contains(type);
    }
}
