package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideFilesTest {
    private NativeService service;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        service = new NativeService(dir)
                .with("macho-hidden.dylib")
                .with("elf-dwarf5.so")
                .with("elf-unity.so");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void put(String fixture, String folder, String name) throws IOException {
        Path target = Files.createDirectories(service.symbols.resolve(folder));
        Files.copy(NativeService.FIXTURES.resolve(fixture), target.resolve(name));
    }

    private String ask(String module, String address) throws IOException, InterruptedException {
        return service.json("""
                {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}}],
                 "modules":[%s],"stacktraces":[{"frames":[{"instruction_addr":"%s"}]}]}""".formatted(module, address));
    }

    @Test
    void a_symbol_map_that_the_plist_leads_to_gives_hidden_symbols_their_names() throws Exception {
        String module = """
                {"type":"macho","debug_id":"4c4c440e-5555-3144-a184-b0a7fd6975a7","image_addr":"0x100000000"}""";
        put("uuidmap.plist", "4c/4c440e55553144a184b0a7fd6975a7", "uuidmap");
        put("hidden.bcsymbolmap", "c8/374b6d6e9634d8ae38efaa5fec424f", "bcsymbolmap");
        assertThat(ask(module, "0x100000244")).contains("\"function\":\"secret::run(int)\"");
    }

    @Test
    void without_its_symbol_map_a_hidden_symbol_stays_hidden() throws Exception {
        String module = """
                {"type":"macho","debug_id":"4c4c440e-5555-3144-a184-b0a7fd6975a7","image_addr":"0x100000000"}""";
        assertThat(ask(module, "0x100000244")).contains("\"function\":\"__hidden#1_\"");
    }

    @Test
    void a_line_mapping_leads_from_generated_code_to_what_was_written() throws Exception {
        String module = """
                {"type":"elf","code_id":"1111111111111111111111111111111111111115","image_addr":"0x100000000"}""";
        put("il2cpp.json", "11/11111111111111111111111111111111111115", "il2cpp");
        assertThat(ask(module, "0x1000013ea"))
                .contains("\"filename\":\"Shapes.cs\"")
                .contains("\"lineno\":12");
    }

    private static final String UNITY = """
            {"type":"elf","code_id":"8888888888888888888888888888888888888888","image_addr":"0x100000000"}""";
    private static final String UNITY_FOLDER = "88/88888888888888888888888888888888888888";

    private JsonNode askWithCauses(String module, String address) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(service.json("""
                {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}}],
                 "options":{"causes":true,"dif_candidates":true},
                 "modules":[%s],"stacktraces":[{"frames":[{"instruction_addr":"%s"}]}]}""".formatted(module, address)));
    }

    @Test
    void a_function_that_il2cpp_made_gets_its_name_and_line_and_keeps_what_was_compiled() throws Exception {
        put("unity.json", UNITY_FOLDER, "il2cpp");
        JsonNode answer = askWithCauses(UNITY, "0x1000012d4");
        JsonNode frame = answer.at("/stacktraces/0/frames/0");
        assertThat(frame.path("function").asText()).isEqualTo("Player.Update");
        assertThat(frame.path("symbol").asText()).isEqualTo("Player_Update_m0B38E5AA4ED2BC4C5D8A1B0B2B0F8C0E2D1A3C4F");
        assertThat(frame.path("abs_path").asText()).isEqualTo("/Assets/Player.cs");
        assertThat(frame.path("lineno").asInt()).isEqualTo(22);
        assertThat(frame.path("generated").toString()).isEqualTo("{\"abs_path\":\"/src/unity.cpp\",\"lineno\":4}");
        assertThat(answer.at("/modules/0/cause/code").asText()).isEqualTo("found");
        assertThat(ask(UNITY, "0x1000012d4")).contains("Player.Update").doesNotContain("generated");
    }

    @Test
    void without_its_line_mapping_a_function_keeps_its_name_and_the_module_says_what_is_missing() throws Exception {
        JsonNode answer = askWithCauses(UNITY, "0x1000012d4");
        JsonNode frame = answer.at("/stacktraces/0/frames/0");
        assertThat(frame.path("function").asText()).startsWith("Player_Update_m");
        assertThat(frame.path("abs_path").asText()).isEqualTo("/src/unity.cpp");
        assertThat(frame.has("generated")).isFalse();
        JsonNode module = answer.at("/modules/0");
        assertThat(module.path("debug_status").asText()).isEqualTo("found");
        assertThat(module.at("/cause/code").asText()).isEqualTo("no_line_mapping");
        assertThat(module.path("candidates").findValuesAsText("location"))
                .anyMatch(location -> location.endsWith("/il2cpp"));
    }

    @Test
    void a_line_mapping_of_another_build_or_of_other_lines_is_told() throws Exception {
        put("il2cpp.json", UNITY_FOLDER, "il2cpp");
        JsonNode other = askWithCauses(
                UNITY.replace("{", "{\"debug_id\":\"88888888-8888-8888-8888-888888888888\","), "0x1000012d4");
        assertThat(other.at("/modules/0/cause/code").asText()).isEqualTo("id_mismatch");
        assertThat(other.at("/modules/0/cause/message").asText()).contains("11111111-1111-1111-1111-111111111111");
        JsonNode unknown = askWithCauses(UNITY, "0x1000012d4");
        assertThat(unknown.at("/modules/0/cause/code").asText()).isEqualTo("no_line_mapping");
        assertThat(unknown.at("/modules/0/cause/message").asText()).contains("does not have the lines");
    }
}
