package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.config.EgressAllow;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
    private static final InetAddress PUBLIC_V4 = InetAddress.ofLiteral("93.184.216.34");
    private static final InetAddress PUBLIC_V6 = InetAddress.ofLiteral("2606:2800:220:1:248:1893:25c8:1946");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static EgressGuard guard(InetAddress... addresses) {
        return new EgressGuard(false, EgressAllow.NOTHING, host -> addresses);
    }

    /** Host names as they stand in addresses, whatever notation: all lead to reserved addresses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0X7F.0.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "0",
                "0.0.0.0",
                "00",
                "0x",
                "10.0.0.1",
                "10.255.255.255",
                "012.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "0xa9fea9fe",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "3232235777",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "%31%32%37.0.0.1",
                "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
                "127\u30020\u30020\u30021",
                "[::1]",
                "[::]",
                "[0:0:0:0:0:0:0:1]",
                "[::127.0.0.1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:10.0.0.1]",
                "[fc00::1]",
                "[fdff:ffff::1]",
                "[fe80::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b:1::808:808]",
                "[2002:7f00:1::]",
                "[2002:c0a8:101::1]",
                "[2001::1]",
                "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
                "[2001:db8::1]",
                "[2001:10::1]",
                "[3fff::1]",
                "[100::1]",
                "[5f00::1]",
                "[4000::1]"
            })
    void reservedHosts_areRefused(String host) {
        WebUrl url = Objects.requireNonNull(WebUrl.parse("http://" + host + "/"), host);
        assertThatThrownBy(() -> guard(PUBLIC_V4).resolve(url.host()))
                .isInstanceOf(EgressGuard.RestrictedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "0x08080808",
                "134744072",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.255",
                "192.0.3.0",
                "192.88.98.255",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "[2606:4700:4700::1111]",
                "[2a00:1450:4001::1]",
                "[2002:808:808::1]",
                "[64:ff9b::808:808]",
                "[::ffff:8.8.8.8]",
                "[2001:200::1]",
                "[2001:4860:4860::8888]"
            })
    void publicHosts_areLetThrough(String host) throws Exception {
        WebUrl url = Objects.requireNonNull(WebUrl.parse("http://" + host + "/"), host);
        assertThat(guard(LOOPBACK).resolve(url.host())).hasSize(1);
    }

    @Test
    void name_isJudgedByItsAddresses_andOnlyTheAllowedOnesAreLeft() throws Exception {
        assertThat(guard(LOOPBACK, PUBLIC_V4, InetAddress.ofLiteral("fe80::1"), PUBLIC_V6)
                        .resolve("h"))
                .containsExactly(PUBLIC_V4, PUBLIC_V6);
        assertThatThrownBy(
                        () -> guard(LOOPBACK, InetAddress.ofLiteral("10.0.0.1")).resolve("h"))
                .isInstanceOf(EgressGuard.RestrictedException.class);
    }

    @Test
    void name_thatChangesItsMind_isJudgedEachTime() throws Exception {
        InetAddress[][] answers = {{PUBLIC_V4}, {LOOPBACK}};
        int[] asked = {0};
        EgressGuard guard = new EgressGuard(false, EgressAllow.NOTHING, host -> answers[asked[0]++]);
        assertThat(guard.resolve("h")).containsExactly(PUBLIC_V4);
        assertThatThrownBy(() -> guard.resolve("h")).isInstanceOf(EgressGuard.RestrictedException.class);
    }

    @Test
    void reservedAddresses_whereAllowed_areLetThrough() throws Exception {
        EgressGuard guard = new EgressGuard(true, EgressAllow.NOTHING, host -> new InetAddress[] {LOOPBACK});
        assertThat(guard.resolve("h")).containsExactly(LOOPBACK);
        assertThat(guard.resolve("10.0.0.1")).containsExactly(InetAddress.ofLiteral("10.0.0.1"));
    }

    @Test
    void unknownName_isUnknownAndNotRestricted() {
        EgressGuard guard = new EgressGuard(false, EgressAllow.NOTHING, host -> {
            throw new UnknownHostException(host);
        });
        assertThatThrownBy(() -> guard.resolve("h")).isExactlyInstanceOf(UnknownHostException.class);
    }

    /** The model: ranges written out as octet comparisons. */
    @Property(tries = 5000)
    void isReserved_v4_agreesWithTheListOfRanges(@ForAll byte a, @ForAll byte b, @ForAll byte c, @ForAll byte d)
            throws Exception {
        int first = a & 0xFF;
        int second = b & 0xFF;
        int third = c & 0xFF;
        boolean expected = first == 0
                || first == 10
                || first == 127
                || first >= 224
                || (first == 100 && second >= 64 && second < 128)
                || (first == 169 && second == 254)
                || (first == 172 && second >= 16 && second < 32)
                || (first == 192 && second == 0 && (third == 0 || third == 2))
                || (first == 192 && second == 88 && third == 99)
                || (first == 192 && second == 168)
                || (first == 198 && (second == 18 || second == 19))
                || (first == 198 && second == 51 && third == 100)
                || (first == 203 && second == 0 && third == 113);
        byte[] octets = {a, b, c, d};
        assertThat(Addresses.isReserved(InetAddress.getByAddress(octets))).isEqualTo(expected);
        // the same address in disguise
        byte[] nat64 = new byte[16];
        nat64[1] = 0x64;
        nat64[2] = (byte) 0xFF;
        nat64[3] = (byte) 0x9B;
        System.arraycopy(octets, 0, nat64, 12, 4);
        assertThat(Addresses.isReserved(InetAddress.getByAddress(nat64))).isEqualTo(expected);
        byte[] sixToFour = Arrays.copyOf(new byte[] {0x20, 0x02, a, b, c, d}, 16);
        assertThat(Addresses.isReserved(InetAddress.getByAddress(sixToFour))).isEqualTo(expected);
    }

    @Property
    void dottedQuad_ofAnyNumber_isTheAddressWithThatNumber(@ForAll int number) throws Exception {
        long unsigned = Integer.toUnsignedLong(number);
        byte[] octets = {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        String expected = InetAddress.getByAddress(octets).getHostAddress();
        assertThat(Addresses.dottedQuad(Long.toString(unsigned))).isEqualTo(expected);
        assertThat(Addresses.dottedQuad("0x" + Long.toHexString(unsigned))).isEqualTo(expected);
        assertThat(Addresses.dottedQuad("0" + Long.toOctalString(unsigned))).isEqualTo(expected);
    }
}
