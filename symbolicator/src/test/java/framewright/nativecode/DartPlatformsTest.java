package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces of Dart on each system, through files of the format that its compiled code has there. */
class DartPlatformsTest {
    /** @param address of a call in the function {@code sum}, relative to where the code was loaded */
    @ParameterizedTest
    @CsvSource({
        "android, arm64, elf-aarch64.so, 3333333333333333333333333333333333333333, 0000000000010398",
        "android, x64, elf-dwarf5.so, 1111111111111111111111111111111111111115, 00000000000013ea",
        "linux, x64, elf-dwarf5.so, 1111111111111111111111111111111111111115, 00000000000013ea",
        "windows, x64, elf-dwarf5.so, 1111111111111111111111111111111111111115, 00000000000013ea",
        "ios, arm64, macho-arm64.dsym, 4c4c447e55553144a11b703931c9a793, 0000000000000290",
        "macos, x64, macho-x86_64.dsym, 4c4c443355553144a1860c51c491e2fa, 00000000000002bb",
    })
    void trace_isResolved(String os, String arch, String file, String id, String address, @TempDir Path dir)
            throws Exception {
        long at = 0x7000_0000_0000L + Long.parseLong(address, 16);
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("stack", """
                *** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
                pid: 1, tid: 1, name 1.ui
                os: %s arch: %s comp: no sim: no
                build_id: '%s'
                isolate_dso_base: 700000000000, vm_dso_base: 700000000000
                    #00 abs %x virt %s _kDartIsolateSnapshotInstructions+0x204
                """.formatted(os, arch, id, at, address));
        request.putArray("sources")
                .addObject()
                .put("type", "filesystem")
                .put("id", "local")
                .put("path", "{symbols}")
                .putObject("layout")
                .put("type", "unified");
        try (NativeService service = new NativeService(dir).with(file)) {
            JsonNode answer = new ObjectMapper().readTree(service.json(request.toString()));
            assertThat(answer.at("/modules/0/debug_status").asText())
                    .as("%s", answer)
                    .isEqualTo("found");
            JsonNode frames = answer.at("/stacktraces/0/frames");
            assertThat(frames.findValuesAsText("function")).anyMatch(name -> name.startsWith("shapes::sum"));
            assertThat(frames.findValuesAsText("filename")).contains("shapes.cpp");
        }
    }
}
