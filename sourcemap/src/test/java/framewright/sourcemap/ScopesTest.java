package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Scopes.Binding;
import framewright.sourcemap.Scopes.CallSite;
import framewright.sourcemap.Scopes.GeneratedRange;
import framewright.sourcemap.Scopes.OriginalScope;
import framewright.sourcemap.Scopes.Position;
import framewright.sourcemap.Scopes.StackFrameType;
import framewright.sourcemap.Violation.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopesTest {
    /** A scope to line 10 with the function n0 in lines 2 to 8, which holds a nameless one in lines 4 to 6. */
    private static final String FUNCTIONS = "BAAA,BFCEA,BECC,CCC,CCA,CCA";

    private static String scopes(String text) {
        return ",\"scopes\":\"" + text + "\"";
    }

    private static Position at(int line, int column) {
        return new Position(line, column);
    }

    @Test
    void scopes_nest_and_their_positions_are_relative() {
        OriginalScope nameless = new OriginalScope(at(4, 2), at(6, 2), null, null, true, List.of(), List.of());
        OriginalScope named = new OriginalScope(at(2, 4), at(8, 0), "n0", null, true, List.of(), List.of(nameless));
        OriginalScope root = new OriginalScope(at(0, 0), at(10, 0), null, null, false, List.of(), List.of(named));
        assertThat(Read.map(map(1, 1, "", scopes(FUNCTIONS))).scopes().originals())
                .containsExactly(root);
    }

    @Test
    void columns_are_relative_on_the_same_line_and_absolute_on_another() {
        Scopes scopes = Read.map(map(1, 0, "", scopes("BAAD,CAB"))).scopes();
        assertThat(scopes.originals().getFirst())
                .isEqualTo(new OriginalScope(at(0, 3), at(0, 4), null, null, false, List.of(), List.of()));
    }

    @Test
    void each_source_starts_over_but_names_go_on() {
        Scopes scopes =
                Read.map(map(4, 3, "", scopes("BDBBCC,CBA,A,,BDBBAC,DAC,CBA"))).scopes();
        assertThat(scopes.originals())
                .containsExactly(
                        new OriginalScope(at(1, 1), at(2, 0), "n1", "n1", false, List.of(), List.of()),
                        null,
                        null,
                        new OriginalScope(at(1, 1), at(2, 0), "n1", "n2", false, List.of("n0", "n1"), List.of()));
    }

    @Test
    void sources_that_the_scopes_do_not_reach_have_none() {
        assertThat(Read.map(map(2, 0, "", scopes("BAAA,CBA"))).scopes().originals())
                .hasSize(2)
                .last()
                .isNull();
        assertThat(Read.map(map(2, 0, "", "")).scopes()).isEqualTo(Scopes.NONE);
    }

    @Test
    void ranges_carry_definitions_call_sites_and_bindings() {
        String text = "BAAA,DAC,CBA,EDAFA,GBA,EEC,ICDE,FC,HBABCAEA,FBJ";
        Scopes scopes = Read.map(map(3, 3, "", scopes(text))).scopes();
        GeneratedRange inner = new GeneratedRange(
                at(0, 7), at(0, 9), -1, StackFrameType.ORIGINAL, new CallSite(2, 3, 4), List.of(), List.of());
        assertThat(scopes.ranges())
                .containsExactly(new GeneratedRange(
                        at(0, 5),
                        at(1, 9),
                        0,
                        StackFrameType.NONE,
                        null,
                        List.of(
                                List.of(new Binding(at(0, 5), "n0")),
                                List.of(new Binding(at(0, 6), "n1"), new Binding(at(0, 10), null))),
                        List.of(inner)));
    }

    @Test
    void sections_move_ranges_and_count_scopes_on() {
        String first = map(1, 0, "", scopes("BAAA,CBA,ECAA,FC"));
        String second = map(1, 0, "", scopes("BAAA,CBA,ECBA,FBC"));
        Scopes scopes = Read.map(MapText.index(MapText.section(0, 0, first), MapText.section(4, 7, second)))
                .scopes();
        assertThat(scopes.originals()).hasSize(2).doesNotContainNull();
        assertThat(scopes.ranges()).extracting(GeneratedRange::definition).containsExactly(0, 1);
        assertThat(scopes.ranges()).extracting(GeneratedRange::start).containsExactly(at(0, 0), at(4, 8));
        assertThat(scopes.ranges()).extracting(GeneratedRange::end).containsExactly(at(0, 2), at(5, 2));
    }

    @Test
    void unknown_items_are_passed_over() {
        Scopes scopes = Read.map(map(1, 0, "", scopes("BAAA,JAAA,CBA,gBCC,EAA,KggB,FC")))
                .scopes();
        assertThat(scopes.originals()).doesNotContainNull();
        assertThat(scopes.ranges()).hasSize(1);
    }

    @Test
    void functions_are_the_innermost_scopes_that_show_in_stack_traces() {
        Read.both(bytes(map(1, 1, "", scopes(FUNCTIONS))), Strictness.STRICT, map -> {
            assertThat(map.function(0, 2, 3)).isEqualTo(new FunctionName.Unknown());
            assertThat(map.function(0, 2, 4)).isEqualTo(new FunctionName.Named("n0"));
            assertThat(map.function(0, 4, 2)).isEqualTo(new FunctionName.Anonymous());
            assertThat(map.function(0, 6, 2)).isEqualTo(new FunctionName.Named("n0"));
            assertThat(map.function(0, 8, 0)).isEqualTo(new FunctionName.Unknown());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scopes             | CAA
            scopes             | BAAA
            scopes             | DA
            scopes             | BAAA,CBA,BAAA,CBA
            scopes             | BAAA,EAA,FA,CBA
            scopes             | EAA
            scopes             | FA
            scopes             | GA
            scopes             | IAAA
            scopes             | EAA,FA,BAAA,CBA
            scopes             | ECAA,FA
            scopes             | ECAD,FA
            scopes             | EIA,FA
            scopes             | EAA,HAAAA,FA
            scopes             | BAAA,CBAA
            name_index         | BBAAC,CBA
            name_index         | BBAAD,CBA
            name_index         | EAA,GC,FA
            source_index       | EAA,IBAA,FA
            segment_fields     | BA
            vlq_unfinished     | BAAg
            vlq_digit          | BAA!
            vlq_unfinished     | B
            """)
    void what_does_not_add_up_to_trees_is_refused_or_no_scopes(String kind, String text) {
        String json = map(1, 1, "AAAA", scopes(text));
        assertThat(Read.violation(json).kind().stableName()).isEqualTo(kind);
        SourceMapParser.Parsed parsed = Read.tolerant(json);
        assertThat(parsed.tolerated()).hasSize(1);
        assertThat(parsed.map().scopes().originals()).containsOnlyNulls();
        assertThat(parsed.map().scopes().ranges()).isEmpty();
        assertThat(parsed.map().lookup(0, 0)).isNotNull();
    }

    @Test
    void positions_beyond_31_bits_are_refused() {
        String large = MapText.unsigned(Integer.MAX_VALUE);
        assertThat(Read.violation(map(1, 0, "", scopes("BA" + large + "A,CBA"))).kind())
                .isEqualTo(Kind.ORIGINAL_POSITION);
        assertThat(Read.violation(map(1, 0, "", scopes("EA" + large + ",FB"))).kind())
                .isEqualTo(Kind.GENERATED_POSITION);
    }

    @Test
    void scopes_and_ranges_nested_beyond_the_cap_are_refused() {
        int depth = Limits.MAX_SCOPE_DEPTH;
        String deepest = "BAAA,".repeat(depth) + "CAA,".repeat(depth) + "A";
        assertThat(Read.map(map(1, 0, "", scopes(deepest))).scopes().hashCode()).isNotZero();
        String deeper = "BAAA," + "BAAA,".repeat(depth) + "CAA,".repeat(depth) + "CAA";
        assertThat(Read.violation(map(1, 0, "", scopes(deeper))).kind()).isEqualTo(Kind.TOO_DEEP);
        String ranges = "A" + ",EAA".repeat(depth + 1) + ",FA".repeat(depth + 1);
        assertThat(Read.violation(map(1, 0, "", scopes(ranges))).kind()).isEqualTo(Kind.TOO_DEEP);
    }
}
