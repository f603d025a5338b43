package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.index;
import static framewright.sourcemap.MapText.map;
import static framewright.sourcemap.MapText.section;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Violation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexMapTest {
    @Test
    void sections_are_one_map_with_sources_and_names_in_a_row() {
        String json = index(
                section(0, 0, map(2, 1, "AAAAA,CCAA", "")),
                section(0, 10, map(1, 2, "AAAAC;AAAA", ",\"sourceRoot\":\"r\",\"sourcesContent\":[\"c\"]")),
                section(5, 3, map(1, 0, "AAAA", ",\"ignoreList\":[0]")));
        Read.both(bytes(json), Strictness.STRICT, map -> {
            assertThat(map.sourceCount()).isEqualTo(4);
            assertThat(map.source(2)).isEqualTo("r/s0");
            assertThat(map.content(1)).isNull();
            assertThat(map.content(2)).isEqualTo("c");
            assertThat(map.isIgnored(3)).isTrue();
            assertThat(map.nameCount()).isEqualTo(3);
            assertThat(map.lookup(0, 1)).isEqualTo(new Mapping(0, 1, 1, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(0, 12)).isEqualTo(new Mapping(0, 10, 2, 0, 0, 2, false));
            assertThat(map.lookup(1, 0)).isEqualTo(new Mapping(1, 0, 2, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(5, 2)).isNull();
            assertThat(map.lookup(5, 3)).isEqualTo(new Mapping(5, 3, 3, 0, 0, Mapping.NONE, false));
        });
    }

    @Test
    void sections_of_sections_add_their_offsets() {
        String inner = index(section(0, 2, map(1, 0, "AAAA", "")), section(1, 4, map(1, 0, "AAAA", "")));
        Read.both(bytes(index(section(3, 10, inner))), Strictness.STRICT, map -> {
            assertThat(map.lookup(3, 12)).isEqualTo(new Mapping(3, 12, 0, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(4, 4)).isEqualTo(new Mapping(4, 4, 1, 0, 0, Mapping.NONE, false));
        });
    }

    @Test
    void index_maps_nested_beyond_the_cap_are_refused() {
        String json = map(0, 0, "", "");
        for (int depth = 0; depth < Limits.MAX_INDEX_DEPTH; depth++) {
            json = index(section(0, 0, json));
        }
        assertThat(Read.map(json).sourceCount()).isZero();
        assertThat(Read.violation(index(section(0, 0, json))).kind()).isEqualTo(Kind.TOO_DEEP);
    }

    @Test
    void a_section_may_start_far_away() {
        String json = index(section(2_000_000_000, 2_000_000_000, map(1, 0, "AAAA;AAAA", "")));
        Read.both(bytes(json), Strictness.STRICT, map -> {
            assertThat(map.lookup(2_000_000_000, 2_000_000_001))
                    .isEqualTo(new Mapping(2_000_000_000, 2_000_000_000, 0, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(2_000_000_001, 0))
                    .isEqualTo(new Mapping(2_000_000_001, 0, 0, 0, 0, Mapping.NONE, false));
        });
        assertThat(Read.violation(index(section(Integer.MAX_VALUE, 0, map(1, 0, ";AAAA", ""))))
                        .kind())
                .isEqualTo(Kind.GENERATED_POSITION);
        assertThat(Read.violation(index(section(Integer.MAX_VALUE, 0, index(section(1, 0, map(1, 0, "AAAA", ""))))))
                        .kind())
                .isEqualTo(Kind.SECTION_OFFSET);
    }

    @Test
    void no_sections_are_an_empty_map() {
        assertThat(Read.map(index()).mappingCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            missing_field | {"map":{"version":3,"sources":[],"mappings":""}}
            missing_field | {"offset":{"line":0,"column":0}}
            wrong_type    | {"offset":0,"map":{"version":3,"sources":[],"mappings":""}}
            wrong_type    | {"offset":{"line":0,"column":0},"map":"url"}
            missing_field | {"offset":{"line":0,"column":0},"map":{"version":3}}
            """)
    void sections_without_a_place_or_a_map_are_refused(String kind, String section) {
        for (Strictness strictness : Strictness.values()) {
            Violation violation = Read.violation(SourceMapParser.parse(bytes(index(section)), strictness));
            assertThat(violation.kind().stableName()).isEqualTo(kind);
            assertThat(violation.field()).startsWith("sections[0].");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"column":0}
            {"line":0}
            {"line":true,"column":0}
            {"line":0,"column":"0"}
            {"line":-1,"column":0}
            {"line":0.5,"column":0}
            {"line":3000000000,"column":0}
            """)
    void offsets_that_are_no_positions_are_refused_or_count_as_zero(String offset) {
        String json = index("{\"offset\":" + offset + ",\"map\":" + map(1, 0, "AAAA", "") + "}");
        assertThat(Read.violation(json).kind()).isEqualTo(Kind.SECTION_OFFSET);
        assertThat(Read.tolerant(json).map().lookup(0, 0)).isNotNull();
    }

    @Test
    void sections_out_of_order_are_refused_or_put_in_order() {
        String json = index(section(1, 4, map(1, 0, "AAAA", "")), section(0, 0, map(1, 0, "AAAA", "")));
        assertThat(Read.violation(json).kind()).isEqualTo(Kind.SECTION_ORDER);
        Read.both(bytes(json), Strictness.TOLERANT, map -> {
            assertThat(map.lookup(0, 0)).isEqualTo(new Mapping(0, 0, 1, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(1, 4)).isEqualTo(new Mapping(1, 4, 0, 0, 0, Mapping.NONE, false));
        });
    }

    @Test
    void mappings_past_the_start_of_the_next_section_are_refused_or_left_out() {
        String json = index(section(0, 0, map(1, 0, "AAAA,EAAA,EAAA;AAAA", "")), section(0, 2, map(1, 0, "AAAA", "")));
        assertThat(Read.violation(json).kind()).isEqualTo(Kind.SECTION_OVERLAP);
        Read.both(bytes(json), Strictness.TOLERANT, map -> {
            assertThat(map.lookup(0, 1)).isEqualTo(new Mapping(0, 0, 0, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(0, 9)).isEqualTo(new Mapping(0, 2, 1, 0, 0, Mapping.NONE, false));
            assertThat(map.lookup(1, 0)).isNull();
        });
    }

    @Test
    void an_index_map_with_mappings_of_its_own_is_refused_or_read_by_its_sections() {
        String json = "{\"version\":3,\"sources\":[\"x\"],\"mappings\":\"AAAA\",\"sections\":["
                + section(0, 0, map(2, 0, "ACAA", "")) + "]}";
        assertThat(Read.violation(json).kind()).isEqualTo(Kind.INDEX_WITH_MAPPINGS);
        assertThat(Read.tolerant(json).map().sourceCount()).isEqualTo(2);
    }

    @Test
    void only_the_index_map_names_the_debug_id() {
        String id = "1aad9d9e-2b50-454f-a5f2-0dd5e95c154c";
        assertThat(Read.map(index(section(0, 0, map(0, 0, "", ",\"debugId\":\"" + id + "\""))))
                        .debugId())
                .isNull();
    }
}
