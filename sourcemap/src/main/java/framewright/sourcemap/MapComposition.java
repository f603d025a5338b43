package framewright.sourcemap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Two steps of a build as one map: code generated from sources that were generated themselves. A position is looked up
 * in the outer map, and what it gives in the map of that source. Nothing is computed ahead, so that ranges compose
 * exactly and the cost is that of two lookups; chains of more steps nest.
 *
 * <p>Sources without a map of their own stay as they are. Sources and names are the outer map's, then each inner
 * map's; a source that has a map stays in the list, though no lookup ends there.
 */
public final class MapComposition implements SourceLookup {
    private final SourceLookup outer;
    private final List<@Nullable SourceLookup> inners = new ArrayList<>();
    private final List<Integer> sourceBases = new ArrayList<>();
    private final List<Integer> nameBases = new ArrayList<>();
    private final int sourceCount;
    private final int nameCount;

    /**
     * Composes.
     *
     * @param outer the map of the code that runs
     * @param innerOf the map of a source of the outer map, by index; null for sources that are originals
     */
    public MapComposition(SourceLookup outer, IntFunction<@Nullable SourceLookup> innerOf) {
        this.outer = outer;
        int sources = outer.sourceCount();
        int names = outer.nameCount();
        for (int i = 0; i < outer.sourceCount(); i++) {
            SourceLookup inner = innerOf.apply(i);
            inners.add(inner);
            sourceBases.add(sources);
            nameBases.add(names);
            if (inner != null) {
                sources = Math.addExact(sources, inner.sourceCount());
                names = Math.addExact(names, inner.nameCount());
            }
        }
        sourceCount = sources;
        nameCount = names;
    }

    /**
     * As in one map. The name is the inner map's, or none: a name of the outer map is one of the code in between
     * (ECMA-426's transitive tests want it so), and {@code outer.lookup} gives it to who wants that.
     */
    @Override
    public @Nullable Mapping lookup(int line, int column) {
        Mapping first = outer.lookup(line, column);
        SourceLookup inner = first == null || !first.isMapped() ? null : inners.get(first.source());
        if (first == null || inner == null) {
            return first;
        }
        Mapping second = inner.lookup(first.line(), first.column());
        if (second == null || !second.isMapped()) {
            return new Mapping(first.generatedLine(), first.generatedColumn(), Mapping.NONE, 0, 0, Mapping.NONE, false);
        }
        int name = second.name() == Mapping.NONE ? Mapping.NONE : nameBases.get(first.source()) + second.name();
        return new Mapping(
                first.generatedLine(),
                first.generatedColumn(),
                sourceBases.get(first.source()) + second.source(),
                second.line(),
                second.column(),
                name,
                first.range() && second.range());
    }

    @Override
    public @Nullable String file() {
        return outer.file();
    }

    @Override
    public @Nullable String debugId() {
        return outer.debugId();
    }

    @Override
    public int sourceCount() {
        return sourceCount;
    }

    @Override
    public @Nullable String source(int index) {
        Part part = part(sourceBases, index, outer.sourceCount());
        return part.map.source(part.index);
    }

    @Override
    public @Nullable String content(int index) {
        Part part = part(sourceBases, index, outer.sourceCount());
        return part.map.content(part.index);
    }

    @Override
    public boolean hasContent(int index) {
        Part part = part(sourceBases, index, outer.sourceCount());
        return part.map.hasContent(part.index);
    }

    @Override
    public boolean isIgnored(int index) {
        Part part = part(sourceBases, index, outer.sourceCount());
        return part.map.isIgnored(part.index);
    }

    @Override
    public int nameCount() {
        return nameCount;
    }

    @Override
    public String name(int index) {
        Part part = part(nameBases, index, outer.nameCount());
        return part.map.name(part.index);
    }

    @Override
    public boolean hasFunctions() {
        return outer.hasFunctions() || inners.stream().anyMatch(inner -> inner != null && inner.hasFunctions());
    }

    @Override
    public FunctionName function(int source, int line, int column) {
        Part part = part(sourceBases, source, outer.sourceCount());
        return part.map.function(part.index, line, column);
    }

    @Override
    public List<String> modulePaths() {
        return outer.modulePaths();
    }

    @Override
    public int moduleLine(int module) {
        return outer.moduleLine(module);
    }

    /** A map and an index of its own. */
    private record Part(SourceLookup map, int index) {}

    private Part part(List<Integer> bases, int index, int outerCount) {
        if (index < outerCount) {
            return new Part(outer, index);
        }
        // The last inner map that starts at or before the index; those without a map start where the next one does.
        int low = 0;
        int high = bases.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bases.get(middle) <= index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (int i = low - 1; i >= 0; i--) {
            SourceLookup inner = inners.get(i);
            if (inner != null) {
                return new Part(inner, index - bases.get(i));
            }
        }
        throw new IndexOutOfBoundsException(index);
    }
}
