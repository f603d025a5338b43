package framewright;

import static framewright.testkit.ArtifactServer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.testkit.ArtifactServer;
import framewright.testkit.RunningServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Indexed RAM bundles of React Native at a real server, laid out as Metro's documentation has it. */
@Timeout(60)
class RamBundleTest {
    private static final String STARTUP = "var a=1;\nrequire(2);\n";
    private static final String MODULE = "__d(function(){\nthrow x},2);";

    /** The startup code is two lines of one.js; module 2 is two lines from the fifth on, of two.js. */
    private static final String MAP = """
            {"version":3,"x_facebook_offsets":[null,-1,4,"x"],"sections":[
             {"offset":{"line":0,"column":0},"map":{"version":3,"sources":["one.js"],"names":[],"mappings":"AAAA;AACA",
              "sourcesContent":["let a = 1\\nrequire('two')\\n"],
              "x_facebook_sources":[[{"names":["start"],"mappings":"AAA"}]]}},
             {"offset":{"line":4,"column":0},"map":{"version":3,"sources":["two.js"],"names":[],"mappings":"AAAA;AAEA",
              "sourcesContent":["export\\nfunction fails() {\\n  throw x\\n}\\n"],
              "x_facebook_sources":[[{"names":["<global>","fails"],"mappings":"AAA;ACC"}]]}}]}""";

    private static byte[] bundle(String module) {
        byte[] startup = STARTUP.getBytes(StandardCharsets.UTF_8);
        byte[] code = module.getBytes(StandardCharsets.UTF_8);
        int modules = 3;
        ByteBuffer bytes = ByteBuffer.allocate(12 + 8 * modules + startup.length + 1 + code.length + 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xFB0BD1E5)
                .putInt(modules)
                .putInt(startup.length + 1);
        bytes.putLong(0).putLong(0).putInt(startup.length + 1).putInt(code.length + 1);
        return bytes.put(startup).put((byte) 0).put(code).put((byte) 0).array();
    }

    private static JsonNode ask(byte[] bundle, String frames) throws Exception {
        try (ArtifactServer artifacts = new ArtifactServer();
                RunningServer server = new RunningServer("connect_to_reserved_ips: true")) {
            artifacts.single("~/main.jsbundle", bundle, Map.of("Sourcemap", "main.map"));
            artifacts.single("~/main.map", MAP);
            return server.post(
                    "/symbolicate-js", artifacts.request(frames, "\"release\":\"1\",\"allow_scraping\":false"));
        }
    }

    @Test
    void frameOfAModule_isResolvedInTheBundle() throws Exception {
        JsonNode answer = ask(
                bundle(MODULE),
                frame("app:///main.jsbundle", 2, 1) + "," + frame("app:///2.js", 2, 1) + ","
                        + frame("app:///seg-0_2.js", 2, 1));
        JsonNode frames = answer.at("/stacktraces/0/frames");
        assertThat(frames.path(0).path("context_line").asText()).isEqualTo("require('two')");
        for (int module = 1; module < 3; module++) {
            JsonNode frame = frames.path(module);
            assertThat(frame.path("filename").asText()).as("%s", answer).isEqualTo("two.js");
            assertThat(frame.path("lineno").asInt()).isEqualTo(3);
            assertThat(frame.path("context_line").asText()).isEqualTo("  throw x");
            assertThat(frame.path("function").asText()).isEqualTo("fails");
            assertThat(answer.at("/raw_stacktraces/0/frames/" + module)
                            .path("context_line")
                            .asText())
                    .isEqualTo("throw x},2);");
        }
    }

    @Test
    void moduleThatIsNotThere_isMissing() throws Exception {
        JsonNode answer = ask(
                bundle(MODULE),
                frame("app:///main.jsbundle", 2, 1) + "," + frame("app:///1.js", 1, 1) + ","
                        + frame("app:///99.js", 1, 1) + "," + frame("app:///seg-1_2.js", 1, 1));
        assertThat(answer.path("errors").findValuesAsText("type")).hasSize(3);
        assertThat(answer.at("/stacktraces/0/frames/0/data/symbolicated").asBoolean())
                .isTrue();
    }

    @Test
    void bundleWhoseTableLies_hasNoModules() throws Exception {
        byte[] lying = bundle(MODULE);
        ByteBuffer bytes = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(12 + 16 + 4, Integer.MAX_VALUE);
        String frames = frame("app:///main.jsbundle", 2, 1) + "," + frame("app:///2.js", 2, 1);
        assertThat(ask(lying, frames)
                        .at("/stacktraces/0/frames/1/data/symbolicated")
                        .asBoolean())
                .isFalse();
        bytes.putInt(4, -1);
        assertThat(ask(lying, frames)
                        .at("/stacktraces/0/frames/1/data/symbolicated")
                        .asBoolean())
                .isFalse();
    }
}
