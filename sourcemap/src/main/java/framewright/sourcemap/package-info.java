/**
 * Source maps as ECMA-426 defines them: from the bytes of a map to the original position of a generated one.
 *
 * <p>Flow: {@link framewright.sourcemap.SourceMapParser} takes the JSON apart in place (strings stay slices of the
 * document until someone asks), flattens index maps and decodes the mappings. What comes out is either a
 * {@link framewright.sourcemap.SourceMap} in memory or, for maps that will be asked again, a file written by
 * {@link framewright.sourcemap.SourceMapTables} and read through {@link framewright.sourcemap.SourceMapTable} without
 * decoding it. Both answer through {@link framewright.sourcemap.SourceLookup}.
 *
 * <p>Lines and columns are counted from 0 everywhere, columns in UTF-16 code units, as in the specification. Every
 * input is hostile: what a map gets wrong comes out as a {@link framewright.sourcemap.Violation}, never as an
 * exception, and the caps are in {@link framewright.sourcemap.Limits}.
 *
 * <p>First file to read: {@link framewright.sourcemap.SourceLookup}.
 */
@NullMarked
package framewright.sourcemap;

import org.jspecify.annotations.NullMarked;
