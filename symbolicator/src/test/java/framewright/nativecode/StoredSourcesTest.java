package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.CacheQuery;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Source code at a debuginfod. */
class StoredSourcesTest {
    private static final String BUILD_ID = "1111111111111111111111111111111111111115";
    private static final String PATH = "/buildid/" + BUILD_ID + "/source/src/shapes.cpp";

    private final FakeSymbolServer debuginfod = new FakeSymbolServer();
    private final FakeSymbolServer second = new FakeSymbolServer();
    private NativeService service;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        service = new NativeService(dir).with("elf-dwarf5.so");
    }

    @AfterEach
    void stop() {
        service.close();
        debuginfod.close();
        second.close();
    }

    private JsonNode ask(String more) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(service.json("""
                {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}},
                 {"type":"debuginfod","id":"first","url":"%s"%s},
                 {"type":"debuginfod","id":"second","url":"%s"%2$s}],
                 "modules":[{"type":"elf","code_id":"%s","image_addr":"0x10000","image_size":16384}],
                 "options":{"dif_candidates":true},
                 "stacktraces":[{"frames":[{"instruction_addr":"0x11420"},{"instruction_addr":"0x11416"}]}]}""".formatted(debuginfod.url("/"), more, second.url("/"), BUILD_ID)));
    }

    private void publish(FakeSymbolServer server) throws IOException {
        server.put(PATH, Files.readAllBytes(NativeService.FIXTURES.resolve("src/shapes.cpp")));
    }

    @Test
    void lines_come_from_the_first_debuginfod_that_has_the_file_which_is_asked_once() throws Exception {
        publish(second);
        JsonNode answer = ask("");
        assertThat(answer.at("/stacktraces/0/frames/0/context_line").textValue())
                .isEqualTo("    *where = 7;");
        assertThat(answer.at("/stacktraces/0/frames/1/context_line").textValue())
                .contains("twice(");
        assertThat(answer.at("/modules/0/candidates").toString())
                .contains("\"first\",\"location\":\"" + debuginfod.url(PATH)
                        + "\",\"download\":{\"status\":\"notfound\"}")
                .contains("\"second\",\"location\":\"" + second.url(PATH) + "\",\"download\":{\"status\":\"ok\"");
        ask("");
        assertThat(debuginfod.hits(PATH)).isEqualTo(1);
        assertThat(second.hits(PATH)).isEqualTo(1);
    }

    @Test
    void a_debuginfod_is_not_asked_where_it_shall_not_be() throws Exception {
        publish(debuginfod);
        assertThat(ask(",\"source_files\":false").at("/stacktraces/0/frames/0").has("context_line"))
                .isFalse();
        assertThat(ask(",\"filters\":{\"path_patterns\":[\"*/other.so\"]}")
                        .at("/stacktraces/0/frames/0")
                        .has("context_line"))
                .isFalse();
        assertThat(debuginfod.hits(PATH)).isZero();
    }

    /** What a program prints that runs to its end. */
    private static String run(Path folder, String... command) throws Exception {
        command[0] = Program.find(command[0]).toString();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void a_real_debuginfod_gives_the_debug_file_and_the_source(@TempDir Path tree) throws Exception {
        Files.writeString(tree.resolve("answer.c"), "int answer(void) {\n    return 42;\n}\n");
        run(tree, "gcc", "-g", "-shared", "-Wl,--build-id=0x" + BUILD_ID, "-o", "libanswer.so", "answer.c");
        String symbols = run(tree, "nm", "libanswer.so");
        String address = symbols.lines()
                .filter(line -> line.endsWith(" answer"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
        try (Program server = Program.start(
                "debuginfod",
                Files.createDirectory(tree.resolve("out")),
                port -> List.of("-F", "-d", ":memory:", "-p", Integer.toString(port), tree.toString()))) {
            JsonNode frame;
            do {
                // until its first scan is done; nothing is remembered here for long
                server.assertIsAlive();
                service.caches.report(CacheQuery.Command.PURGE, new CacheQuery(null, null, null, true));
                frame = new ObjectMapper()
                        .readTree(service.json("""
                        {"sources":[{"type":"debuginfod","id":"real","url":"%s"}],
                         "modules":[{"type":"elf","code_id":"%s","image_addr":"0x10000","image_size":65536}],
                         "stacktraces":[{"frames":[{"addr_mode":"rel:0","instruction_addr":"0x%s"}]}]}""".formatted(server.url(""), BUILD_ID, address)))
                        .at("/stacktraces/0/frames/0");
            } while (!frame.path("status").asText().equals("symbolicated"));
            assertThat(frame.path("context_line").asText()).isEqualTo("int answer(void) {");
        }
    }
}
