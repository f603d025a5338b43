package framewright.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
    private static final String BOUNDARY = "--bb";

    /** Contents that look like the boundary in every way, and long ones. */
    @Provide
    Arbitrary<List<String>> contents() {
        Arbitrary<String> piece =
                Arbitraries.of("\r", "\n", "-", "--", "b", "\r\n", "\r\n----b", "x", "y".repeat(70_000));
        return piece.list()
                .ofMaxSize(20)
                .map(pieces -> String.join("", pieces))
                .filter(content -> !("\r\n" + content + "\r\n").contains("\r\n--" + BOUNDARY))
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 200)
    void parts_comeBackAsTheyWereSent_howeverTheyArrive(
            @ForAll("contents") List<String> contents, @ForAll @IntRange(min = 1, max = 9000) int step)
            throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String content : contents) {
            body.writeBytes(
                    ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + content + "\r\n")
                            .getBytes(UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\nepilogue").getBytes(UTF_8));
        MultipartReader reader = new MultipartReader(inSteps(body.toByteArray(), step), BOUNDARY);
        for (String content : contents) {
            MultipartReader.Part part = reader.next();
            assertThat(part).isNotNull();
            assertThat(part.name()).isEqualTo("f");
            assertThat(new String(part.content().readAllBytes(), UTF_8)).isEqualTo(content);
        }
        assertThat(reader.next()).isNull();
    }

    @Test
    void part_thatIsLeftUnread_isPassedOver() throws IOException {
        String part = "--" + BOUNDARY + " \t\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n";
        String body = "preamble\r\n" + part.formatted("a", "z".repeat(200_000)) + part.formatted("b", "") + "--"
                + BOUNDARY + "--";
        MultipartReader reader = new MultipartReader(new ByteArrayInputStream(body.getBytes(UTF_8)), BOUNDARY);
        assertThat(reader.next()).extracting(MultipartReader.Part::name).isEqualTo("a");
        assertThat(reader.next()).extracting(MultipartReader.Part::name).isEqualTo("b");
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no boundary at all",
                "----bb",
                "----bb\r\nno end of the head",
                "----bb\r\n\r\nno last boundary\r\n",
                "----bbx\r\n\r\n\r\n----bb--"
            })
    void body_thatIsNoForm_isRefused(String body) {
        MultipartReader reader = new MultipartReader(new ByteArrayInputStream(body.getBytes(UTF_8)), BOUNDARY);
        assertThatThrownBy(() -> {
                    while (reader.next() != null) {
                        // on to the fault
                    }
                })
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void headAndParts_haveBounds() {
        String head = "--" + BOUNDARY + "\r\nX: " + "h".repeat(40_000) + "\r\n\r\n\r\n--" + BOUNDARY + "--";
        MultipartReader long1 = new MultipartReader(new ByteArrayInputStream(head.getBytes(UTF_8)), BOUNDARY);
        assertThatThrownBy(long1::next).hasMessageContaining("headers of a part are longer");
        String many = ("--" + BOUNDARY + "\r\n\r\n\r\n").repeat(2000);
        MultipartReader parts = new MultipartReader(new ByteArrayInputStream(many.getBytes(UTF_8)), BOUNDARY);
        assertThatThrownBy(() -> {
                    while (parts.next() != null) {
                        // on to the bound
                    }
                })
                .hasMessageContaining("more than 1000 parts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            form-data; name="a"                       | a
            form-data; NAME = plain ; x=y             | plain
            form-data; filename="x; name=no"; name=b  | b
            form-data; name="a\\"b"                   | a"b
            form-data; name=""                        | ``
            form-data                                 |
            form-data; name                           |
            """)
    void names_areReadAsBrowsersWriteThem(String value, String name) {
        assertThat(HeaderParameter.of(value, "name")).isEqualTo(name);
    }

    private static InputStream inSteps(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, step));
            }
        };
    }
}
