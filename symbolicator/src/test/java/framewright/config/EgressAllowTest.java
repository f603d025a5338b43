package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressAllowTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "0.0.0.0/0, 127.0.0.1, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdab::1, true",
        "fd00::/8, fc00::1, false",
        "::1, ::1, true",
        "10.0.0.0/8, 64:ff9b::a00:1, false",
    })
    void network_allowsItsAddresses_andNoOthers(String entry, String address, boolean expected) {
        assertThat(EgressAllow.parse(List.of(entry)).allows("any", InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @Test
    void host_isAllowedWhereverItLeads_andItsNamesakesAreNot() {
        EgressAllow allow = EgressAllow.parse(List.of("Symbols.corp.example."));
        InetAddress address = InetAddress.ofLiteral("10.0.0.1");
        assertThat(allow.allows("symbols.corp.example", address)).isTrue();
        assertThat(allow.allows("SYMBOLS.corp.example.", address)).isTrue();
        assertThat(allow.allows("x.symbols.corp.example", address)).isFalse();
        assertThat(allow.allows("corp.example", address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/x",
                "fd00::/129",
                "name/8",
                "a b",
                "http://h",
                "*.example",
                "10.0.0.256",
                "fe80::1%eth0/64",
            })
    void nonsense_isRefused(String entry) {
        assertThatThrownBy(() -> EgressAllow.parse(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }

    /** The model: the numbers shifted. */
    @Property
    void network_agreesWithShifting(@ForAll int first, @ForAll int other, @ForAll @IntRange(max = 32) int prefix) {
        boolean expected = prefix == 0 || first >>> (32 - prefix) == other >>> (32 - prefix);
        String entry = text(first) + "/" + prefix;
        assertThat(EgressAllow.parse(List.of(entry)).allows("h", InetAddress.ofLiteral(text(other))))
                .isEqualTo(expected);
    }

    private static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
