package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DartNamesTest {
    private static final Map<String, String> ORIGINALS =
            Map.of("aB", "CartException", "xY", "Item", "a", "total", "_b", "_CartState");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Instance of 'aB'|Instance of 'CartException'",
                "type 'aB' is not a subtype of type 'List<xY?>' in type cast"
                        + "|type 'CartException' is not a subtype of type 'List<Item?>' in type cast",
                "Class '_b' has no instance getter 'a'.|Class '_CartState' has no instance getter 'total'.",
                "Tried calling: a(1)|Tried calling: total(1)",
                "a total of 3 is not aB|a total of 3 is not aB",
                "it's a shame that it's aB|it's a shame that it's aB"
            })
    void message_isRestoredWhereItNamesThings(String message, String restored) {
        assertThat(DartNames.restored(new RawException(null, message), ORIGINALS)
                        .value())
                .isEqualTo(restored);
    }

    @Test
    void type_isRestoredWithItsArguments() {
        assertThat(DartNames.restored(new RawException("aB<xY>", null), ORIGINALS)
                        .type())
                .isEqualTo("CartException<Item>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "[\"a\"]", "[\"a\", 1]", "[\"a\", \"b\", {}]", "[\"a\", \"b\"", "''", "not JSON"})
    void whatIsNoMap_isSaidToBeNone(String text) throws IOException {
        assertThat(originals(text, Set.of("b"))).isInstanceOf(Outcome.Failed.class);
    }

    @Property
    void everyNameOfAMap_isFound(
            @ForAll @UniqueElements List<@AlphaChars @StringLength(min = 1, max = 5) String> replaced)
            throws IOException {
        List<String> entries = new ArrayList<>();
        replaced.forEach(name -> entries.add("\"original_" + name + "\",\"" + name + "\""));
        Map<String, String> all = new HashMap<>();
        replaced.forEach(name -> all.put(name, "original_" + name));
        assertThat(originals("[" + String.join(",", entries) + "]", Set.copyOf(replaced)))
                .isEqualTo(Outcome.found(all));
    }

    private static Outcome<Map<String, String>> originals(String text, Set<String> names) throws IOException {
        return DartSymbolMap.originals(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), names);
    }
}
