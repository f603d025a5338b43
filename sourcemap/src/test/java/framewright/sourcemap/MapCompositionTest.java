package framewright.sourcemap;

import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MapCompositionTest {
    /** Columns 0, 2, 4 and 6 to columns 0, 5, 9 of the first source and to the second one. */
    private static final SourceMap OUTER = Read.map(map(2, 1, "AAAAA,EAAK,EAAI,ECAA", ""));

    private static final String INNER = "{\"version\":3,\"sources\":[\"x\",\"y\"],\"names\":[\"in\"],"
            + "\"mappings\":\"AAAA,KCACA,I\",\"sourcesContent\":[null,\"text\"],\"ignoreList\":[1],"
            + "\"x_facebook_sources\":[null,[{\"names\":[\"f\"],\"mappings\":\"AAA\"}]]}";

    @Test
    void a_position_goes_through_both_maps() {
        MapComposition composed = new MapComposition(OUTER, source -> source == 0 ? Read.map(INNER) : null);
        assertThat(composed.sourceCount()).isEqualTo(4);
        assertThat(composed.nameCount()).isEqualTo(2);
        assertThat(composed.lookup(0, 1)).isEqualTo(new Mapping(0, 0, 2, 0, 0, Mapping.NONE, false));
        assertThat(composed.lookup(0, 3)).isEqualTo(new Mapping(0, 2, 3, 0, 1, 1, false));
        assertThat(composed.source(3)).isEqualTo("y");
        assertThat(composed.content(2)).isNull();
        assertThat(composed.content(3)).isEqualTo("text");
        assertThat(composed.isIgnored(3)).isTrue();
        assertThat(composed.name(1)).isEqualTo("in");
        assertThat(composed.function(3, 0, 0)).isEqualTo(new FunctionName.Named("f"));
    }

    @Test
    void what_either_map_does_not_map_stays_unmapped() {
        MapComposition composed = new MapComposition(OUTER, source -> source == 0 ? Read.map(INNER) : null);
        assertThat(composed.lookup(0, 4)).isEqualTo(new Mapping(0, 4, Mapping.NONE, 0, 0, Mapping.NONE, false));
        assertThat(composed.lookup(1, 0)).isNull();
        MapComposition nowhere = new MapComposition(OUTER, source -> Read.map(map(0, 0, "", "")));
        assertThat(nowhere.lookup(0, 0)).isEqualTo(new Mapping(0, 0, Mapping.NONE, 0, 0, Mapping.NONE, false));
    }

    @Test
    void sources_without_a_map_stay() {
        MapComposition composed = new MapComposition(OUTER, source -> source == 0 ? Read.map(INNER) : null);
        assertThat(composed.lookup(0, 6)).isEqualTo(new Mapping(0, 6, 1, 0, 9, Mapping.NONE, false));
        assertThat(composed.source(1)).isEqualTo("s1");
        assertThat(composed.name(0)).isEqualTo("n0");
        assertThat(new MapComposition(OUTER, source -> null).lookup(0, 0)).isEqualTo(OUTER.lookup(0, 0));
    }

    @Test
    void inner_maps_follow_each_other() {
        MapComposition composed = new MapComposition(OUTER, source -> Read.map(INNER));
        assertThat(composed.sourceCount()).isEqualTo(6);
        assertThat(composed.lookup(0, 6)).isEqualTo(new Mapping(0, 6, Mapping.NONE, 0, 0, Mapping.NONE, false));
        assertThat(composed.source(4)).isEqualTo("x");
        assertThat(composed.name(2)).isEqualTo("in");
        assertThatThrownBy(() -> composed.source(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> composed.name(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void ranges_compose_exactly() {
        SourceMap outer = Read.map(map(1, 0, "CAAA", ",\"rangeMappings\":\"B\""));
        SourceMap inner = Read.map(map(1, 0, "AAAA,EAAU,EAAU", ",\"rangeMappings\":\"C\""));
        MapComposition composed = new MapComposition(outer, source -> inner);
        assertThat(composed.lookup(0, 2)).isEqualTo(new Mapping(0, 1, 1, 0, 0, Mapping.NONE, false));
        assertThat(composed.lookup(0, 4)).isEqualTo(new Mapping(0, 1, 1, 0, 11, Mapping.NONE, true));
        assertThat(composed.lookup(0, 9)).isEqualTo(new Mapping(0, 1, 1, 0, 20, Mapping.NONE, false));
    }

    @Test
    void tables_compose_as_maps_do() {
        Read.withTable(Read.map(INNER), table -> {
            MapComposition composed = new MapComposition(OUTER, source -> table);
            assertThat(composed.lookup(0, 3)).isEqualTo(new Mapping(0, 2, 3, 0, 1, 1, false));
        });
    }
}
