package framewright.js;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.JsStem;
import framewright.sourcemap.FunctionName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules by which files, modules and functions are named. */
class JsNamesTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.example/p/to/assets/b.min.js?x=1#y, ../maps/b.map, https://a.example/p/to/maps/b.map",
        "https://a.example/p/b.js?x=/q/r, b.map, https://a.example/p/b.map",
        "https://a.example/p/b.js, /root.js, https://a.example/root.js",
        "https://a.example/p/b.js, ~/root.js, https://a.example/root.js",
        "https://a.example/p/b.js, //b.example/c.js, https://b.example/c.js",
        "https://a.example/p/b.js, ../../../../top, https://a.example/top",
        "https://a.example/p/b.js, .././.././to/./x/./b.map, https://a.example/to/x/b.map",
        "https://a.example, b.js, https://a.example/b.js",
        "https://a.example/p/b.js, webpack:///./c.js, webpack:///./c.js",
        "https://a.example/p/b.js, turbopack:///[project]/c.js, turbopack:///[project]/c.js",
        "app:///p//q/b.js, ./c.js, app:///p/q/c.js",
        "/home/p/b.js, b.js.map, /home/p/b.js.map",
        "/home/p/b.js, /c.map, /c.map",
        "p/q/b.js, ../c.js, /p/c.js",
    })
    void join_asBrowsersAndBundlersMeanIt(String base, String path, String joined) {
        assertThat(JsPaths.join(base, path)).isEqualTo(joined);
    }

    @Test
    void candidates_mostExactFirst() {
        assertThat(JsPaths.candidates("https://a.example/b.js?c=1#d"))
                .containsExactly("https://a.example/b.js?c=1", "https://a.example/b.js", "~/b.js?c=1", "~/b.js");
        assertThat(JsPaths.candidates("app:///b.js")).containsExactly("app:///b.js", "~/b.js");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/assets/b.min.js?c=1, /assets/b",
        "https://a.example/b.js.map, /b",
        "~/b.d.ts, /b",
        "app:///x.y/b.mjs, /x.y/b",
        "b.js, b.js",
    })
    void stem_isWhatScriptAndMapShare(String url, String stem) {
        assertThat(JsStem.of(url)).isEqualTo(stem);
    }

    @ParameterizedTest
    @CsvSource({
        "webpack:///./src/a.js, ./src/a.js",
        "webpack://name-space/./src/a.js, ./src/a.js",
        "webpack-internal:///./src/a.js, ./src/a.js",
        "webpack:///c/~/left-pad/a.js, ~/left-pad/a.js",
        "turbopack:///[project]/src/a.js, src/a.js",
        "turbopack:///c/~/left-pad/a.js, ~/left-pad/a.js",
        "src/a.js, src/a.js",
    })
    void withoutBundler_isTheSourcesOwnName(String source, String name) {
        assertThat(JsPaths.withoutBundler(source)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "http://a.example/js/v1.0/foo/bar/baz.min.js, foo/bar/baz",
        "http://a.example/static/deadbeef/foo-1234567.js?x#y, foo",
        "/scripts/00d3505a1b1f9a86e11c9a9d1e1c2e3f/foo/bar.js, foo/bar",
        "app:///_next/server/pages/test.js, server/pages/test",
        "./src/a.tsx, src/a",
    })
    void moduleName_leavesOutWhatSaysNothing(String url, String name) {
        assertThat(ModuleName.of(url)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "foo, foo",
        "foo.foo, foo.foo",
        "foo.foo.foo, {foo#2}.foo",
        "bar.foo.foo.onError, bar.{foo#2}.onError",
        "bar.bar.bar.foo.foo.onError, {bar#3}.{foo#2}.onError",
    })
    void functionName_repetitionsAreFolded_exceptAtTheEnd(String name, String folded) {
        assertThat(FunctionNames.choose(new FunctionName.Named(name), null, null, null))
                .isEqualTo(folded);
    }

    @Test
    void functionName_uselessOnes_giveWayToWhatTheCallerCalls_thenToTheEngines() {
        FunctionName anonymous = new FunctionName.Anonymous();
        assertThat(FunctionNames.choose(anonymous, null, "e", "called")).isEqualTo("called");
        assertThat(FunctionNames.choose(anonymous, null, "e", "")).isEqualTo("e");
        assertThat(FunctionNames.choose(anonymous, null, null, null)).isEqualTo("<anonymous>");
        assertThat(FunctionNames.choose(new FunctionName.Unknown(), null, null, "called"))
                .isEqualTo("<unknown>");
        assertThat(FunctionNames.choose(new FunctionName.Named("__webpack_require__"), null, "e", null))
                .isEqualTo("e");
        assertThat(FunctionNames.choose(new FunctionName.Named("$async$main"), "main", "e", null))
                .isEqualTo("main");
    }
}
