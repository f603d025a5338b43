package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingsTest {
    private static final int MAX = Integer.MAX_VALUE;

    @Test
    void fields_are_relative_and_only_the_column_starts_over_on_each_line() {
        Read.both(bytes(map(2, 2, "CCEEC,CAAAD;CACA", "")), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, 1)).isEqualTo(new Mapping(0, 1, 1, 2, 2, 1, false));
            assertThat(map.lookup(0, 2)).isEqualTo(new Mapping(0, 2, 1, 2, 2, 0, false));
            assertThat(map.lookup(1, 9)).isEqualTo(new Mapping(1, 1, 1, 3, 2, Mapping.NONE, false));
        });
    }

    @Test
    void the_greatest_mapping_not_after_the_position_applies_on_its_line_only() {
        Read.both(bytes(map(1, 0, "EAAA,EAAE;;CAAA", "")), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, 1)).isNull();
            assertThat(column(map.lookup(0, 2))).isZero();
            assertThat(column(map.lookup(0, 3))).isZero();
            assertThat(column(map.lookup(0, 4))).isEqualTo(2);
            assertThat(column(map.lookup(0, MAX))).isEqualTo(2);
            assertThat(map.lookup(1, 5)).isNull();
            assertThat(map.lookup(2, 0)).isNull();
            assertThat(map.lookup(3, 0)).isNull();
            assertThat(map.lookup(-1, 0)).isNull();
            assertThat(map.lookup(0, -1)).isNull();
        });
    }

    @Test
    void a_segment_of_one_field_ends_what_is_mapped() {
        Read.both(bytes(map(1, 0, "AAAC,E", "")), Strictness.STRICT, map -> {
            assertThat(column(map.lookup(0, 1))).isEqualTo(1);
            assertThat(map.lookup(0, 2)).isEqualTo(new Mapping(0, 2, Mapping.NONE, 0, 0, Mapping.NONE, false));
        });
    }

    @Test
    void of_mappings_at_one_column_the_first_wins_there_and_the_last_behind() {
        Read.both(bytes(map(1, 0, "CAAA,AAAC,AAAC", "")), Strictness.STRICT, map -> {
            assertThat(column(map.lookup(0, 1))).isZero();
            assertThat(column(map.lookup(0, 2))).isEqualTo(2);
        });
    }

    @Test
    void equal_columns_over_many_blocks_still_answer_with_the_first_and_the_last() {
        String equal = ",AAAC".repeat(300);
        Read.both(bytes(map(1, 0, "AAAA,CAAA" + equal + ",CAAA", "")), Strictness.STRICT, map -> {
            assertThat(column(map.lookup(0, 0))).isZero();
            assertThat(column(map.lookup(0, 1))).isZero();
            assertThat(column(map.lookup(0, 2))).isEqualTo(300);
        });
        Read.both(bytes(map(1, 0, "CAAA" + equal + ",EAAA", "")), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, 0)).isNull();
            assertThat(column(map.lookup(0, 1))).isZero();
            assertThat(column(map.lookup(0, 2))).isEqualTo(300);
        });
    }

    @Test
    void columns_out_of_order_are_sorted() {
        Read.both(bytes(map(1, 1, "UAAA,LAACA,CAAC;CAAA,UAAA,TAAC", "")), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, 5)).isEqualTo(new Mapping(0, 5, 0, 0, 1, 0, false));
            assertThat(column(map.lookup(0, 6))).isEqualTo(2);
            assertThat(column(map.lookup(0, 10))).isZero();
            assertThat(column(map.lookup(1, 1))).isEqualTo(2);
            assertThat(column(map.lookup(1, 2))).isEqualTo(3);
        });
    }

    @Test
    void the_largest_positions_fit() {
        String large = MapText.signed(MAX);
        Read.both(bytes(map(1, 0, large + "A" + large + large, "")), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, MAX)).isEqualTo(new Mapping(0, MAX, 0, MAX, MAX, Mapping.NONE, false));
            assertThat(map.lookup(0, MAX - 1)).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vlq_digit      | A$
            vlq_digit      | AAAA A
            vlq_digit      | A=
            vlq_unfinished | g
            vlq_unfinished | AAAg,A
            vlq_unfinished | g;
            vlq_too_large  | ggggggE
            vlq_too_large  | ggggggggggggC
            segment_fields | AA
            segment_fields | AAA
            segment_fields | AAAAAA
            segment_fields | ,
            segment_fields | A,
            segment_fields | A,,A
            segment_fields | ;,A
            """)
    void ill_formed_mappings_are_refused_however_tolerant(String kind, String mappings) {
        for (Strictness strictness : Strictness.values()) {
            Violation violation = Read.violation(SourceMapParser.parse(bytes(map(1, 1, mappings, "")), strictness));
            assertThat(violation.kind().stableName()).isEqualTo(kind);
            assertThat(violation.field()).isEqualTo("mappings");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            generated_position | D,CCAA
            generated_position | B
            source_index       | ACAA
            source_index       | ADAA
            original_position  | AADA
            original_position  | AAAD
            name_index         | AAAAC
            name_index         | AAAAD
            """)
    void indexes_and_positions_that_cannot_be_are_refused_or_noted(String kind, String mappings) {
        assertThat(Read.violation(map(1, 1, mappings, "")).kind().stableName()).isEqualTo(kind);
        assertThat(Read.tolerant(map(1, 1, mappings, ""))
                        .tolerated()
                        .getFirst()
                        .kind()
                        .stableName())
                .isEqualTo(kind);
    }

    @Test
    void tolerated_mappings_lose_what_is_wrong_and_sums_go_on() {
        SourceMap map = Read.tolerant(map(1, 1, "D,EAAA,CCAA,CDACC,CAAAD", "")).map();
        assertThat(map.mappingCount()).isEqualTo(4);
        assertThat(map.lookup(0, 0)).isNull();
        assertThat(map.lookup(0, 1)).isEqualTo(new Mapping(0, 1, 0, 0, 0, Mapping.NONE, false));
        assertThat(map.lookup(0, 2)).isEqualTo(new Mapping(0, 2, Mapping.NONE, 0, 0, Mapping.NONE, false));
        assertThat(map.lookup(0, 3)).isEqualTo(new Mapping(0, 3, 0, 0, 1, Mapping.NONE, false));
        assertThat(map.lookup(0, 4)).isEqualTo(new Mapping(0, 4, 0, 0, 1, 0, false));
    }

    @Test
    void sums_beyond_31_bits_are_no_positions() {
        String large = MapText.signed(MAX);
        assertThat(Read.violation(map(1, 0, large + "," + large, "")).kind()).isEqualTo(Kind.GENERATED_POSITION);
        assertThat(Read.violation(map(1, 0, "AA" + large + "A,AACA", "")).kind())
                .isEqualTo(Kind.ORIGINAL_POSITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 63, 64, 65, 1000})
    void tables_of_any_number_of_blocks_answer_as_memory_does(int count) {
        List<Mapping> mappings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mappings.add(new Mapping(i / 50, i % 50 * 3, i % 3, i, i * 7 % 11, i % 2 - 1, false));
        }
        String json = map(3, 1, MapText.mappings(mappings), "");
        SourceMap memory = Read.map(json);
        Read.withTable(Read.map(json), table -> {
            assertThat(table.mappingCount()).isEqualTo(count);
            for (int line = 0; line <= count / 50 + 1; line++) {
                for (int column = 0; column < 153; column++) {
                    assertThat(table.lookup(line, column)).isEqualTo(memory.lookup(line, column));
                }
            }
        });
    }

    private static int column(@Nullable Mapping mapping) {
        assertThat(mapping).isNotNull();
        return Objects.requireNonNull(mapping).column();
    }

    @Test
    void what_was_tolerated_is_told_once_though_mappings_are_decoded_again_to_be_sorted() {
        assertThat(Read.tolerant(map(1, 0, "EAAA,DACA", "")).tolerated()).isEmpty();
        assertThat(Read.tolerant(map(1, 0, "EAAA,DCAA", "")).tolerated()).hasSize(1);
    }
}
