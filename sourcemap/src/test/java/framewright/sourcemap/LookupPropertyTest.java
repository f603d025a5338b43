package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Lookups in parsed maps and their tables against a list that is searched from front to back. */
class LookupPropertyTest {
    private static final int SOURCES = 3;
    private static final int NAMES = 4;

    @Property(tries = 500)
    void lookups_answer_as_a_plain_list_does(
            @ForAll("mappings") List<Mapping> mappings, @ForAll("positions") List<int[]> positions) {
        String more = ",\"rangeMappings\":\"" + MapText.ranges(mappings) + "\"";
        String json = MapText.map(SOURCES, NAMES, MapText.mappings(mappings), more);
        List<Mapping> sorted = mappings.stream()
                .sorted(Comparator.comparingInt(Mapping::generatedLine).thenComparingInt(Mapping::generatedColumn))
                .toList();
        Read.both(MapText.bytes(json), Strictness.STRICT, map -> {
            for (int[] position : positions) {
                assertThat(map.lookup(position[0], position[1]))
                        .as("%d:%d", position[0], position[1])
                        .isEqualTo(model(sorted, position[0], position[1]));
            }
        });
    }

    @Property(tries = 200)
    void sections_answer_as_one_map_does(
            @ForAll("mappings") List<Mapping> first,
            @ForAll("mappings") List<Mapping> second,
            @ForAll @IntRange(max = 20) int column) {
        int line = first.isEmpty() ? 0 : first.getLast().generatedLine() + 1;
        String json = MapText.index(
                MapText.section(0, 0, MapText.map(SOURCES, NAMES, MapText.mappings(first), "")),
                MapText.section(line, column, MapText.map(SOURCES, NAMES, MapText.mappings(second), "")));
        SourceMap alone = Read.map(MapText.map(SOURCES, NAMES, MapText.mappings(second), ""));
        Read.both(MapText.bytes(json), Strictness.STRICT, map -> {
            for (int l = 0; l < 4; l++) {
                for (int c = 0; c < 40; c++) {
                    Mapping moved = map.lookup(line + l, l == 0 ? c + column : c);
                    Mapping mapping = alone.lookup(l, c);
                    assertThat(moved == null).isEqualTo(mapping == null);
                    if (moved != null && mapping != null) {
                        assertThat(moved.isMapped()).isEqualTo(mapping.isMapped());
                        assertThat(moved.line()).isEqualTo(mapping.line());
                        assertThat(moved.column()).isEqualTo(mapping.column());
                        assertThat(moved.source() - mapping.source()).isEqualTo(mapping.isMapped() ? SOURCES : 0);
                    }
                }
            }
        });
    }

    @Provide
    Arbitrary<List<Mapping>> mappings() {
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 30);
        Arbitrary<Integer> any = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Integer> original = Arbitraries.frequencyOf(Tuple.of(9, small), Tuple.of(1, any));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        small,
                        Arbitraries.integers().between(-1, SOURCES - 1),
                        original,
                        original,
                        Arbitraries.integers().between(-1, NAMES - 1),
                        Arbitraries.integers().between(0, 9).map(i -> i == 0))
                .as(LookupPropertyTest::mapping)
                .list()
                .ofMaxSize(300)
                // Within a line the order stays random.
                .map(list -> list.stream()
                        .sorted(Comparator.comparingInt(Mapping::generatedLine))
                        .toList());
    }

    @Provide
    Arbitrary<List<int[]>> positions() {
        return Combinators.combine(
                        Arbitraries.integers().between(-1, 9),
                        Arbitraries.integers().between(-1, 40))
                .as((line, column) -> new int[] {line, column})
                .list()
                .ofMinSize(20)
                .ofMaxSize(60);
    }

    private static Mapping mapping(int line, int column, int source, int original, int at, int name, boolean range) {
        return source == Mapping.NONE
                ? new Mapping(line, column, source, 0, 0, Mapping.NONE, range)
                : new Mapping(line, column, source, original, at, name, range);
    }

    private static @Nullable Mapping model(List<Mapping> sorted, int line, int column) {
        if (line < 0 || column < 0) {
            return null;
        }
        Mapping found = null;
        for (Mapping mapping : sorted) {
            boolean same = mapping.generatedLine() == line && mapping.generatedColumn() == column;
            boolean before = mapping.generatedLine() < line
                    || (mapping.generatedLine() == line && mapping.generatedColumn() < column);
            if (before || same) {
                found = mapping;
            }
            if (same) {
                break;
            }
        }
        if (found == null || (found.generatedLine() != line && !(found.range() && found.isMapped()))) {
            return null;
        }
        if (!found.range() || !found.isMapped()) {
            return found;
        }
        boolean sameLine = found.generatedLine() == line;
        long movedLine = (long) found.line() + line - found.generatedLine();
        long movedColumn = sameLine ? (long) found.column() + column - found.generatedColumn() : column;
        return new Mapping(
                found.generatedLine(),
                found.generatedColumn(),
                found.source(),
                (int) Math.min(Integer.MAX_VALUE, movedLine),
                (int) Math.min(Integer.MAX_VALUE, movedColumn),
                found.name(),
                true);
    }
}
