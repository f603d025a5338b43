package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Violation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetroFunctionsTest {
    /** {@code <global>} from 1:0, {@code foo} from 1:5, {@code <global>} from 3:1, {@code bar} from 3:4, by Metro. */
    private static final String FUNCTIONS = "AAA,KCA;CDE,GEA";

    private static String functions(String list) {
        return ",\"x_facebook_sources\":" + list;
    }

    private static String one(String names, String mappings) {
        return "[{\"names\":" + names + ",\"mappings\":\"" + mappings + "\"}]";
    }

    private static FunctionName named(String name) {
        return new FunctionName.Named(name);
    }

    @Test
    void functions_run_from_row_to_row() {
        String list = "[null," + one("[\"<global>\",\"foo\",\"bar\"]", FUNCTIONS) + "]";
        Read.both(bytes(map(2, 0, "", functions(list))), Strictness.STRICT, map -> {
            assertThat(map.function(0, 0, 0)).isEqualTo(new FunctionName.Unknown());
            assertThat(map.function(1, 0, 0)).isEqualTo(named("<global>"));
            assertThat(map.function(1, 0, 4)).isEqualTo(named("<global>"));
            assertThat(map.function(1, 0, 5)).isEqualTo(named("foo"));
            assertThat(map.function(1, 2, 0)).isEqualTo(named("foo"));
            assertThat(map.function(1, 2, 1)).isEqualTo(named("<global>"));
            assertThat(map.function(1, 9, 9)).isEqualTo(named("bar"));
        });
    }

    @Test
    void lines_may_be_left_out_where_they_stay_and_rows_may_be_out_of_order() {
        Read.both(
                bytes(map(1, 0, "", functions("[" + one("[\"a\",\"b\"]", "KCC,FDD") + "]"))),
                Strictness.STRICT,
                map -> {
                    assertThat(map.function(0, 0, 1)).isEqualTo(new FunctionName.Unknown());
                    assertThat(map.function(0, 0, 3)).isEqualTo(named("a"));
                    assertThat(map.function(0, 1, 5)).isEqualTo(named("b"));
                });
        assertThat(Read.map(map(1, 0, "", functions("[" + one("[\"a\",\"b\"]", "AAA,CC") + "]")))
                        .function(0, 0, 1))
                .isEqualTo(named("b"));
    }

    @Test
    void sections_bring_their_own() {
        String list = "[" + one("[\"f\"]", "AAA") + "]";
        String json = MapText.index(
                MapText.section(0, 0, map(1, 0, "", "")), MapText.section(1, 0, map(1, 0, "", functions(list))));
        Read.both(bytes(json), Strictness.STRICT, map -> {
            assertThat(map.function(0, 0, 0)).isEqualTo(new FunctionName.Unknown());
            assertThat(map.function(1, 0, 0)).isEqualTo(named("f"));
        });
    }

    @Test
    void function_maps_count_before_scopes() {
        String scopes = ",\"scopes\":\"BFAAA,CKA\"";
        String list = functions("[" + one("[\"metro\"]", "AAA") + "]");
        assertThat(Read.map(map(1, 1, "", scopes + list)).function(0, 0, 0)).isEqualTo(named("metro"));
        assertThat(Read.map(map(1, 1, "", scopes + functions("[null]"))).function(0, 0, 0))
                .isEqualTo(named("n0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []
            [[]]
            [[null]]
            [[{}]]
            [[{"names":["a"]}]]
            [null,null,null]
            """)
    void lists_that_do_not_tell_are_fine(String list) {
        assertThat(Read.map(map(1, 0, "", functions(list))).function(0, 0, 0)).isEqualTo(new FunctionName.Unknown());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            wrong_type        | {}
            wrong_type        | [1]
            wrong_type        | [[{"names":3,"mappings":""}]]
            wrong_type        | [[{"names":[],"mappings":[]}]]
            name_index        | [[{"names":[],"mappings":"AAA"}]]
            segment_fields    | [[{"names":["a"],"mappings":"A"}]]
            segment_fields    | [[{"names":["a"],"mappings":"AAAA"}]]
            original_position | [[{"names":["a"],"mappings":"DAA"}]]
            vlq_unfinished    | [[{"names":["a"],"mappings":"AAg"}]]
            """)
    void lists_of_another_form_are_refused_or_tell_nothing(String kind, String list) {
        String json = map(1, 0, "AAAA", functions(list));
        Violation violation = Read.violation(json);
        assertThat(violation.kind().stableName()).isEqualTo(kind);
        assertThat(violation.field()).startsWith("x_facebook_sources");
        assertThat(Read.tolerant(json).map().function(0, 0, 0)).isEqualTo(new FunctionName.Unknown());
        assertThat(violation.kind()).isNotEqualTo(Kind.JSON);
    }
}
