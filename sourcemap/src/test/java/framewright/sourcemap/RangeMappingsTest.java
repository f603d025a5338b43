package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Violation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeMappingsTest {
    private static String ranges(String text) {
        return ",\"rangeMappings\":\"" + text + "\"";
    }

    @Test
    void a_range_maps_character_by_character() {
        Read.both(bytes(map(1, 0, "CACE,QAAQ", ranges("B"))), Strictness.STRICT, map -> {
            assertThat(map.lookup(0, 0)).isNull();
            assertThat(map.lookup(0, 1)).isEqualTo(new Mapping(0, 1, 0, 1, 2, Mapping.NONE, true));
            assertThat(map.lookup(0, 8)).isEqualTo(new Mapping(0, 1, 0, 1, 9, Mapping.NONE, true));
            assertThat(map.lookup(0, 20)).isEqualTo(new Mapping(0, 9, 0, 1, 10, Mapping.NONE, false));
        });
    }

    @Test
    void a_range_goes_on_over_line_ends_until_the_next_mapping() {
        Read.both(bytes(map(1, 0, "CACE;;;EAAA", ranges("B"))), Strictness.STRICT, map -> {
            assertThat(map.lookup(1, 7)).isEqualTo(new Mapping(0, 1, 0, 2, 7, Mapping.NONE, true));
            assertThat(map.lookup(3, 1)).isEqualTo(new Mapping(0, 1, 0, 4, 1, Mapping.NONE, true));
            assertThat(map.lookup(3, 2)).isEqualTo(new Mapping(3, 2, 0, 1, 2, Mapping.NONE, false));
            assertThat(map.lookup(4, 0)).isNull();
        });
    }

    @Test
    void indexes_count_segments_of_the_line_from_one_and_each_from_the_last() {
        Read.both(bytes(map(1, 0, "AAAA,CAAC;AAAC,CAAC,CAAC", ranges("C;BC"))), Strictness.STRICT, map -> {
            assertThat(range(map, 0, 0)).isFalse();
            assertThat(range(map, 0, 1)).isTrue();
            assertThat(range(map, 1, 0)).isTrue();
            assertThat(range(map, 1, 1)).isFalse();
            assertThat(range(map, 1, 2)).isTrue();
        });
    }

    @Test
    void sorting_takes_the_ranges_along() {
        Read.both(bytes(map(1, 0, "UAAA,LAAC,KAAC", ranges("C"))), Strictness.STRICT, map -> {
            assertThat(range(map, 0, 5)).isTrue();
            assertThat(range(map, 0, 10)).isFalse();
            assertThat(map.lookup(0, 9)).isEqualTo(new Mapping(0, 5, 0, 0, 5, Mapping.NONE, true));
        });
    }

    @Test
    void far_ends_of_ranges_stay_positions() {
        String large = MapText.signed(Integer.MAX_VALUE);
        Read.both(bytes(map(1, 0, "AA" + large + large, ranges("B"))), Strictness.STRICT, map -> {
            Mapping far = map.lookup(Integer.MAX_VALUE, Integer.MAX_VALUE);
            assertThat(far).isEqualTo(new Mapping(0, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, Mapping.NONE, true));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", ";;;;", "B;;"})
    void more_lines_than_the_mappings_have_are_fine_while_empty(String text) {
        assertThat(Read.map(map(1, 0, "AAAA", ranges(text))).mappingCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            range_mapping  | AAAA  | A
            range_mapping  | AAAA  | C
            range_mapping  | AAAA; | C;
            range_mapping  | AAAA  | B;B
            range_mapping  | AAAA  | B;;;B
            vlq_digit      | AAAA  | B%
            vlq_unfinished | AAAA  | g
            vlq_digit      | AAAA  | ,B
            """)
    void ranges_of_mappings_that_are_not_there_are_refused_or_noted(String kind, String mappings, String text) {
        String json = map(1, 0, mappings, ranges(text));
        assertThat(Read.violation(json).kind().stableName()).isEqualTo(kind);
        SourceMapParser.Parsed parsed = Read.tolerant(json);
        assertThat(parsed.tolerated()).hasSize(1);
        assertThat(parsed.map().mappingCount()).isEqualTo(1);
    }

    @Test
    void ranges_of_another_type_are_no_ranges() {
        assertThat(Read.violation(map(1, 0, "AAAA", ",\"rangeMappings\":[]")).kind())
                .isEqualTo(Kind.WRONG_TYPE);
    }

    private static boolean range(SourceLookup map, int line, int column) {
        Mapping mapping = map.lookup(line, column);
        return mapping != null && mapping.range();
    }
}
