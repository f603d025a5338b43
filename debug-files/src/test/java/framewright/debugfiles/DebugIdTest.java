package framewright.debugfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebugIdTest {
    @ParameterizedTest
    @CsvSource({
        "3249d99d-0c40-4931-8610-f4e4fb0b6936-1, 3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        "3249D99D-0C40-4931-8610-F4E4FB0B6936-1, 3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        "3249d99d-0c40-4931-8610-f4e4fb0b69361, 3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        "3249D99D0C4049318610F4E4FB0B69361, 3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        "3249D99D0C4049318610F4E4FB0B6936-1, 3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        "3249D99D0C4049318610F4E4FB0B6936, 3249d99d-0c40-4931-8610-f4e4fb0b6936",
        "3249D99D0C4049318610F4E4FB0B69360, 3249d99d-0c40-4931-8610-f4e4fb0b6936",
        "3249d99d-0c40-4931-8610-f4e4fb0b6936-0000000a, 3249d99d-0c40-4931-8610-f4e4fb0b6936-a",
        "3249D99D0C4049318610F4E4FB0B6936ffffffff, 3249d99d-0c40-4931-8610-f4e4fb0b6936-ffffffff",
    })
    void parse_allForms_giveTheNormalOne(String text, String normal) {
        assertThat(DebugId.parse(text)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "00000000-0000-0000-0000-000000000000",
                "000000000000000000000000000000000",
                "3249d99d-0c40-4931-8610-f4e4fb0b693",
                "3249d99d-0c40-4931-8610-f4e4fb0b6936-",
                "3249d99d-0c40-4931-8610-f4e4fb0b6936-x",
                "3249d99d-0c40-4931-8610-f4e4fb0b6936-+1",
                "3249d99d-0c40-4931-8610-f4e4fb0b6936-123456789",
                "3249d99d-0c40-4931-8610-f4e4fb0b6936--1",
                "3249d99d-0c404-931-8610-f4e4fb0b6936",
                "3249d99d0c404931-8610-f4e4fb0b6936",
                "\u0663249d99d0c4049318610f4e4fb0b6936",
                "3249d99d 0c40 4931 8610 f4e4fb0b6936",
            })
    void parse_anythingElse_isNoId(String text) {
        assertThat(DebugId.parse(text)).isNull();
    }

    @Property
    void parse_bothPrintedForms_giveTheIdBack(@ForAll long high, @ForAll long low, @ForAll int appendix) {
        DebugId id = new DebugId(new UUID(high, low), appendix);
        boolean nil = high == 0 && low == 0;
        assertThat(DebugId.parse(id.toString())).isEqualTo(nil ? null : id);
        assertThat(DebugId.parse(id.breakpad())).isEqualTo(nil ? null : id);
    }

    @Property
    void parse_anyText_neverThrows(@ForAll String text) {
        DebugId id = DebugId.parse(text);
        assertThat(id == null || DebugId.parse(id.toString()) != null).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"5AB380779000, 5ab380779000", "502FC0A5-1EC1, 502fc0a51ec1", "' abc ', abc", "0, 0"})
    void codeId_parse_keepsHexDigitsInLowerCase(String text, String hex) {
        assertThat(CodeId.parse(text)).hasToString(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "xyz", "\u0661\u0662"})
    void codeId_withoutDigits_isNone(String text) {
        assertThat(CodeId.parse(text)).isNull();
    }

    @Property
    void codeId_parse_agreesWithFilteringCharacters(@ForAll String text) {
        String expected = text.replaceAll("[^0-9a-fA-F]", "").toLowerCase(java.util.Locale.ROOT);
        CodeId id = CodeId.parse(text);
        if (expected.isEmpty() || expected.length() > 256) {
            assertThat(id).isNull();
        } else {
            assertThat(id).hasToString(expected);
        }
    }
}
