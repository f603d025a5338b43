package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.testkit.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces and exceptions of Dart, over the program of the example, whose addresses such a trace might have. */
class DartServerTest {
    private static final String BUILD_ID = "e455967d8486b97ed5cc410fb1e491599a7b7e31";
    private static final Path DEBUG_FILE =
            Path.of("src/main/example/symbols/e4/55967d8486b97ed5cc410fb1e491599a7b7e31/debuginfo");

    private static final String TRACE = """
            *** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
            pid: 1, tid: 1, name main
            os: linux arch: x64 comp: no sim: no
            build_id: '%s'
            isolate_dso_base: 55b8d7940000, vm_dso_base: 55b8d7940000
                #00 abs 000055b8d7941204 _kDartIsolateSnapshotInstructions+0x204
                #01 abs 000055b8d794119a _kDartIsolateSnapshotInstructions+0x19a
            """.formatted(BUILD_ID);

    @TempDir
    Path folder;

    @Test
    void traceAsText_andItsException_areRestored() throws Exception {
        Path files = Files.createDirectories(folder.resolve("e4").resolve(BUILD_ID.substring(2)));
        Files.copy(DEBUG_FILE, files.resolve("debuginfo"));
        Files.writeString(files.resolve("dartsymbolmap"), "[\"CartException\",\"aB\",\"Item\",\"xY\"]");
        JsonNode answer = ask();
        JsonNode frames = answer.at("/stacktraces/0/frames");
        assertThat(frames.path(0).path("status").asText()).isEqualTo("symbolicated");
        assertThat(frames.findValuesAsText("lineno")).doesNotContain("");
        assertThat(answer.at("/exceptions/0/type").asText()).isEqualTo("CartException");
        assertThat(answer.at("/exceptions/0/value").asText()).isEqualTo("Instance of 'Item'");
        assertThat(answer.at("/exceptions/0/cause/code").asText()).isEqualTo("found");
    }

    @Test
    void exceptionWithoutAMap_comesBackWithTheReason() throws Exception {
        JsonNode answer = ask();
        assertThat(answer.at("/exceptions/0/type").asText()).isEqualTo("aB");
        assertThat(answer.at("/exceptions/0/cause/code").asText()).isEqualTo("not_found");
    }

    @Test
    void mapThatIsNone_isSaidToBeMalformed() throws Exception {
        Path files = Files.createDirectories(folder.resolve("e4").resolve(BUILD_ID.substring(2)));
        Files.writeString(files.resolve("dartsymbolmap"), "<html>");
        JsonNode answer = ask();
        assertThat(answer.at("/exceptions/0/type").asText()).isEqualTo("aB");
        assertThat(answer.at("/exceptions/0/cause/code").asText()).isEqualTo("malformed");
    }

    private JsonNode ask() throws Exception {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("stack", TRACE);
        request.putArray("exceptions").addObject().put("type", "aB").put("value", "Instance of 'xY'");
        request.putObject("options").put("causes", true);
        try (RunningServer server = new RunningServer("""
                sources:
                  - {id: local, type: filesystem, path: "%s", layout: {type: unified}}
                """.formatted(folder))) {
            return server.post("/symbolicate", request.toString());
        }
    }
}
