package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/causes.md} is this; {@code -Dframewright.update=true} rewrites it. */
class CauseDocsTest {
    private static final Path DOCS = Path.of("docs", "causes.md");
    private static final String HEAD = """
            # Causes

            Printed from `api.Cause` by `CauseDocsTest`; do not edit. With `"options": {"causes": true}` every module and
            every candidate of an answer has a `cause`: the code, a message, a remedy, and the facts that are known
            (`source`, `location`, `http_status`, `address_blocked`, `cached`, `elapsed_ms`, `next_try`, `remembered`, and
            `file` with `bytes`, `debug_id`, `code_id`, `arch`, `kind`, `stripped`). With `"options": {"explain": true}` every
            frame of JavaScript has one in `explain`, beside what was `tried`. `GET /explain/{request_id}` and
            `framewright explain` tell the same to people. Codes are stable; messages are not. Each has its fault in
            `CauseFaultsTest`.

            | code | message | what it means | what to do |
            |---|---|---|---|
            """;

    @Test
    void table_ofTheDocs_isThatOfTheCode() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (Cause cause : Cause.values()) {
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(cause.code(), cause.sentence(), cause.meaning(), cause.remedy()));
        }
        if (Boolean.getBoolean("framewright.update")) {
            Files.writeString(DOCS, text);
        }
        assertThat(text.toString()).isEqualTo(Files.readString(DOCS));
    }

    @Test
    void texts_haveNoBarsThatWouldBreakTheTable_andSayWhatToDo() {
        for (Cause cause : Cause.values()) {
            assertThat(cause.sentence() + cause.meaning() + cause.remedy()).doesNotContain("|", "\n");
            assertThat(cause.meaning()).endsWith(".");
            assertThat(cause.remedy().isEmpty()).isEqualTo(cause == Cause.FOUND);
        }
    }
}
