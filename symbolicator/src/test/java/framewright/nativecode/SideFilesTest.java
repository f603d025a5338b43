package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

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
        service = new NativeService(dir).with("macho-hidden.dylib").with("elf-dwarf5.so");
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
}
