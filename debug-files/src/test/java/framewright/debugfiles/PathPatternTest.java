package framewright.debugfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import framewright.debugfiles.Filters.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    private static boolean matches(String pattern, String path) {
        PathPattern compiled = PathPattern.of(pattern);
        assertThat(compiled).as(pattern).isNotNull();
        return compiled.matches(path);
    }

    @ParameterizedTest
    @CsvSource({
        "c:/windows/*, 'C:\\Windows\\System32\\kernel32.dll', true",
        "?:/windows/*, 'C:\\Windows\\System32\\kernel32.dll', true",
        "?:/windows/**, 'C:\\Windows\\System32\\kernel32.dll', true",
        "d:/windows/**, 'C:\\Windows\\System32\\kernel32.dll', false",
        "*/kernel32.dll, 'C:\\Windows\\kernel32.dll', true",
        "kernel32.dll, 'C:\\Windows\\kernel32.dll', false",
        "**/b, b, true",
        "**/b, a/x/b, true",
        "**/b, ab, false",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/xb, false",
        "[a-c]x, Bx, true",
        "[!a-c]x, bx, false",
        "[!a-c]x, dx, true",
        "[]]x, ]x, true",
        "[*]x, *x, true",
        "[*]x, ax, false",
        "'c:\\windows\\*', C:/Windows/a, true",
        "*, '', true",
        "'', '', true",
        "'', a, false",
    })
    void matches_knownPairs(String pattern, String path, boolean expected) {
        assertThat(matches(pattern, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a", "a**", "**b", "***", "a/**b", "[!]", "["})
    void of_brokenPattern_isNone(String pattern) {
        assertThat(PathPattern.of(pattern)).isNull();
    }

    @Test
    void of_patternThatIsTooLong_isNone() {
        assertThat(PathPattern.of("a".repeat(513))).isNull();
    }

    @Test
    void matches_manyStars_endsSoon() {
        String pattern = "*a".repeat(256);
        Assertions.assertThatCode(() ->
                        assertThat(matches(pattern, "a".repeat(4000) + "b")).isFalse())
                .doesNotThrowAnyException();
        assertThatNoException()
                .isThrownBy(() -> org.junit.jupiter.api.Assertions.assertTimeout(
                        Duration.ofSeconds(10), () -> matches("*[a-z]?".repeat(70), "a".repeat(4096))));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("a", "B", "/", "\\", "*", "?", "[ab]", "[!a]", "**/", ".")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings().withChars('a', 'b', 'B', '/', '\\', '.').ofMaxLength(8);
    }

    /** The model: the same pattern as a regular expression. */
    @Property(tries = 5000)
    void matches_agreesWithARegularExpression(@ForAll("patterns") String pattern, @ForAll("paths") String path) {
        PathPattern compiled = PathPattern.of(pattern);
        if (compiled != null) {
            assertThat(compiled.matches(path))
                    .as("%s on %s", pattern, path)
                    .isEqualTo(regex(pattern).matcher(path.replace('\\', '/')).matches());
        }
    }

    private static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        String text = pattern.replace('\\', '/');
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (text.startsWith("**", i)) {
                regex.append(".*");
                i += 1;
            } else if (text.charAt(i) == '[') {
                int end = text.indexOf(']', i);
                regex.append(text.substring(i, end + 1).replace("[!", "[^"));
                i = end;
            } else {
                switch (text.charAt(i)) {
                    case '*' -> regex.append(".*");
                    case '?' -> regex.append(".");
                    default -> regex.append(Pattern.quote(text.substring(i, i + 1)));
                }
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    @Property
    void of_anyText_neverThrows(@ForAll String pattern, @ForAll String path) {
        PathPattern compiled = PathPattern.of(pattern);
        assertThat(compiled == null || compiled.matches(path) || !compiled.matches(path))
                .isTrue();
    }

    @Test
    void filters_lookAtTypeChecksumAndEitherFile() {
        PathPattern pattern = PathPattern.of("*.pdb");
        assertThat(pattern).isNotNull();
        Filters byPath = new Filters(List.of(), List.of(pattern), false);
        List<FileType> both = List.of(FileType.PE, FileType.PDB);
        assertThat(byPath.refusal(both, Samples.PE)).isNull();
        assertThat(byPath.refusal(both, Samples.ELF)).isEqualTo(Refusal.PATHS);
        Filters byType = new Filters(List.of(FileType.PDB), List.of(), true);
        assertThat(byType.allows(FileType.PE)).isFalse();
        assertThat(byType.allows(FileType.PDB)).isTrue();
        assertThat(byType.refusal(both, Samples.PE)).isEqualTo(Refusal.CHECKSUM);
        ObjectId withChecksum = new ObjectId(ObjectType.PE, null, null, null, null, "SHA256:00");
        assertThat(byType.refusal(both, withChecksum)).isNull();
        assertThat(byType.refusal(List.of(FileType.PE), withChecksum)).isEqualTo(Refusal.TYPES);
        assertThat(new Filters(List.of(), List.of(), false).refusal(both, Samples.PE))
                .isNull();
    }
}
