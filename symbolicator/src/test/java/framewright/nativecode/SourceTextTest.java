package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.JsonText;
import framewright.api.SourceLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceTextTest {
    private static SourceText text(String text) {
        return Objects.requireNonNull(SourceText.of(text));
    }

    private static SourceLines around(String text, long line) {
        return Objects.requireNonNull(text(text).around(line, null));
    }

    private static List<String> values(List<JsonText> lines) {
        return lines.stream().map(JsonText::value).toList();
    }

    @Test
    void five_lines_before_and_after_are_given() {
        SourceLines lines = around("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", 7);
        assertThat(values(lines.before())).containsExactly("2", "3", "4", "5", "6");
        assertThat(lines.line()).hasToString("7");
        assertThat(values(lines.after())).containsExactly("8", "9", "10", "11", "12");
    }

    @Test
    void line_0_and_lines_past_the_end_have_no_context() {
        assertThat(text("a\nb").around(0, null)).isNull();
        assertThat(text("a\nb").around(3, null)).isNull();
        assertThat(text("a\nb").around(0xFFFF_FFFFL, null)).isNull();
        assertThat(text("").around(1, null)).isNull();
    }

    @Test
    void windows_line_ends_are_no_part_of_a_line() {
        SourceLines lines = around("a\r\nb\r\nc\r", 2);
        assertThat(values(lines.before())).containsExactly("a");
        assertThat(lines.line()).hasToString("b");
        assertThat(values(lines.after())).containsExactly("c\r");
    }

    @Test
    void a_line_of_150_bytes_is_whole_and_of_151_is_cut_at_140() {
        assertThat(around("x".repeat(150), 1).line()).hasToString("x".repeat(150));
        assertThat(around("x".repeat(151), 1).line()).hasToString("x".repeat(140) + " {snip}");
    }

    @Test
    void a_long_line_is_cut_between_characters() {
        String line = "x".repeat(139) + "\u00e4\ud83d\ude00".repeat(20);
        assertThat(around(line, 1).line()).hasToString("x".repeat(139) + " {snip}");
    }

    @Test
    void a_text_that_is_no_source_file_is_refused() {
        assertThat(SourceText.of("\n".repeat((1 << 20) + 1))).isNull();
        assertThat(SourceText.of("x".repeat(SourceText.MAX_CHARS + 1))).isNull();
    }

    @Property
    void lines_are_those_of_a_naive_reader(@ForAll("texts") String text, @ForAll @IntRange(max = 30) int number) {
        List<String> all = new ArrayList<>();
        for (String line : text.split("(?<=\n)", -1)) {
            if (!line.isEmpty()) {
                all.add(
                        line.endsWith("\r\n")
                                ? line.substring(0, line.length() - 2)
                                : line.endsWith("\n") ? line.substring(0, line.length() - 1) : line);
            }
        }
        SourceLines lines = text(text).around(number, "link");
        if (number < 1 || number > all.size()) {
            assertThat(lines).isNull();
            return;
        }
        Objects.requireNonNull(lines);
        assertThat(values(lines.before())).isEqualTo(all.subList(Math.max(0, number - 6), number - 1));
        assertThat(lines.line()).hasToString(all.get(number - 1));
        assertThat(values(lines.after())).isEqualTo(all.subList(number, Math.min(all.size(), number + 5)));
        assertThat(lines.link()).isEqualTo("link");
    }

    @Property
    void no_line_is_longer_than_the_limit(@ForAll String line) {
        String one = line.replace("\n", "").repeat(20);
        SourceLines lines = text(one + "\nend").around(1, null);
        assertThat(Objects.requireNonNull(Objects.requireNonNull(lines).line())
                        .value()
                        .getBytes(StandardCharsets.UTF_8)
                        .length)
                .isLessThanOrEqualTo(150);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "\n", "\r", "\r\n", "\u00e4")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }
}
