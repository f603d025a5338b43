package framewright.nativebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsScopesTest {
    private static NativeResult<JsScopes> of(String script) {
        return JsScopes.of(script.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void of_tellsRowsAndPartsOfNames() {
        JsScopes scopes = of("\na.b=function(){}").orThrow();
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < scopes.rows(); row++) {
            rows.add(scopes.line(row) + ":" + scopes.column(row) + " " + scopes.name(row));
        }
        assertThat(rows).containsExactly("0:0 -1", "1:4 0");
        assertThat(scopes.names()).isEqualTo(1);
        List<String> parts = new ArrayList<>();
        scopes.parts(0, (text, start, end) -> parts.add(text + " " + start + " " + end));
        assertThat(parts)
                .containsExactly(
                        "a Position[line=1, column=0] Position[line=1, column=1]",
                        ". null null",
                        "b Position[line=1, column=2] Position[line=1, column=3]");
    }

    @Test
    void of_whatIsNoModuleOrTooDeep_isAFailure() {
        assertThat(status(of("function ("))).isEqualTo(NativeStatus.UNSUPPORTED);
        assertThat(status(of("[".repeat(1_000_000)))).isEqualTo(NativeStatus.LIMIT);
    }

    private static NativeStatus status(NativeResult<JsScopes> result) {
        return switch (result) {
            case NativeResult.Ok<JsScopes> _ -> NativeStatus.OK;
            case NativeResult.Failed<JsScopes>(NativeFailure failure) -> failure.status();
        };
    }
}
