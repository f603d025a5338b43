package framewright.sourcemap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one asks a source map: where generated code comes from, and what stands there. Answers do not depend on
 * whether the map is in memory, mapped from a table on disk, or two maps one after the other. Indexes of sources and
 * names are those that {@link #lookup} gives; others are a bug of the caller and throw {@link
 * IndexOutOfBoundsException}.
 */
public sealed interface SourceLookup permits SourceMap, SourceMapTable, MapComposition {
    /**
     * The mapping that applies at a generated position: the greatest one not after it on the same line, or a range
     * mapping that reaches it. Of several at exactly the position the first wins, of several before it the last.
     *
     * @param line line in generated code, from 0
     * @param column column, from 0
     * @return null where nothing applies; an unmapped one where the map says that the code has no original
     */
    @Nullable
    Mapping lookup(int line, int column);

    /** The generated file that the map is of, as it names it. */
    @Nullable
    String file();

    /** The map's debug id, a UUID in lower case. */
    @Nullable
    String debugId();

    /** How many sources there are. */
    int sourceCount();

    /** A source's path or URL with the map's root before it; null where the map does not know it. */
    @Nullable
    String source(int index);

    /** A source's text; null where the map does not bring it. */
    @Nullable
    String content(int index);

    /** Whether {@link #content} gives a text, told without reading it. */
    boolean hasContent(int index);

    /** Whether a source is third-party code that debuggers pass over. */
    boolean isIgnored(int index);

    /** How many names there are. */
    int nameCount();

    /** A name. */
    String name(int index);

    /** Whether {@link #function} names any. */
    boolean hasFunctions();

    /** The function around an original position, from the map's scopes or function maps. */
    FunctionName function(int source, int line, int column);

    /** {@code x_metro_module_paths}: the paths of a React Native bundle's modules. */
    List<String> modulePaths();

    /**
     * {@code x_facebook_offsets}: the line of the generated code at which a module of a RAM bundle starts, which keeps
     * it apart; -1 where the map does not say.
     */
    int moduleLine(int module);
}
