package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SymbolicateResponseTest {
    private static String json(SymbolicateResponse response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.write(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String frameJson(ResolvedFrame frame) throws IOException {
        RawStacktrace thread = new RawStacktrace(null, null, null, new TreeMap<>(), List.of());
        String json = json(new SymbolicateResponse(
                null,
                null,
                List.of(new ResolvedStacktrace(thread, List.of(frame))),
                List.of(),
                RestoredExceptions.NONE,
                false,
                List::of));
        String start = "{\"status\":\"completed\",\"stacktraces\":[{\"frames\":[";
        String end = "]}],\"modules\":[]}";
        assertThat(json).startsWith(start).endsWith(end);
        return json.substring(start.length(), json.length() - end.length());
    }

    @Test
    void nothing_asked_is_answered_with_the_two_lists() throws IOException {
        assertThat(json(new SymbolicateResponse(
                        null, null, List.of(), List.of(), RestoredExceptions.NONE, false, List::of)))
                .isEqualTo("{\"status\":\"completed\",\"stacktraces\":[],\"modules\":[]}");
    }

    @Test
    void a_thread_is_sent_back_with_sorted_registers() throws IOException {
        RawStacktrace thread = new RawStacktrace(
                -1L, "main", true, new TreeMap<>(Map.of("rip", 0xABCL, "eax", 0L, "rsp", -1L)), List.of());
        assertThat(json(new SymbolicateResponse(
                        11L,
                        null,
                        List.of(new ResolvedStacktrace(thread, List.of())),
                        List.of(),
                        RestoredExceptions.NONE,
                        false,
                        List::of)))
                .isEqualTo("""
                        {"status":"completed","signal":11,"stacktraces":[{"thread_id":18446744073709551615,\
                        "thread_name":"main","is_requesting":true,"registers":{"eax":"0x0","rip":"0xabc",\
                        "rsp":"0xffffffffffffffff"},"frames":[]}],"modules":[]}""");
    }

    @Test
    void a_resolved_frame_has_all_fields_in_the_agreed_order() throws IOException {
        RawFrame raw = new RawFrame();
        raw.platform = "native";
        raw.instructionAddr = 0x1005;
        raw.adjustInstructionAddr = true;
        raw.hasFunctionId = true;
        raw.functionId = 6;
        raw.inApp = true;
        raw.contextLine = "dropped";
        raw.trust = FrameTrust.FRAME_POINTER;
        SymbolFrame symbol = new SymbolFrame(
                JsonText.of("cpp"),
                JsonText.of("_Z1f"),
                0x10,
                JsonText.of("f()"),
                JsonText.of("a.cc"),
                JsonText.of("/src/\"a\".cc"),
                7,
                JsonText.of("{\"i\":\"int\"}"),
                new SymbolFrame.Generated(JsonText.of("/il2cpp/a.cpp"), 700));
        SourceLines source = new SourceLines(
                List.of(JsonText.of("before")), JsonText.of("line"), List.of(JsonText.of("after")), "https://x/a.cc");
        ResolvedFrame frame = new ResolvedFrame(
                FrameStatus.SYMBOLICATED,
                2,
                raw,
                symbol,
                0x1004,
                RawFrame.ABSOLUTE,
                0x1000,
                JsonText.of("/lib/a.so"),
                source);
        assertThat(frameJson(frame)).isEqualTo("""
                        {"status":"symbolicated","original_index":2,"platform":"native","instruction_addr":"0x1004",\
                        "adjust_instruction_addr":true,"function_id":"0x6","package":"/lib/a.so","lang":"cpp",\
                        "symbol":"_Z1f","sym_addr":"0x1010","function":"f()","filename":"a.cc",\
                        "abs_path":"/src/\\"a\\".cc","lineno":7,"pre_context":["before"],"context_line":"line",\
                        "post_context":["after"],"source_link":"https://x/a.cc","vars":{"i":"int"},"trust":"fp"}""");
    }

    @Test
    void an_inlined_frame_has_no_symbol_address_and_line_0_is_sent() throws IOException {
        RawFrame raw = new RawFrame();
        raw.relativeTo = 0;
        raw.instructionAddr = 0x8c;
        raw.absPath = "/from/request.c";
        raw.filename = "request.c";
        SymbolFrame symbol = new SymbolFrame(
                null, JsonText.of("f"), SymbolFrame.NO_ADDRESS, JsonText.of("f"), null, null, 0, null, null);
        assertThat(frameJson(new ResolvedFrame(FrameStatus.SYMBOLICATED, 0, raw, symbol, 0x8c, 0, 0, null, null)))
                .isEqualTo("""
                        {"status":"symbolicated","original_index":0,"addr_mode":"rel:0","instruction_addr":"0x8c",\
                        "symbol":"f","function":"f","filename":"request.c","abs_path":"/from/request.c","lineno":0}""");
    }

    @Test
    void an_unresolved_frame_is_sent_back_whole_with_the_package_of_its_module() throws IOException {
        RawFrame raw = new RawFrame();
        raw.platform = "c";
        raw.instructionAddr = -1;
        raw.packageName = "of the request";
        raw.language = "rust";
        raw.symbol = "s";
        raw.hasSymbolAddr = true;
        raw.symbolAddr = 3;
        raw.function = "f";
        raw.filename = "n";
        raw.absPath = "/n";
        raw.line = 0;
        raw.preContext = List.of("b");
        raw.contextLine = "l";
        raw.postContext = List.of("a");
        raw.sourceLink = "u";
        raw.inApp = false;
        raw.variables = Map.of("x", "y");
        raw.trust = FrameTrust.SCAN;
        String rest = """
                "lang":"rust","symbol":"s","sym_addr":"0x3","function":"f","filename":"n","abs_path":"/n","lineno":0,\
                "pre_context":["b"],"context_line":"l","post_context":["a"],"source_link":"u","in_app":false,\
                "vars":{"x":"y"},"trust":"scan"}""";
        String head = "\"original_index\":1,\"platform\":\"c\",\"instruction_addr\":\"0xffffffffffffffff\",";
        assertThat(frameJson(ResolvedFrame.echo(FrameStatus.MISSING, 1, raw, JsonText.of("/lib/a.so"))))
                .isEqualTo("{\"status\":\"missing\"," + head + "\"package\":\"/lib/a.so\"," + rest);
        assertThat(frameJson(ResolvedFrame.echo(FrameStatus.MISSING, 1, raw, null)))
                .isEqualTo("{\"status\":\"missing\"," + head + rest);
        assertThat(frameJson(ResolvedFrame.echo(FrameStatus.UNKNOWN_IMAGE, 1, raw, null)))
                .isEqualTo("{\"status\":\"unknown_image\"," + head + "\"package\":\"of the request\"," + rest);
    }

    @Test
    void a_module_has_all_fields_in_the_agreed_order() throws IOException {
        RawModule raw = SymbolicateRequestTest.read("""
                        {"modules":[{"type":"pe","code_id":"AB","code_file":"c.dll","debug_file":"c.pdb",
                         "debug_id":"3249d99d-0c40-4931-8610-f4e4fb0b6936-a","debug_checksum":"SHA256:00",
                         "image_addr":"0x1000"}]}""").modules().getFirst();
        Features features = new Features(true, true, false, false, "git");
        Candidate good = new Candidate(
                "s",
                "http://a",
                new Candidate.Download(Candidate.DownloadStatus.OK, features, null),
                null,
                null,
                Finding.of(Cause.FOUND));
        Candidate bad = new Candidate(
                "s",
                "http://b",
                new Candidate.Download(Candidate.DownloadStatus.NOPERM, null, "403"),
                null,
                null,
                Finding.of(Cause.FORBIDDEN));
        ResolvedModule module = new ResolvedModule(
                raw,
                0x20L,
                ModuleStatus.FOUND,
                null,
                features,
                "x86_64",
                List.of(
                        good.withDebug(new Candidate.Use(Candidate.UseStatus.OK, null)),
                        bad.withUnwind(new Candidate.Use(Candidate.UseStatus.ERROR, "no"))),
                Finding.of(Cause.FOUND));
        String feature = """
                "features":{"has_debug_info":true,"has_unwind_info":true,"has_symbols":false,"has_sources":false,\
                "srcsrv_vcs":"git"}""";
        assertThat(json(new SymbolicateResponse(
                        null, null, List.of(), List.of(module), RestoredExceptions.NONE, false, List::of)))
                .isEqualTo("{\"status\":\"completed\",\"stacktraces\":[],\"modules\":[{\"debug_status\":\"found\","
                        + feature
                        + """
                        ,"arch":"x86_64","type":"pe","code_id":"ab","code_file":"c.dll",\
                        "debug_id":"3249d99d-0c40-4931-8610-f4e4fb0b6936-a","debug_file":"c.pdb",\
                        "debug_checksum":"SHA256:00","image_addr":"0x1000","image_size":32,"candidates":[\
                        {"source":"s","location":"http://a","download":{"status":"ok",%s},"debug":{"status":"ok"}},\
                        {"source":"s","location":"http://b","download":{"status":"noperm","details":"403"},\
                        "unwind":{"status":"error","details":"no"}}]}]}""".formatted(feature));
    }
}
