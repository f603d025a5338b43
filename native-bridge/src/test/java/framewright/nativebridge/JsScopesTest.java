package framewright.nativebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsScopesTest {
    private static NativeResult<JsScopes> of(String script) {
        return JsScopes.of(script.getBytes(StandardCharsets.UTF_8));
    }

    @TempDir
    private Path folder;

    @Test
    void of_tellsFunctionsAndPartsOfNames() {
        assertTells(of("\na.b=function(){}").orThrow());
    }

    @Test
    void open_tellsTheSameFromAFile() throws IOException {
        Path file = folder.resolve("functions");
        JsScopes scopes = of("\na.b=function(){}").orThrow();
        try (OutputStream out = Files.newOutputStream(file)) {
            scopes.write(out);
        }
        assertThat(scopes.bytes()).isEqualTo(Files.size(file));
        try (JsScopes opened = JsScopes.open(file)) {
            assertTells(opened);
        }
    }

    @Test
    void open_aFileThatWasCut_isOutOfBounds() throws IOException {
        Path file = folder.resolve("functions");
        try (OutputStream out = Files.newOutputStream(file)) {
            of("a=()=>1").orThrow().write(out);
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> JsScopes.open(file)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private static void assertTells(JsScopes scopes) {
        assertThat(scopes.nameAt(0, 0)).isEqualTo(JsScopes.NO_FUNCTION);
        assertThat(scopes.nameAt(1, 3)).isEqualTo(JsScopes.NO_FUNCTION);
        assertThat(scopes.nameAt(1, 4)).isZero();
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
