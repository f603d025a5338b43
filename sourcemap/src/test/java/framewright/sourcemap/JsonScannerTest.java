package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner against RFC 8259, and against Jackson on texts that are almost JSON. */
class JsonScannerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "10",
                "1.5",
                "1e9",
                "1E+9",
                "1.0e-7",
                "true",
                "false",
                "null",
                "\"\"",
                "\"\\u00e9\\\\\\/\"",
                "[]",
                "{}",
                "[[],{}]",
                " [ 1 , 2 ] ",
                "{\"a\":{\"b\":[]},\"\":0}",
                "[1,]",
                "{\"a\":1,}",
                "\t\r\n1"
            })
    void json_is_passed_to_its_end(String json) {
        assertThat(accepts(json.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1e",
                "1e+",
                "tru",
                "True",
                "nul",
                "\"",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12",
                "\"\u0001\"",
                "\"\n\"",
                "[",
                "]",
                "[1",
                "[1 2]",
                "[,]",
                "[1,,2]",
                "{",
                "{a:1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\" 1}",
                "{,}",
                "{\"a\":1,,}",
                "{1:2}",
                "[}",
                "{]",
                "1 2",
                "NaN",
                "'a'",
                "//"
            })
    void what_is_not_json_is_refused(String text) {
        assertThat(accepts(text.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Property(tries = 5000)
    void jackson_agrees_on_what_is_json(@ForAll("almostJson") String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(accepts(bytes)).as(text).isEqualTo(jacksonAccepts(bytes));
    }

    @Provide
    Arbitrary<String> almostJson() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"a\"",
                        "\"\\n\"",
                        "\"",
                        "\\",
                        "1",
                        "-2.5e3",
                        "0",
                        "true",
                        "null",
                        " ",
                        "{}",
                        "[]",
                        "\"k\":",
                        "{\"k\":1}",
                        "[1,2]")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private static boolean accepts(byte[] bytes) {
        JsonScanner json = new JsonScanner(bytes, bytes.length);
        try {
            return json.afterSpace(json.afterValue(json.afterSpace(0))) == bytes.length;
        } catch (MalformedSourceMapException e) {
            assertThat(e.violation().kind()).isEqualTo(Violation.Kind.JSON);
            return false;
        }
    }

    private static boolean jacksonAccepts(byte[] bytes) {
        try {
            JsonTree.read(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lengths around those from which on strings are noted; in whichever order they are asked for. */
    @Property(tries = 200)
    void strings_passed_before_are_those_that_a_fresh_scanner_finds(
            @ForAll @Size(max = 30) List<@IntRange(max = 600) Integer> lengths, @ForAll Random random) {
        StringBuilder json = new StringBuilder("[");
        List<Integer> quotes = new ArrayList<>();
        for (int length : lengths) {
            quotes.add(json.length());
            json.append('"')
                    .append((length % 3 == 0 ? "\\n" : "n").repeat(length))
                    .append("\",");
        }
        byte[] bytes = json.append("0]").toString().getBytes(StandardCharsets.UTF_8);
        JsonScanner passed = new JsonScanner(bytes, bytes.length);
        assertThat(passed.afterValue(0)).isEqualTo(bytes.length);
        for (int turn = 0; turn < 2; turn++) {
            for (int quote : quotes) {
                assertThat(passed.slice(quote)).isEqualTo(new JsonScanner(bytes, bytes.length).slice(quote));
            }
            Collections.shuffle(quotes, random);
        }
    }
}
