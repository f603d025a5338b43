package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebUrlTest {
    private static WebUrl url(String text) {
        return Objects.requireNonNull(WebUrl.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource({
        "http://Example.COM, http://example.com/",
        "HTTPS://example.com:443/a?b=c#d, https://example.com/a?b=c",
        "https://example.com:8443/, https://example.com:8443/",
        "http://example.com:/, http://example.com/",
        "http://user:secret@example.com/a, http://example.com/a",
        "http://a@b@example.com/, http://example.com/",
        "http://my_host/a, http://my_host/a",
        "'http://h/a b/\u00fc|[x]?q=[1] 2', 'http://h/a%20b/%C3%BC%7C%5Bx%5D?q=%5B1%5D%202'",
        "http://h/%41/%, http://h/%41/%25",
        "http://h/a/./b/../c/, http://h/a/c/",
        "http://h/../../a, http://h/a",
        "http://h/a/%2e%2E/b, http://h/b",
        "http://h/a/.., http://h/",
        "'http://h\\a\\..\\b', http://h/b",
        "http://[::1]:80/a, http://[::1]/a",
        "http://[2001:DB8::1]/, http://[2001:db8::1]/",
        "http://b\u00fccher.example/, http://xn--bcher-kva.example/",
        "' http://h/ ', http://h/",
    })
    void parse_normalises(String text, String expected) {
        assertThat(WebUrl.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "/a",
                "http:/\\h",
                "//h/a",
                "ftp://h/",
                "file:///etc/passwd",
                "http:",
                "http://",
                "http:///a",
                "http://h:0/",
                "http://h:65536/",
                "http://h:x/",
                "http://a b/",
                "http://[::1/",
                "http://[::1%25eth0]/",
                "http://[1.2.3.4]/",
                "http://1.2.3.4.5/",
                "http://256.1.1.1/",
                "http://0x1ffffffff/",
                "http://a.1.256/",
                "http://h<x>/",
                "http://%00/",
                "http://%2f/",
                "http://./",
                "http://a..b/",
                "http://\ufe30/",
                "gopher:http://h/"
            })
    void parse_ofWhatIsNoWebAddress_isNone(String text) {
        assertThat(WebUrl.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, a/b, http://h/a/b",
        "http://h/x/, a/b, http://h/x/a/b",
        "http://h/x, a//b/, http://h/x/a/b",
        "http://h/x?t=1, a, http://h/x/a?t=1",
        "http://h/, 'a b/c+d~e/f%g/[h]?#', http://h/a%20b/c+d~e/f%25g/%5Bh%5D%3F%23",
        "http://h/, \u00e4, http://h/%C3%A4",
    })
    void append_encodesSegmentsAndDropsEmptyOnes(String base, String path, String expected) {
        assertThat(url(base).append(path)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a/b?q, /x, http://h/x",
        "http://h/a/b?q, x, http://h/a/x",
        "http://h/a/b?q, ?x, http://h/a/b?x",
        "http://h/a/b?q, ../x, http://h/x",
        "https://h/a, //g/x, https://g/x",
        "https://h/a, http://g/x, http://g/x",
        "https://h/a, 'x y', https://h/x%20y",
        "https://h/a/b, x:y/z, ",
        "https://h/a, file:///etc/passwd, ",
        "https://h/a, javascript:alert(1), ",
        "https://h/a, './x:y', https://h/x:y",
    })
    void resolve_followsReferences(String base, String reference, String expected) {
        assertThat(String.valueOf(url(base).resolve(reference))).isEqualTo(String.valueOf(expected));
    }

    @Test
    void resolve_dropsTheCredentialsOfTheAddress() {
        assertThat(Objects.requireNonNull(url("http://u:p@h/a").resolve("/b")).userInfo())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/, http://h/x, true",
        "http://h/, https://h/x, true",
        "https://h/, http://h/x, false",
        "https://h/, https://h:444/x, false",
        "https://h/, https://g/x, false",
        "https://h/, https://h.g/x, false",
    })
    void secrets_stayWithTheirHostAndItsChannel(String from, String to, boolean expected) {
        assertThat(url(from).mayShareSecretsWith(url(to))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/%, http://h/%25",
        "http://h/a%2, http://h/a%252",
        "http://h/%zz?q=%, http://h/%25zz?q=%25",
        "http://h/%41, http://h/%41",
    })
    void parse_percentThatBeginsNoEscape_isEscaped(String text, String expected) {
        assertThat(url(text).toString()).isEqualTo(expected);
    }

    @Property
    void parse_anyText_givesAnAddressThatTheLibraryReadsTheSameWay(@ForAll String text) {
        for (String candidate : new String[] {text, "http://h/" + text, "http://" + text + "/", "http://h?" + text}) {
            WebUrl url = WebUrl.parse(candidate);
            if (url != null) {
                URI uri = URI.create("http://placeholder" + url.target());
                assertThat(uri.getHost()).isEqualTo("placeholder");
                assertThat(url.target()).startsWith("/").doesNotContain("\r", "\n", " ");
                assertThat(WebUrl.parse(url.toString())).isNotNull();
            }
        }
    }
}
