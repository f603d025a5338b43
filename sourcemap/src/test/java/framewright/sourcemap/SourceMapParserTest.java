package framewright.sourcemap;

import static framewright.sourcemap.MapText.bytes;
import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Violation.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceMapParserTest {
    private static final String DEBUG_ID = "1aad9d9e-2b50-454f-a5f2-0dd5e95c154c";

    @Test
    void everything_that_a_map_says_can_be_asked() {
        String json = "{\"version\":3,\"file\":\"out.js\",\"sourceRoot\":\"root\",\"sources\":[\"a.js\",null],"
                + "\"sourcesContent\":[null,\"text\"],\"names\":[\"f\"],\"mappings\":\"AAAAA\","
                + "\"ignoreList\":[1],\"debugId\":\"" + DEBUG_ID + "\",\"x_metro_module_paths\":[\"m\",\"n\"],"
                + "\"x_facebook_offsets\":[null,7,-1,1.5,2147483648]}";
        Read.both(bytes(json), Strictness.STRICT, map -> {
            assertThat(map.file()).isEqualTo("out.js");
            assertThat(map.debugId()).isEqualTo(DEBUG_ID);
            assertThat(map.sourceCount()).isEqualTo(2);
            assertThat(map.source(0)).isEqualTo("root/a.js");
            assertThat(map.source(1)).isNull();
            assertThat(map.content(0)).isNull();
            assertThat(map.content(1)).isEqualTo("text");
            assertThat(map.isIgnored(0)).isFalse();
            assertThat(map.isIgnored(1)).isTrue();
            assertThat(map.nameCount()).isEqualTo(1);
            assertThat(map.name(0)).isEqualTo("f");
            assertThat(map.modulePaths()).containsExactly("m", "n");
            assertThat(map.moduleLine(1)).isEqualTo(7);
            assertThat(List.of(-1, 0, 2, 3, 4, 5)).allMatch(module -> map.moduleLine(module) == -1);
            assertThat(map.lookup(0, 7)).isEqualTo(new Mapping(0, 0, 0, 0, 0, 0, false));
            assertThat(map.function(0, 0, 0)).isEqualTo(new FunctionName.Unknown());
        });
    }

    @Test
    void what_a_map_leaves_out_is_absent() {
        Read.both(bytes("{\"version\":3,\"sources\":[],\"mappings\":\"\"}"), Strictness.STRICT, map -> {
            assertThat(map.file()).isNull();
            assertThat(map.debugId()).isNull();
            assertThat(map.sourceCount()).isZero();
            assertThat(map.nameCount()).isZero();
            assertThat(map.modulePaths()).isEmpty();
            assertThat(map.lookup(0, 0)).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({"'',a.js,a.js", "root,a.js,root/a.js", "root/,a.js,root/a.js", "root,/a.js,root//a.js"})
    void the_root_stands_before_sources_with_one_slash_more_if_it_lacks_one(
            String root, String source, String resolved) {
        SourceMap map = Read.map(
                "{\"version\":3,\"sources\":[\"" + source + "\"],\"mappings\":\"\",\"sourceRoot\":\"" + root + "\"}");
        assertThat(map.source(0)).isEqualTo(resolved);
    }

    @Test
    void a_byte_order_mark_and_a_guard_line_are_passed_over() {
        String json = map(1, 0, "AAAA", "");
        assertThat(Read.map("\uFEFF" + json).sourceCount()).isEqualTo(1);
        assertThat(Read.map(")]}'\n" + json).sourceCount()).isEqualTo(1);
        assertThat(Read.map(")]}',anything\r\n" + json).sourceCount()).isEqualTo(1);
        assertThat(Read.map("\uFEFF)]}'\n" + json).sourceCount()).isEqualTo(1);
        assertThat(Read.violation(")]}'" + json).kind()).isEqualTo(Kind.JSON);
    }

    @Test
    void strings_may_be_escaped_even_the_mappings() {
        String json = "{\"version\":3,\"sources\":[\"\\u0061\\/b\"],\"names\":[\"\\ud83d\\ude00\\t\"],"
                + "\"sourcesContent\":[\"l\\u0069ne\\n\\\"2\\\"\"],\"m\\u0061ppings\":\"\\u0041AAAA,C\\u003bA\"}";
        Read.both(bytes(json), Strictness.STRICT, map -> {
            assertThat(map.source(0)).isEqualTo("a/b");
            assertThat(map.name(0)).isEqualTo("\uD83D\uDE00\t");
            assertThat(map.content(0)).isEqualTo("line\n\"2\"");
            assertThat(map.lookup(1, 3)).isEqualTo(new Mapping(1, 0, Mapping.NONE, 0, 0, Mapping.NONE, false));
        });
    }

    @Test
    void lone_surrogates_and_invalid_utf8_become_replacement_characters() {
        byte[] json = bytes("{\"version\":3,\"sources\":[\"\\ud800\",\"\\udc00x\",\"?\"],\"mappings\":\"\","
                + "\"sourcesContent\":[\"\\ud83d\\u0041\",\"?\"]}");
        for (int i = 0; i < json.length; i++) {
            json[i] = json[i] == '?' ? (byte) 0xFF : json[i];
        }
        Read.both(json, Strictness.STRICT, map -> {
            assertThat(map.source(0)).isEqualTo("\uFFFD");
            assertThat(map.source(1)).isEqualTo("\uFFFDx");
            assertThat(map.source(2)).isEqualTo("\uFFFD");
            assertThat(map.content(0)).isEqualTo("\uFFFDA");
            assertThat(map.content(1)).isEqualTo("\uFFFD");
        });
    }

    @Test
    void of_fields_given_twice_the_last_counts() {
        SourceMap map = Read.map("{\"version\":2,\"sources\":[\"a\",\"b\"],\"mappings\":\"?\",\"version\":3,"
                + "\"sources\":[\"c\"],\"mappings\":\"AAAA\"}");
        assertThat(map.sourceCount()).isEqualTo(1);
        assertThat(map.source(0)).isEqualTo("c");
    }

    @Test
    void the_older_name_of_the_ignore_list_counts_only_without_the_newer() {
        assertThat(Read.map(map(1, 0, "", ",\"x_google_ignoreList\":[0]")).isIgnored(0))
                .isTrue();
        assertThat(Read.map(map(1, 0, "", ",\"x_google_ignoreList\":[0],\"ignoreList\":[]"))
                        .isIgnored(0))
                .isFalse();
    }

    @Test
    void debug_ids_have_two_spellings_and_one_form() {
        assertThat(Read.map(map(0, 0, "", ",\"debug_id\":\"" + DEBUG_ID.toUpperCase(Locale.ROOT) + "\""))
                        .debugId())
                .isEqualTo(DEBUG_ID);
        assertThat(Read.violation(map(0, 0, "", ",\"debugId\":\"1aad9d9e\"")).kind())
                .isEqualTo(Kind.DEBUG_ID);
        SourceMapParser.Parsed parsed = Read.tolerant(map(0, 0, "", ",\"debugId\":\"" + DEBUG_ID + "-1\""));
        assertThat(parsed.map().debugId()).isNull();
        assertThat(parsed.tolerated()).extracting(Violation::kind).containsExactly(Kind.DEBUG_ID);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            json          | ``
            json          | {
            json          | {"version":3,}}
            json          | {"version":3,"sources":[],"mappings":""} {}
            json          | {"version":03,"sources":[],"mappings":""}
            wrong_type    | []
            wrong_type    | "{}"
            missing_field | {"version":3,"mappings":""}
            missing_field | {"version":3,"sources":[]}
            wrong_type    | {"version":3,"sources":{},"mappings":""}
            wrong_type    | {"version":3,"sources":[],"mappings":3}
            wrong_type    | {"version":3,"sections":"none"}
            """)
    void what_is_no_map_is_refused_however_tolerant(String kind, String json) {
        for (Strictness strictness : Strictness.values()) {
            Violation violation = Read.violation(SourceMapParser.parse(bytes(json), strictness));
            assertThat(violation.kind().stableName()).as(violation.toString()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            version     | {"sources":["a"],"mappings":"AAAA"}
            version     | {"version":"3","sources":["a"],"mappings":"AAAA"}
            version     | {"version":4,"sources":["a"],"mappings":"AAAA"}
            wrong_type  | {"version":3,"sources":["a",3],"mappings":"AAAA"}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","sourcesContent":""}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","sourcesContent":[true]}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","names":[null]}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","file":1}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","sourceRoot":[]}
            ignore_list | {"version":3,"sources":["a"],"mappings":"AAAA","ignoreList":[1]}
            ignore_list | {"version":3,"sources":["a"],"mappings":"AAAA","ignoreList":[0.5]}
            ignore_list | {"version":3,"sources":["a"],"mappings":"AAAA","ignoreList":["0"]}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","ignoreList":0}
            wrong_type  | {"version":3,"sources":["a"],"mappings":"AAAA","sections":null}
            """)
    void lesser_violations_are_refused_or_noted(String kind, String json) {
        assertThat(Read.violation(json).kind().stableName()).isEqualTo(kind);
        SourceMapParser.Parsed parsed = Read.tolerant(json);
        assertThat(parsed.tolerated())
                .extracting(violation -> violation.kind().stableName())
                .containsExactly(kind);
        assertThat(parsed.map().lookup(0, 0)).isEqualTo(new Mapping(0, 0, 0, 0, 0, Mapping.NONE, false));
    }

    @Test
    void violations_say_where_they_are() {
        String json = map(1, 0, "AAAA,A!", "");
        Violation violation = Read.violation(json);
        assertThat(violation).isEqualTo(new Violation(Kind.VLQ_DIGIT, "mappings", json.indexOf('!')));
        assertThat(violation).hasToString("vlq_digit in mappings at byte " + json.indexOf('!'));
    }

    @Test
    void nesting_beyond_the_cap_is_refused() {
        int depth = Limits.MAX_JSON_DEPTH;
        String deepest = "[".repeat(depth) + "]".repeat(depth);
        assertThat(Read.map(map(0, 0, "", ",\"x\":" + deepest)).sourceCount()).isZero();
        assertThat(Read.violation(map(0, 0, "", ",\"x\":[" + deepest + "]")).kind())
                .isEqualTo(Kind.TOO_DEEP);
        assertThat(Read.violation("[".repeat(1 << 20)).kind()).isEqualTo(Kind.TOO_DEEP);
    }

    @Test
    void a_root_that_would_blow_up_the_sources_is_refused() {
        String json = "{\"version\":3,\"sources\":" + MapText.list("s", 1000) + ",\"mappings\":\"\",\"sourceRoot\":\""
                + "r".repeat(100_000) + "\"}";
        assertThat(Read.violation(json).kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void other_encodings_than_utf8_are_refused() {
        byte[] utf16 = map(0, 0, "", "").getBytes(StandardCharsets.UTF_16LE);
        assertThat(Read.violation(SourceMapParser.parse(utf16, Strictness.TOLERANT))
                        .kind())
                .isEqualTo(Kind.JSON);
    }

    @Test
    void violations_kept_are_few_however_many_there_are() {
        SourceMapParser.Parsed parsed = Read.tolerant(map(0, 0, "AAAA,".repeat(1000) + "AAAA", ""));
        assertThat(parsed.tolerated()).hasSize(Limits.MAX_TOLERATED);
        assertThat(parsed.map().mappingCount()).isEqualTo(1001);
    }
}
