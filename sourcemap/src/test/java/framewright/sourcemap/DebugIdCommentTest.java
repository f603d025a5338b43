package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebugIdCommentTest {
    private static final String ID = "85314830-023f-4cf1-a267-535f4e37bb17";
    private static final String OTHER_ID = "00000000-023F-4cf1-a267-535f4e37bb17";

    private static DebugIdComment.Found find(String script) {
        return DebugIdComment.find(script.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_script_names_its_map_and_its_debug_id_at_its_end() {
        assertThat(find("code();\n//# debugId=" + ID + "\n//# sourceMappingURL=app.js.map\n"))
                .isEqualTo(new DebugIdComment.Found(ID, "app.js.map", false));
    }

    @Test
    void a_script_without_comments_names_nothing() {
        for (String script : new String[] {"", "\n", "code()", "// comment\n", "/*", "/", "//"}) {
            assertThat(find(script)).isEqualTo(new DebugIdComment.Found(null, null, false));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//# sourceMappingURL=a.map",
                "//@ sourceMappingURL=a.map",
                "//#sourceMappingURL=a.map",
                "//#\t\u00A0 sourceMappingURL=a.map \u3000",
                "/*# sourceMappingURL=a.map */",
                "/*@sourceMappingURL=a.map*/",
                "code(); //# sourceMappingURL=a.map",
                "code(); /* a */ /*# sourceMappingURL=a.map */ // b",
                "//# sourceMappingURL=old.map\n//# sourceMappingURL=a.map",
                "/*# sourceMappingURL=old.map */ //# sourceMappingURL=a.map",
                "//# sourceMappingURL=a.map\n\n  \n// license\n/* more */\n",
                "//# sourceMappingURL=a.map\r\n//# sourceURL=b.js",
                "code()\r//# sourceMappingURL=a.map\r",
                "code()\u2028//# sourceMappingURL=a.map\u2029",
                "//# sourceMappingURL=a.map\uFEFF\u1680\u2000\u202F\u205F",
                "//# sourceMappingURL=a.map\n/* unclosed",
                "let a = `\n//# sourceMappingURL=a.map\n//`"
            })
    void the_last_comment_with_nothing_but_comments_behind_links_the_map(String script) {
        assertThat(find(script)).isEqualTo(new DebugIdComment.Found(null, "a.map", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//# sourceMappingURL=a.map\ncode()",
                "//# sourceMappingURL=a.map\n/",
                "//# sourceMappingURL=a.map\n/ 2",
                "/*# sourceMappingURL=a.map */ code()",
                "//# sourceMappingURL=a.map\ncode()\n// end",
                "//# sourceMappingURL=a.map\n/* over\nlines */",
                "//# sourceMappingURL=a.map\n\u0085"
            })
    void a_comment_with_code_behind_is_found_but_marked(String script) {
        assertThat(find(script)).isEqualTo(new DebugIdComment.Found(null, "a.map", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// # sourceMappingURL=a.map",
                "// sourceMappingURL=a.map",
                "//# sourcemappingurl=a.map",
                "//# sourceMappingURL = a.map",
                "//# sourceMappingURL=a b.map",
                "//# xsourceMappingURL=a.map",
                "///# sourceMappingURL=a.map",
                "/*# sourceMappingURL=a.map",
                "/*\n# sourceMappingURL=a.map */"
            })
    void comments_of_another_form_link_nothing(String script) {
        assertThat(find(script).sourceMappingUrl()).isNull();
    }

    @Test
    void an_empty_url_and_a_data_url_are_urls() {
        assertThat(find("//# sourceMappingURL=").sourceMappingUrl()).isEmpty();
        String url = "data:application/json;base64," + "e30=".repeat(10_000);
        assertThat(find("code()\n//# sourceMappingURL=" + url).sourceMappingUrl())
                .isEqualTo(url);
    }

    @Test
    void the_last_debug_id_counts_wherever_it_stands_and_in_lower_case() {
        String script = "//# debugId=" + ID + "\n//# debugId=" + OTHER_ID + "\n" + "code()\n".repeat(20);
        assertThat(find(script).debugId()).isEqualTo(OTHER_ID.toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource({
        "85314830-023f-4cf1-a267-535f4e37bb1",
        "85314830023f4cf1a267535f4e37bb17",
        "85314830-023f-4cf1-a267-535f4e37bb1g",
        "85314830-023f-4cf1-a267535f4e37bb17-1",
        "85314830-023f-4cf1-a267-535f4e37bb1\uFF11"
    })
    void ids_of_another_form_are_none(String id) {
        assertThat(find("//# debugId=" + id).debugId()).isNull();
    }

    @Property
    void any_bytes_can_be_searched(@ForAll byte[] script) {
        assertThat(DebugIdComment.find(script)).isNotNull();
    }

    @Property
    void comments_are_found_behind_any_code(@ForAll String code) {
        String script = code + "\n//# sourceMappingURL=a.map\n//# debugId=" + ID;
        assertThat(find(script)).isEqualTo(new DebugIdComment.Found(ID, "a.map", false));
    }
}
