package framewright.sourcemap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a map, taken apart: what does not depend on decoding its mappings. Sections of an index map are laid
 * one behind the other, so that indexes into sources and names hold for all of them. Filled by {@link
 * DocumentReader}, and only read from then on.
 */
final class SourceDocument {
    final byte[] bytes;
    final List<RegularMap> maps = new ArrayList<>();
    final List<@Nullable String> sources = new ArrayList<>();
    final BitSet ignored = new BitSet();
    /** As many as {@link #sources}. */
    final Texts contents;

    final Texts names;
    /** As many as {@link #sources}; null where the map has none. */
    final List<@Nullable FunctionMap> functions = new ArrayList<>();

    List<String> modulePaths = List.of();

    /** An i32 a module, as {@link TableLayout#MODULE_LINES} has them. */
    final ByteSink moduleLines = new ByteSink(0);

    @Nullable
    String file;

    @Nullable
    String debugId;

    SourceDocument(byte[] bytes) {
        this.bytes = bytes;
        contents = new Texts(bytes);
        names = new Texts(bytes);
    }

    /** Whether any source has functions; of no use before scopes were decoded. */
    boolean namesFunctions() {
        return functions.stream().anyMatch(map -> map != null && map.size() > 0);
    }
}
