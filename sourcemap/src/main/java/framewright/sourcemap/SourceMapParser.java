package framewright.sourcemap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of a map into a {@link SourceMap}. */
public final class SourceMapParser {
    private SourceMapParser() {}

    /** What became of some bytes. */
    public sealed interface Result {}

    /**
     * They are a map.
     *
     * @param map the map
     * @param tolerated what it gets wrong and was passed over, at most {@link Limits#MAX_TOLERATED} of it
     */
    public record Parsed(SourceMap map, List<Violation> tolerated) implements Result {}

    /** They are no map, or not one that the {@link Strictness} allows. */
    public record Malformed(Violation violation) implements Result {}

    /**
     * Parses a map.
     *
     * @param bytes the map as it came, {@code )]}'} line and byte order mark included; kept, so not to be changed
     * @param strictness what to do about lesser violations
     */
    public static Result parse(byte[] bytes, Strictness strictness) {
        return parse(bytes, strictness, () -> {});
    }

    /**
     * The same for who has other work to do where the map names no functions.
     *
     * @param nameless run once that is known, before most of the work is done
     */
    public static Result parse(byte[] bytes, Strictness strictness, Runnable nameless) {
        Problems problems = new Problems(strictness);
        try {
            SourceDocument document = DocumentReader.read(bytes, problems);
            Scopes scopes = scopes(document, problems);
            if (!document.namesFunctions()) {
                nameless.run();
            }
            PackedMappings mappings = mappings(document, problems);
            return new Parsed(new SourceMap(document, mappings, scopes), problems.tolerated());
        } catch (MalformedSourceMapException e) {
            return new Malformed(e.violation());
        }
    }

    private static PackedMappings mappings(SourceDocument document, Problems problems) {
        BlockWriter blocks = new BlockWriter();
        if (!decode(document, problems, blocks)) {
            // Columns out of order within a line, which is rare: sort in memory, and start over.
            long count = 0;
            for (RegularMap map : document.maps) {
                count += MappingsDecoder.count(document.bytes, map);
            }
            // No more than bytes in the document, so an int.
            MappingSorter sorter = new MappingSorter((int) count);
            decode(document, new Problems(Strictness.TOLERANT), sorter);
            blocks = new BlockWriter();
            sorter.forEachInOrder(blocks);
        }
        return blocks.finish(document.sources.size(), document.names.size());
    }

    /** Decodes the mappings of all sections; tells whether they came in the order of generated positions. */
    private static boolean decode(SourceDocument document, Problems problems, MappingSink sink) {
        List<RegularMap> maps = inOrder(document.maps, problems);
        boolean ordered = true;
        for (int i = 0; i < maps.size(); i++) {
            long stop = i + 1 < maps.size() ? start(maps.get(i + 1)) : Long.MAX_VALUE;
            ordered &= new MappingsDecoder(document.bytes, maps.get(i), stop, problems, sink).decode();
        }
        return ordered;
    }

    /** Decodes the scopes of all sections, and lets them name the functions of sources that have no function map. */
    private static Scopes scopes(SourceDocument document, Problems problems) {
        if (document.maps.stream().allMatch(map -> map.scopes() == null)) {
            return Scopes.NONE;
        }
        List<Scopes.@Nullable OriginalScope> trees = new ArrayList<>();
        List<Scopes.GeneratedRange> ranges = new ArrayList<>();
        int scopeCount = 0;
        for (RegularMap map : document.maps) {
            Slice slice = map.scopes();
            ScopesDecoder.Decoded decoded = slice == null ? null : decode(document, map, slice, scopeCount, problems);
            if (decoded == null) {
                trees.addAll(Collections.nCopies(map.sourceCount(), null));
            } else {
                trees.addAll(decoded.trees());
                ranges.addAll(decoded.ranges());
                scopeCount += decoded.scopeCount();
            }
        }
        for (int i = 0; i < trees.size(); i++) {
            Scopes.OriginalScope tree = trees.get(i);
            if (tree != null && document.functions.get(i) == null) {
                document.functions.set(i, ScopeFunctions.of(tree));
            }
        }
        return new Scopes(Collections.unmodifiableList(trees), List.copyOf(ranges));
    }

    private static ScopesDecoder.@Nullable Decoded decode(
            SourceDocument document, RegularMap map, Slice scopes, int scopeBase, Problems problems) {
        try {
            return ScopesDecoder.decode(document, map, scopes, scopeBase);
        } catch (MalformedSourceMapException e) {
            problems.optional(e.violation());
            return null;
        }
    }

    private static List<RegularMap> inOrder(List<RegularMap> maps, Problems problems) {
        for (int i = 1; i < maps.size(); i++) {
            RegularMap map = maps.get(i);
            if (start(map) < start(maps.get(i - 1))) {
                problems.optional(
                        Violation.Kind.SECTION_ORDER,
                        map.path() + "mappings",
                        map.mappings().start());
                List<RegularMap> sorted = new ArrayList<>(maps);
                sorted.sort(Comparator.comparingLong(SourceMapParser::start));
                return sorted;
            }
        }
        return maps;
    }

    private static long start(RegularMap map) {
        return MappingsDecoder.position(map.line(), map.column());
    }
}
