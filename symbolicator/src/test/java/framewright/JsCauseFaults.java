package framewright;

import static framewright.testkit.ArtifactServer.SCRIPT;
import static framewright.testkit.ArtifactServer.frame;
import static framewright.testkit.ArtifactServer.map;
import static framewright.testkit.ArtifactServer.zip;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.api.Cause;
import framewright.testkit.ArtifactServer;
import framewright.testkit.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Brings about the causes that only frames of JavaScript have; each answer's {@code explain} says so. */
final class JsCauseFaults implements AutoCloseable {
    private static final String URL = "http://a.example/app.js";
    private static final String CLOSED = "\"scraping\":{\"enabled\":false,\"allowed_origins\":[],\"headers\":{}}";
    private static final String OPEN =
            "\"scraping\":{\"enabled\":true,\"allowed_origins\":[\"localhost\"],\"headers\":{}}";

    private final ArtifactServer artifacts = new ArtifactServer();
    private final RunningServer server = new RunningServer("connect_to_reserved_ips: true", "deny_list_enabled: false");

    /** The explanation of a frame that has met the cause. */
    JsonNode explain(Cause cause) throws Exception {
        return switch (cause) {
            case INVALID_POSITION -> ask(frame(URL, 0, 0), CLOSED);
            case INTERNAL_FRAME -> ask(frame("InternalBytecode.js", 1, 1), CLOSED);
            case NO_ARTIFACT -> ask(frame("/no/url.js", 1, 1), "\"release\":\"1\"," + CLOSED);
            case NOT_IN_BUNDLE -> notInBundle();
            case SCRAPING_DISABLED -> ask(frame(URL, 1, 1), CLOSED);
            case ORIGIN_NOT_ALLOWED -> ask(frame(URL, 1, 1), OPEN);
            case HTML_PAGE -> page();
            case NO_SOURCE_MAP -> script("function f(){throw x}", null, 14);
            case NO_MAPPING -> script(SCRIPT, map("SAASA"), 2);
            case BEYOND_SCRIPT ->
                script(SCRIPT, map("SAASA").replace("\"version\"", "\"file\":\"app.js\",\"version\""), 5000, 5);
            case STALE_SCRIPT -> stale();
            case MAP_OF_OTHER_SCRIPT ->
                script(SCRIPT, map("SAASA").replace("\"version\"", "\"file\":\"other.js\",\"version\""), 2);
            case BYTECODE_POSITION -> bytecode();
            case NO_SOURCE_CONTENT -> script(SCRIPT, map().replaceAll("\"sourcesContent\":\\[.*\\],", ""), 14);
            default -> throw new IllegalArgumentException(cause + " is not of frames");
        };
    }

    private JsonNode script(String script, String map, int column) throws Exception {
        return script(script, map, 1, column);
    }

    private JsonNode script(String script, String map, int line, int column) throws Exception {
        artifacts.single("~/app.js", script);
        if (map != null) {
            artifacts.single("~/app.js.map", map);
        }
        return ask(frame(URL, line, column), "\"release\":\"1\"," + CLOSED);
    }

    private JsonNode notInBundle() throws Exception {
        artifacts.bundle(zip("{}", Map.of()));
        return ask(frame("/no/url.js", 1, 1), "\"release\":\"1\"," + CLOSED);
    }

    private JsonNode page() throws Exception {
        artifacts.web.put("/w/app.js", "\n<!doctype html><title>Sign in</title>".getBytes(StandardCharsets.UTF_8));
        return ask(frame(artifacts.web.url("/w/app.js"), 1, 1), OPEN);
    }

    private JsonNode stale() throws Exception {
        artifacts.single(artifacts.web.url("/w/app.js"), SCRIPT);
        artifacts.single("~/w/app.js.map", map());
        artifacts.web.put("/w/app.js", ("//\n".repeat(200) + SCRIPT).getBytes(StandardCharsets.UTF_8));
        return ask(frame(artifacts.web.url("/w/app.js"), 201, 14), "\"release\":\"1\"," + OPEN);
    }

    private JsonNode bytecode() throws Exception {
        artifacts.single("~/app.js", new byte[0], Map.of("sourcemap", "app.js.map"));
        artifacts.single("~/app.js.map", map(";AAAA"));
        return ask(frame(URL, 1, 132_161), "\"release\":\"1\"," + CLOSED);
    }

    private JsonNode ask(String frame, String more) throws Exception {
        String request = artifacts.request(frame, "\"options\":{\"explain\":true}," + more);
        return server.post("/symbolicate-js", request).at("/stacktraces/0/frames/0/explain");
    }

    @Override
    public void close() {
        server.close();
        artifacts.close();
    }
}
