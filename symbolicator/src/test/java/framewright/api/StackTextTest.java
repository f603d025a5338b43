package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StackTextTest {
    private static List<String> frames(String stack) {
        return StackText.parse(stack).stream()
                .flatMap(List::stream)
                .map(frame -> frame.function + "|" + frame.absPath + "|" + frame.line + "|" + frame.column)
                .toList();
    }

    @Test
    void chromeAndNode() {
        assertThat(frames("""
                TypeError: Cannot read properties of undefined (reading 'x') at: foo
                    at Object.f [as g] (https://a.example/app.js?v=1:2:345)
                    at async Promise.all (index 0)
                    at new Foo (/srv/app/dist/main.js:1:20)
                    at file:///srv/app/dist/main.mjs:3:4
                    at eval (eval at run (https://a.example/app.js:7:8), <anonymous>:1:1)
                    at Array.forEach (<anonymous>)
                    at node:internal/timers:581:17
                """))
                .containsExactly(
                        "Object.f|https://a.example/app.js?v=1|2|345",
                        "new Foo|/srv/app/dist/main.js|1|20",
                        "null|/srv/app/dist/main.mjs|3|4",
                        "eval|https://a.example/app.js|7|8",
                        "null|node:internal/timers|581|17");
    }

    @Test
    void firefoxAndSafari() {
        assertThat(frames("""
                f@https://a.example/app.js:2:345
                a/b/<@https://a.example/app.js:3:4
                @https://a.example/app.js:5:6
                run@https://a.example/app.js line 7 > eval:1:1
                [native code]
                forEach@[native code]
                global code@https://a.example/app.js:9
                """))
                .containsExactly(
                        "f|https://a.example/app.js|2|345",
                        "a/b/<|https://a.example/app.js|3|4",
                        "null|https://a.example/app.js|5|6",
                        "run|https://a.example/app.js|7|-1",
                        "forEach|[native code]|0|-1",
                        "global code|https://a.example/app.js|9|-1");
    }

    @Test
    void hermes_countsOffsetsInBytecodeFromZero() {
        assertThat(frames("""
                Error: x
                    at onPress (address at index.android.bundle:1:132160)
                    at p (index.android.bundle:10:20)
                    at apply (native)
                    at anonymous (address at InternalBytecode.js:1:123)
                """))
                .containsExactly(
                        "onPress|index.android.bundle|1|132161",
                        "p|index.android.bundle|10|20",
                        "apply|native|0|-1",
                        "anonymous|InternalBytecode.js|1|124");
    }

    @Test
    void causes_haveStacksOfTheirOwn() {
        List<List<JsFrame>> stacks = StackText.parse("""
                Error: outer
                    at f (/a.js:1:2) {
                  [cause]: Error: inner
                      at g (/b.js:3:4)
                      ... 2 lines matching cause stack trace ...
                }
                """);
        assertThat(stacks).hasSize(2);
        assertThat(stacks.get(1).getFirst().function).isEqualTo("g");
    }

    @Property
    void anything_isReadWithoutFailing(@ForAll String text) {
        assertThat(StackText.parse(text + "\n at " + text + " (a:1:99999999999)"))
                .isNotNull();
    }
}
