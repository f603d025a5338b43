package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexValueTest {
    @Property
    void text_of_any_value_is_read_back(@ForAll long value) {
        assertThat(HexValue.parse(HexValue.text(value))).isEqualTo(value);
    }

    @Property
    void text_is_0x_and_lower_case_hex_without_leading_zeros(@ForAll long value) {
        assertThat(HexValue.text(value)).isEqualTo("0x" + Long.toHexString(value));
    }

    @Property
    void decimal_text_of_any_value_is_read_back(@ForAll long value) {
        assertThat(HexValue.parse(Long.toUnsignedString(value))).isEqualTo(value);
    }

    @Property
    void any_text_is_read_as_the_library_does_or_refused(@ForAll String text) {
        long expected;
        try {
            expected = reference(text);
        } catch (NumberFormatException e) {
            assertThatThrownBy(() -> HexValue.parse(text)).isInstanceOf(NumberFormatException.class);
            return;
        }
        assertThat(HexValue.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0X1f", "0x1F", "31", "0x000000000000000000001f", "031"})
    void all_spellings_of_31_are_read(String text) {
        assertThat(HexValue.parse(text)).isEqualTo(31);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x",
                "x1",
                "1f",
                "-1",
                "+1",
                "0x-1",
                "0x+1",
                " 1",
                "1 ",
                "0x1_0",
                "0x1\u0660",
                "\u0661",
                "18446744073709551616",
                "99999999999999999999",
                "0x10000000000000000"
            })
    void what_is_no_64_bit_number_is_refused(String text) {
        assertThatThrownBy(() -> HexValue.parse(text)).isInstanceOf(NumberFormatException.class);
    }

    private static long reference(String text) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        String digits = hex ? text.substring(2) : text;
        if (!digits.matches(hex ? "[0-9a-fA-F]+" : "[0-9]+")) {
            throw new NumberFormatException();
        }
        BigInteger value = new BigInteger(digits, hex ? 16 : 10);
        if (value.bitLength() > Long.SIZE) {
            throw new NumberFormatException();
        }
        return value.longValue();
    }
}
