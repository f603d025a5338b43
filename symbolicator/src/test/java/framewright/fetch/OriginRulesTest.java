package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRulesTest {
    private static boolean allow(String rule, String url) {
        return OriginRules.allow(List.of(rule), Objects.requireNonNull(WebUrl.parse(url)));
    }

    @Test
    void no_rule_allows_nothing() {
        assertThat(OriginRules.allow(List.of(), Objects.requireNonNull(WebUrl.parse("http://a.com/"))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*, http://a.com/x",
        "https://a.com/x.c, https://a.com/x.c",
        "a.com, http://a.com/x",
        "A.COM, https://a.com:8443/x",
        "https://a.com, https://a.com/x",
        "a.com:8443, https://a.com:8443/x",
        "a.com:443, https://a.com/x",
        "*.a.com, http://a.com/x",
        "*.a.com, http://b.c.a.com/x",
        "*:8000, http://b.com:8000/x",
        "a.com/src/*, https://a.com/src/x.c",
        "https://a.com/src/x.c, https://a.com/src/x.c",
        "m\u00fcnchen.de, http://xn--mnchen-3ya.de/x",
        "*.m\u00fcnchen.de, http://www.m\u00fcnchen.de/x",
    })
    void what_a_rule_means_is_allowed(String rule, String url) {
        assertThat(allow(rule, url)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', http://a.com/",
        "a.com, http://b.com/x",
        "a.com, http://evil-a.com/x",
        "a.com, http://a.com.evil.com/x",
        "a.com, http://sub.a.com/x",
        "*.a.com, http://evila.com/x",
        "*., http://a.com/x",
        "https://a.com, http://a.com/x",
        "a.com:80, https://a.com/x",
        "*:80, https://b.com/x",
        "a.com/src/*, https://a.com/other/x",
        "a.com/x, https://a.com/xy",
        "a.com, http://a.com@b.com/x",
    })
    void what_a_rule_does_not_mean_is_not_allowed(String rule, String url) {
        assertThat(allow(rule, url)).isFalse();
    }
}
