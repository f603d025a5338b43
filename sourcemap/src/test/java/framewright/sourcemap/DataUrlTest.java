package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            data:application/json;base64,e30=                | application/json                | {}
            data:application/json;base64,e30                 | application/json                | {}
            data:application/json;base64,e3%30%3D            | application/json                | {}
            data:application/json;base64,e%0A30%20=          | application/json                | {}
            data:application/json;charset=utf-8;base64,e30=  | application/json;charset=utf-8  | {}
            data:application/json; BASE64,e30=               | application/json                | {}
            DATA:text/plain,a%20b                            | text/plain                      | a b
            data:,%7b%7D                                     | ``                              | {}
            data:,100%,%zz%4                                 | ``                              | 100%,%zz%4
            data:;base64,                                    | ``                              | ``
            data:application/json;base64=1,e30=              | application/json;base64=1       | e30=
            """)
    void content_is_decoded(String url, String mediaType, String content) {
        DataUrl.Result result = DataUrl.decode(url);
        assertThat(result).isInstanceOf(DataUrl.Decoded.class);
        DataUrl.Decoded decoded = (DataUrl.Decoded) result;
        assertThat(decoded.mediaType()).isEqualTo(mediaType);
        assertThat(new String(decoded.content(), StandardCharsets.UTF_8)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data",
                "http://a/",
                "data:application/json;base64",
                "data:;base64,e",
                "data:;base64,e30==",
                "data:;base64,e-_=",
                "data:;base64,=",
                "data:;base64,e3\u00e90"
            })
    void what_cannot_be_decoded_is_refused(String url) {
        assertThat(DataUrl.decode(url)).isInstanceOf(DataUrl.Malformed.class);
    }

    @Test
    void only_the_scheme_decides_what_is_a_data_url() {
        assertThat(DataUrl.isDataUrl("Data:")).isTrue();
        assertThat(DataUrl.isDataUrl("app.js.map")).isFalse();
    }

    @Property
    void any_bytes_come_back(@ForAll byte[] content) {
        String url = "data:application/json;base64," + Base64.getEncoder().encodeToString(content);
        assertThat(((DataUrl.Decoded) DataUrl.decode(url)).content()).isEqualTo(content);
    }

    @Property
    void any_text_is_decoded_or_refused(@ForAll String text) {
        assertThat(DataUrl.decode("data:" + text)).isNotNull();
    }
}
