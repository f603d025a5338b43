package framewright.sourcemap;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A map in memory, immutable. It keeps the bytes it was parsed from: names and contents are read from there when asked
 * for. Its mappings are packed as in a table, so that it is ready to be written as one; in all it is little larger than
 * the map.
 */
public final class SourceMap implements SourceLookup {
    final SourceDocument document;
    final PackedMappings mappings;
    private final Scopes scopes;

    SourceMap(SourceDocument document, PackedMappings mappings, Scopes scopes) {
        this.document = document;
        this.mappings = mappings;
        this.scopes = scopes;
    }

    /** The scopes that the map describes; {@link Scopes#NONE} where it has none. */
    public Scopes scopes() {
        return scopes;
    }

    @Override
    public @Nullable Mapping lookup(int line, int column) {
        return mappings.lookup(line, column);
    }

    /** How many mappings there are. */
    public int mappingCount() {
        return mappings.count();
    }

    @Override
    public @Nullable String file() {
        return document.file;
    }

    @Override
    public @Nullable String debugId() {
        return document.debugId;
    }

    @Override
    public int sourceCount() {
        return document.sources.size();
    }

    @Override
    public @Nullable String source(int index) {
        return document.sources.get(index);
    }

    @Override
    public @Nullable String content(int index) {
        return document.contents.get(index);
    }

    @Override
    public boolean hasContent(int index) {
        return document.contents.isPresent(index);
    }

    @Override
    public boolean isIgnored(int index) {
        return document.ignored.get(Objects.checkIndex(index, sourceCount()));
    }

    @Override
    public int nameCount() {
        return document.names.size();
    }

    @Override
    public String name(int index) {
        String name = document.names.get(index);
        return name == null ? "" : name;
    }

    @Override
    public boolean hasFunctions() {
        return document.namesFunctions();
    }

    @Override
    public FunctionName function(int source, int line, int column) {
        FunctionMap functions = document.functions.get(source);
        return functions == null ? new FunctionName.Unknown() : functions.at(line, column);
    }

    @Override
    public List<String> modulePaths() {
        return document.modulePaths;
    }

    @Override
    public int moduleLine(int module) {
        ByteSink lines = document.moduleLines;
        return module < 0 || module >= lines.size() / Integer.BYTES ? TableLayout.ABSENT : lines.getInt(module);
    }
}
