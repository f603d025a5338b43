package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.config.EgressAllow;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.testkit.ManualClock;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way into the own network that is known, tried against servers that count who comes. */
class EgressSuiteTest {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static TrapServers traps;

    private final AtomicInteger lookUps = new AtomicInteger();
    private Fetcher fetcher = fetcher();

    @BeforeAll
    static void open() throws Exception {
        traps = new TrapServers();
    }

    @AfterAll
    static void closeTraps() throws Exception {
        traps.close();
    }

    @AfterEach
    void close() {
        fetcher.close();
    }

    private Fetcher fetcher(String... allowed) {
        DenyList off =
                new DenyList(false, Duration.ofSeconds(60), Duration.ofSeconds(5), 60, Duration.ofHours(1), Set.of());
        FetchSettings settings = new FetchSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                1 << 20,
                false,
                off,
                EgressAllow.parse(List.of(allowed)),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2));
        return new Fetcher(settings, new ManualClock(), "test", this::resolve);
    }

    private void allow(String... allowed) {
        fetcher.close();
        fetcher = fetcher(allowed);
    }

    /** Names say where they lead, as services for rebinding have it. */
    private InetAddress[] resolve(String host) throws UnknownHostException {
        int look = lookUps.getAndIncrement();
        return switch (host.endsWith(".") ? host.substring(0, host.length() - 1) : host) {
            case "localhost", "one.test", "symbols.corp.example" -> addresses("127.0.0.1");
            case "two.test" -> addresses("127.0.0.2");
            case "six.test" -> addresses("::1");
            case "mapped.test" -> addresses("::ffff:127.0.0.1");
            case "both.test" -> addresses("127.0.0.1", "::1", "10.0.0.1");
            case "nat64.test" -> addresses("64:ff9b::7f00:1");
            case "link.test" -> addresses("fe80::1");
            case "metadata.test" -> addresses("169.254.169.254");
            // allowed at the first look, forbidden ever after
            case "rebinding.test" -> addresses(look == 0 ? "127.0.0.2" : "127.0.0.1");
            default -> throw new UnknownHostException(host);
        };
    }

    private static InetAddress[] addresses(String... literals) {
        return List.of(literals).stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private Outcome<Answer> get(String url, Trust trust) throws InterruptedException {
        Outcome<WebRequest> request =
                Outcome.found(WebRequest.get(Objects.requireNonNull(WebUrl.parse(url)), Map.of()));
        return fetcher.answer(new Web("x", url, url, () -> request, trust, false, true), 100, Duration.ofSeconds(30));
    }

    private static Finding refusal(Outcome<Answer> outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        Failure failure = ((Failed<Answer>) outcome).failure();
        return Finding.failed(failure, "x", "there", Finding.Attempt.NONE);
    }

    private static String at(String host) {
        return "http://" + host + ":" + traps.port() + "/f";
    }

    private static String leadingTo(String from, String url) {
        return "http://" + from + ":" + traps.port() + "/to?" + URLEncoder.encode(asciiOf(url), StandardCharsets.UTF_8);
    }

    /** Heads of answers hold nothing else. */
    private static String asciiOf(String url) {
        return WebUrl.encode(url, ":/?[]@%=+.-_~");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.0.0.2, 127.0.0.2",
        "127.1, 127.0.0.1",
        "127.2, 127.0.0.2",
        "127.0.2, 127.0.0.2",
        "2130706433, 127.0.0.1",
        "2130706434, 127.0.0.2",
        "0x7f000001, 127.0.0.1",
        "0X7F.0.0.2, 127.0.0.2",
        "0x7f.1, 127.0.0.1",
        "0177.0.0.1, 127.0.0.1",
        "017700000002, 127.0.0.2",
        "0177.0x0.0.2, 127.0.0.2",
        "127.0.0.1., 127.0.0.1",
        "%31%32%37.0.0.1, 127.0.0.1",
        "127%2e0%2e0%2e1, 127.0.0.1",
        "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460, 127.0.0.1",
        "127\u30020\u30020\u30021, 127.0.0.1",
        "0, 0.0.0.0",
        "0.0.0.0, 0.0.0.0",
        "[::], ::",
        "[::1], ::1",
        "[0:0:0:0:0:0:0:1], ::1",
        "[::ffff:127.0.0.1], 127.0.0.1",
        "[::ffff:7f00:2], 127.0.0.2",
        "[::127.0.0.1], ::7f00:1",
        "[::ffff:0:7f00:1], ::ffff:0:7f00:1",
        "[64:ff9b::7f00:1], 64:ff9b::7f00:1",
        "[64:ff9b:1::7f00:1], 64:ff9b:1::7f00:1",
        "[2002:7f00:1::], 2002:7f00:1::",
        "[2002:7f00:2::1], 2002:7f00:2::1",
        "[2001:0:7f00:1:0:0:0:0], 2001:0:7f00:1::",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe], 2001:0:4136:e378:8000:63bf:80ff:fffe",
        "[fe80::1], fe80::1",
        "[fd00::1], fd00::1",
        "localhost, 127.0.0.1",
        "LOCALHOST, 127.0.0.1",
        "localhost., 127.0.0.1",
        "a.localhost, 127.0.0.1",
        "ｌｏｃａｌｈｏｓｔ, 127.0.0.1",
        "public.example@127.0.0.1, 127.0.0.1",
        "public.example:80@127.0.0.2, 127.0.0.2",
        "a@b@127.0.0.1, 127.0.0.1",
        "one.test, 127.0.0.1",
        "one.test., 127.0.0.1",
        "ONE.test, 127.0.0.1",
        "two.test, 127.0.0.2",
        "six.test, ::1",
        "mapped.test, 127.0.0.1",
        "both.test, 127.0.0.1",
        "nat64.test, 64:ff9b::7f00:1",
        "link.test, fe80::1",
        "metadata.test, 169.254.169.254",
        "169.254.169.254, 169.254.169.254",
        "0xa9fea9fe, 169.254.169.254",
        "10.0.0.1, 10.0.0.1",
        "192.168.0.1, 192.168.0.1",
        "172.16.0.1, 172.16.0.1",
        "100.64.0.1, 100.64.0.1",
    })
    void host_thatLeadsInside_isRefusedByName_andNobodyComes(String host, String address) throws Exception {
        int before = traps.connections();
        for (String url : new String[] {at(host), at(host).replace("http:", "https:")}) {
            Finding refusal = refusal(get(url, Trust.RESTRICTED));
            assertThat(refusal.cause()).isEqualTo(Cause.ADDRESS_BLOCKED);
            assertThat(InetAddress.ofLiteral(refusal.address())).isEqualTo(InetAddress.ofLiteral(address));
            assertThat(refusal.sentence()).contains(refusal.address());
        }
        // as a hop of a redirect too, from a server that may be asked
        allow("symbols.corp.example");
        Finding hop = refusal(get(leadingTo("symbols.corp.example", at(host)), Trust.RESTRICTED));
        assertThat(hop.cause()).isEqualTo(Cause.ADDRESS_BLOCKED);
        assertThat(InetAddress.ofLiteral(hop.address())).isEqualTo(InetAddress.ofLiteral(address));
        assertThat(traps.connections() - before).as("the one that led there").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://[fe80::1%25lo]:1/",
                "http://[::1%lo]:1/",
                "http://[::1%25]:1/",
                "http://[127.0.0.1]:1/",
                "http://[::ffff:127.0.0.256]/",
                "http://127.0.0.256/",
                "http://127.0.0.1.1/",
                "http://0x100000000/",
                "http://1.2.3.4.5/",
                "http://%00127.0.0.1/",
                "http://127.0.0.1%00.public.example/",
                "http://a b/",
                "http:///f",
                "http://@/f",
                "ftp://127.0.0.1/",
                "file:///etc/passwd",
                "gopher://127.0.0.1/",
            })
    void address_thatReadersUnderstandInTwoWays_isNone(String text) {
        assertThat(WebUrl.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one.test", "two.test", "six.test", "127.0.0.1", "[::1]", "localhost"})
    void sourceOfTheSettings_mayBeInside(String host) throws Exception {
        assertThat(get(at(host), Trust.TRUSTED)).isInstanceOf(Found.class);
    }

    @Test
    void sourceOfTheSettings_isNotLedFurtherInside_thanItsOwnHost() throws Exception {
        assertThat(get(leadingTo("one.test", at("one.test")), Trust.TRUSTED)).isInstanceOf(Found.class);
        int two = traps.connections("127.0.0.2");
        for (String host : new String[] {"two.test", "127.0.0.2", "2130706434"}) {
            Finding hop = refusal(get(leadingTo("one.test", at(host)), Trust.TRUSTED));
            assertThat(hop.address()).isEqualTo("127.0.0.2");
        }
        // nor back home by a way round
        String round = leadingTo("one.test", leadingTo("symbols.corp.example", at("one.test")));
        allow("symbols.corp.example");
        assertThat(refusal(get(round, Trust.TRUSTED)).address()).isEqualTo("127.0.0.1");
        assertThat(traps.connections("127.0.0.2")).isEqualTo(two);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, two.test",
        "127.0.0.2/32, 2130706434",
        "127.0.0.2/31, [::ffff:127.0.0.2]",
        "two.test, two.test",
        "two.test, TWO.test.",
        "::1/128, six.test",
        "::1, [::1]",
    })
    void allowedPlace_isLetThrough_andItsNeighboursAreNot(String allowed, String host) throws Exception {
        allow(allowed);
        int one = traps.connections("127.0.0.1");
        assertThat(get(at(host), Trust.RESTRICTED)).isInstanceOf(Found.class);
        assertThat(refusal(get(at("one.test"), Trust.RESTRICTED)).cause()).isEqualTo(Cause.ADDRESS_BLOCKED);
        assertThat(refusal(get(leadingTo(host, at("one.test")), Trust.RESTRICTED))
                        .address())
                .isEqualTo("127.0.0.1");
        assertThat(traps.connections("127.0.0.1")).isEqualTo(one);
    }

    @Test
    void nameOfSeveralAddresses_isConnectedToWhereItMay() throws Exception {
        allow("::1");
        int one = traps.connections("127.0.0.1");
        assertThat(get(at("both.test"), Trust.RESTRICTED)).isInstanceOf(Found.class);
        assertThat(traps.connections("127.0.0.1")).isEqualTo(one);
    }

    @Test
    void nameThatChangesItsMind_isConnectedToWhereItWasJudged() throws Exception {
        allow("127.0.0.2");
        int one = traps.connections("127.0.0.1");
        assertThat(get(at("rebinding.test"), Trust.RESTRICTED)).isInstanceOf(Found.class);
        assertThat(lookUps).hasValue(1);
        assertThat(refusal(get(at("rebinding.test"), Trust.RESTRICTED)).address())
                .isEqualTo("127.0.0.1");
        assertThat(traps.connections("127.0.0.1")).isEqualTo(one);
    }
}
