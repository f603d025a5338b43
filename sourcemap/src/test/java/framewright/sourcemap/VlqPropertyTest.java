package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class VlqPropertyTest {
    private static VlqReader reader(String text) {
        byte[] bytes = MapText.bytes(text);
        return new VlqReader(bytes, new Slice(0, bytes.length, false), "test");
    }

    @Property
    void signed_numbers_come_back(@ForAll @IntRange(min = -Integer.MAX_VALUE) int value) {
        VlqReader in = reader(MapText.signed(value));
        assertThat(in.signed()).isEqualTo(value);
        assertThat(in.atEnd()).isTrue();
    }

    @Property
    void unsigned_numbers_come_back_with_any_number_of_zero_digits(
            @ForAll @LongRange(max = 0xFFFF_FFFFL) long value, @ForAll @IntRange(max = 500) int zeros) {
        String text = MapText.unsigned(value);
        // The last digit gets a continuation, and digits without value follow.
        String last = MapText.unsigned(32 + MapText.digit(text.charAt(text.length() - 1)))
                .substring(0, 1);
        String padded = text.substring(0, text.length() - 1) + last + "g".repeat(zeros) + "A";
        assertThat(reader(text).unsigned()).isEqualTo(value);
        assertThat(reader(padded).unsigned()).isEqualTo(value);
    }

    /** Digits, what they might be taken for, and what ends them. */
    @Property
    void numbers_read_together_are_those_read_one_by_one(
            @ForAll @CharRange(from = 'A', to = 'C') @Chars({'g', 'h', '/', '9', ',', ';', '"'}) String text) {
        assertThat(together(reader(text))).isEqualTo(oneByOne(reader(text)));
    }

    private static List<Object> together(VlqReader in) {
        int[] numbers = new int[5];
        return ended(
                in, () -> Arrays.stream(numbers, 0, in.numbers(numbers)).boxed().toList());
    }

    private static List<Object> oneByOne(VlqReader in) {
        return ended(in, () -> {
            List<Integer> numbers = new ArrayList<>();
            while (in.atNumber() && numbers.size() < 5) {
                numbers.add(in.signed());
            }
            return numbers;
        });
    }

    /** The numbers and where the reader stands behind them, or how they failed. */
    private static List<Object> ended(VlqReader in, Supplier<List<Integer>> numbers) {
        try {
            return List.of(numbers.get(), in.violation(Violation.Kind.VLQ_DIGIT));
        } catch (MalformedSourceMapException e) {
            return List.of(e.violation());
        }
    }

    @Test
    void minus_zero_is_the_smallest_number() {
        assertThat(reader("B").signed()).isEqualTo(Integer.MIN_VALUE);
    }
}
