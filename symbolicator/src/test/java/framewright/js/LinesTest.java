package framewright.js;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.SourceLines;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static String line(String text, int line, int column) {
        SourceLines around = Lines.of(text).around(line, column);
        return Objects.requireNonNull(Objects.requireNonNull(around).line()).value();
    }

    @Test
    void around_givesFiveLinesBeforeAndAfter_andNoneBeyondTheEnds() {
        Lines lines = Lines.of("1\r\n2\n3\n4\n5\n6\n7\n8");
        SourceLines around = Objects.requireNonNull(lines.around(7, 1));
        assertThat(around.before()).extracting(Object::toString).containsExactly("2", "3", "4", "5", "6");
        assertThat(around.line()).hasToString("7");
        assertThat(around.after()).extracting(Object::toString).containsExactly("8");
        assertThat(lines.around(0, 1)).isNull();
        assertThat(lines.around(9, 1)).isNull();
        assertThat(Lines.of("").around(1, 1)).isNull();
    }

    @Test
    void around_longLine_isCutAroundTheColumn() {
        String text = "a".repeat(200) + "X" + "b".repeat(200);
        assertThat(line(text, 1, 0)).isEqualTo("a".repeat(140) + " {snip}");
        assertThat(line(text, 1, 200)).isEqualTo("{snip} " + "a".repeat(60) + "X" + "b".repeat(79) + " {snip}");
        assertThat(line(text, 1, 400)).isEqualTo("{snip} " + "b".repeat(140));
        assertThat(line("a".repeat(150), 1, 149)).isEqualTo("a".repeat(150));
    }

    @Property
    void around_neverHalvesACharacter_andNeverShowsMoreThanItMay(@ForAll @IntRange(min = 0, max = 1000) int column) {
        String shown = line("\uD83D\uDE00a".repeat(150), 1, column);
        assertThat(shown.codePoints().filter(c -> c >= 0xD800 && c < 0xE000)).isEmpty();
        assertThat(shown.length()).isLessThanOrEqualTo(154);
    }
}
