/** Tests of source maps; maps are written by {@link framewright.sourcemap.MapText}, which shares nothing with the parser. */
@NullMarked
package framewright.sourcemap;

import org.jspecify.annotations.NullMarked;
