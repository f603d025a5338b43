package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotNetTest {
    private NativeService service;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        service =
                new NativeService(dir).with(SynthPortablePdb.with("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private JsonNode ask(String frame) throws IOException, InterruptedException {
        String request = """
                {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}}],
                 "modules":[{"type":"pe_dotnet","debug_id":"%s","code_file":"app.dll","debug_file":"app.pdb"}],
                 "stacktraces":[{"frames":[%s]}]}""".formatted(SynthPortablePdb.DEBUG_ID, frame);
        return new ObjectMapper().readTree(service.json(request));
    }

    @Test
    void a_method_row_and_an_offset_lead_to_a_line_with_its_embedded_source() throws Exception {
        JsonNode answer = ask("""
                {"instruction_addr":6,"function_id":"0x2","addr_mode":"rel:0","function":"Main","in_app":true}""");
        assertThat(answer.at("/stacktraces/0/frames/0").toString()).isEqualTo("""
                        {"status":"symbolicated","original_index":0,"addr_mode":"rel:0","instruction_addr":"0x6",\
                        "function_id":"0x2","package":"app.dll","lang":"csharp","function":"Main",\
                        "filename":"Program.cs","abs_path":"/src/Program.cs","lineno":7,\
                        "pre_context":["two","three","four","five","six"],"context_line":"seven",\
                        "post_context":["eight"],"in_app":true}""");
        assertThat(answer.at("/modules/0/debug_status").textValue()).isEqualTo("found");
        assertThat(answer.at("/modules/0/arch").textValue()).isEqualTo("unknown");
        assertThat(answer.at("/modules/0/features/has_sources").booleanValue()).isTrue();
    }

    @Test
    void an_offset_before_the_next_sequence_point_belongs_to_the_one_before() throws Exception {
        assertThat(ask("{\"instruction_addr\":4,\"function_id\":2,\"addr_mode\":\"rel:0\"}")
                        .at("/stacktraces/0/frames/0/lineno")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void frames_without_a_method_or_without_a_module_of_their_own_have_no_symbol() throws Exception {
        assertThat(ask("""
                                {"instruction_addr":6,"addr_mode":"rel:0"},
                                {"instruction_addr":6,"function_id":1,"addr_mode":"rel:0"},
                                {"instruction_addr":6,"function_id":99,"addr_mode":"rel:0"},
                                {"instruction_addr":6,"function_id":2}""").at("/stacktraces/0/frames").findValuesAsText("status"))
                .containsExactly("missing_symbol", "missing_symbol", "missing_symbol", "missing_symbol");
    }

    @Test
    void a_windows_pdb_of_managed_code_leads_to_a_line_too() throws Exception {
        service.with("managed-pdb.bin");
        JsonNode answer = new ObjectMapper().readTree(service.json("""
                {"sources":[{"type":"filesystem","id":"local","path":"{symbols}","layout":{"type":"unified"}}],
                 "modules":[{"type":"pe_dotnet","debug_id":"11111111-1111-1111-1111-111111111111-1",
                             "code_file":"app.dll","debug_file":"app.pdb"}],
                 "stacktraces":[{"frames":[
                   {"instruction_addr":"0x9","function_id":"0x1","addr_mode":"rel:0","function":"Run"},
                   {"instruction_addr":"0x9","function_id":"0x2","addr_mode":"rel:0"}]}]}"""));
        assertThat(answer.at("/stacktraces/0/frames/0").toString()).contains("\"lang\":\"csharp\"", "\"lineno\":4");
        assertThat(answer.at("/stacktraces/0/frames/0/filename").asText()).isEqualTo("Game.cs");
        assertThat(answer.at("/stacktraces/0/frames/0/function").asText()).isEqualTo("Run");
        assertThat(answer.at("/stacktraces/0/frames/1/status").asText()).isEqualTo("missing_symbol");
        assertThat(answer.at("/modules/0/debug_status").asText()).isEqualTo("found");
    }
}
