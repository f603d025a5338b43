package framewright.sourcemap;

import org.jspecify.annotations.Nullable;

/**
 * A map that is no index map, or what one section of an index map holds. Its sources and names are a run of the
 * document's.
 *
 * @param path what stands before its fields' names in violations
 * @param line line of the generated code where it starts
 * @param column column where its first line starts
 */
record RegularMap(
        String path,
        int line,
        int column,
        int sourceBase,
        int sourceCount,
        int nameBase,
        int nameCount,
        Slice mappings,
        @Nullable Slice rangeMappings,
        @Nullable Slice scopes) {}
