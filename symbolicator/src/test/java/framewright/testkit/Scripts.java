package framewright.testkit;

import java.util.Map;

/** A script whose function its map calls "original", in a bundle of its own. */
public final class Scripts {
    /** What a request says where it knows the script's debug id. */
    public static final String BY_ID =
            "\"modules\":[{\"type\":\"sourcemap\",\"code_file\":\"http://a.example/js/app.min.js\","
                    + "\"debug_id\":\"2f259f80-58b7-44cb-d7cd-de1505e7e718\"}]";

    private Scripts() {}

    public static byte[] bundle() {
        return ArtifactServer.zip("""
                {"x.js":{"type":"minified_source","url":"~/js/app.min.js",
                   "headers":{"debug-id":"2f259f80-58b7-44cb-d7cd-de1505e7e718","sourcemap":"app.min.js.map"}},
                 "y.map":{"type":"source_map","url":"~/js/app.min.js.map",
                   "headers":{"debug-id":"2f259f80-58b7-44cb-d7cd-de1505e7e718"}}}""", Map.of("x.js", "function f(){throw x}", "y.map", ArtifactServer.map()));
    }

    /** What a server's own sources make of a frame in the script. */
    public static String function(RunningServer server, String more) throws Exception {
        return server.post("/symbolicate-js", """
                        {"stacktraces":[{"frames":[%s]}],"allow_scraping":false,%s}""".formatted(
                                ArtifactServer.frame("http://a.example/js/app.min.js", 1, 14), more))
                .at("/stacktraces/0/frames/0/function")
                .asText();
    }
}
