package framewright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.testkit.RealDumps;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CliTest {
    private static final Path EXAMPLE = Path.of("src/main/example");
    private static final String EVENT = EXAMPLE.resolve("request.json").toString();
    private static final String SYMBOLS = EXAMPLE.resolve("symbols").toString();
    private static final String PROGRAM = EXAMPLE.resolve("symbols/e4/55967d8486b97ed5cc410fb1e491599a7b7e31/debuginfo")
            .toString();

    @TempDir
    private Path folder;

    private record Ran(int status, String out, String err) {}

    private static Ran run(String... args) {
        return run(false, args);
    }

    private static Ran run(boolean colours, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(new PrintWriter(out, true), new PrintWriter(err, true), colours, args);
        return new Ran(status, out.toString(), err.toString());
    }

    // ---------------------------------------------------------------- resolve

    @Test
    void resolve_ofTheExample_printsEveryFrameAsLlvmSymbolizerDoes() {
        Ran ran = run("resolve", EVENT, "--symbols", SYMBOLS);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines())
                .containsExactly(
                        "thread 1 (crashed)",
                        "#  address         function                                location",
                        "0  0x55b8d7941204  till::Receipt::add(till::Item const*)   /till/crash.cpp:17  inlined",
                        "1  0x55b8d7941204  till::total(till::Item const*, int)     /till/crash.cpp:30",
                        "2  0x55b8d794119a  till::checkout(till::Item const*, int)  /till/crash.cpp:37",
                        "3  0x55b8d7941180  main                                    /till/crash.cpp:47",
                        "");
        assertThat(ran.status()).isZero();
    }

    @Test
    void resolve_withALayout_looksThereOnly() {
        assertThat(run("resolve", EVENT, "--symbols", "unified:" + SYMBOLS).status())
                .isZero();
        Ran wrong = run("resolve", EVENT, "--symbols", "symstore:" + SYMBOLS);
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.out()).contains("elf-buildid-").doesNotContain("/e4/55967d");
    }

    @Test
    void resolve_withoutTheFile_saysWhereItWasSoughtAndWhatToDo() {
        Ran ran = run("resolve", EVENT, "--symbols", folder.toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out())
                .contains("0  0x55b8d7941204  ??        crash     missing\n")
                .contains("missing /till/crash\n  code id e455967d8486b97ed5cc410fb1e491599a7b7e31")
                .contains("/e4/55967d8486b97ed5cc410fb1e491599a7b7e31/debuginfo: notfound\n")
                .endsWith("Give a place that has it with --symbols, or the file itself with --module.\n");
    }

    @Test
    void resolve_withJson_printsTheServersAnswer() throws Exception {
        Ran ran = run("resolve", EVENT, "--symbols", SYMBOLS, "--json");
        var answer = new com.fasterxml.jackson.databind.ObjectMapper().readTree(ran.out());
        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.at("/stacktraces/0/frames/0/function").asText())
                .isEqualTo("till::Receipt::add(till::Item const*)");
        assertThat(answer.at("/modules/0").has("candidates")).isFalse();
        assertThat(ran.status()).isZero();
    }

    @Test
    void resolve_ofACrashFile_knowsItByItsContent() throws Exception {
        Path symbols = RealDumps.programs(folder.resolve("symbols"));
        Path dump = Files.copy(RealDumps.callback(), folder.resolve("a"));
        Ran walked = run("resolve", dump.toString(), "--symbols", "unified:" + symbols);
        assertThat(walked.out())
                .startsWith("SIGSEGV / SEGV_MAPERR / 0x8\nLinux ")
                .contains(" (crashed)\n")
                .contains("missing_symbol, context\n", "missing_symbol, cfi\n");
        Path report = Files.writeString(folder.resolve("b"), """
                {"bug_type":"309","name":"App","os_version":"macOS 13.0 (22A380)"}
                {"threads":[{"triggered":true,"frames":[{"imageIndex":0,"imageOffset":16}]}],
                 "usedImages":[{"base":4096,"size":4096,"uuid":"2d903291-397d-3d14-bfca-52c7fb8c5e00","path":"/App"}]}""");
        assertThat(run("resolve", report.toString()).out())
                .startsWith("macOS 13.0 22A380\n")
                .contains("0  0x1010   ??        App       missing\n");
        Path text = Files.writeString(folder.resolve("c"), "Process: x\nOS Version: y\nThread 0:\n0 a 0x1 b + 1\n");
        assertThat(run("resolve", text.toString(), "--json", "--extended").out())
                .contains("\"function\" : \"b\"");
        Ran broken =
                run("resolve", Files.writeString(folder.resolve("d"), "MDMP").toString());
        assertThat(broken.status()).isEqualTo(2);
        assertThat(broken.err()).contains("cannot be resolved: ");
    }

    @Test
    void resolve_ofAddresses_looksThemUpAsTheyAre() {
        Ran ran = run("resolve", "0x1204", "0x119d", "--module", PROGRAM);
        assertThat(ran.out())
                .contains("0x1204   till::Receipt::add(till::Item const*)   /till/crash.cpp:17  inlined")
                .contains("0x119d   till::checkout(till::Item const*, int)  /till/crash.cpp:38");
        assertThat(ran.status()).isZero();
        Ran loaded = run("resolve", "0x55b8d7941204", "--debug-file", PROGRAM, "--image-addr", "0x55b8d7940000");
        assertThat(loaded.out()).contains("0x55b8d7941204  till::Receipt::add(till::Item const*)");
        assertThat(run("resolve", "0x1", "--module", PROGRAM).status()).isEqualTo(1);
    }

    @Test
    void names_withControlCharacters_doNotReachTheTerminal() throws Exception {
        Path event = Files.writeString(folder.resolve("event.json"), """
                {"sources":[{"type":"filesystem","id":"x","path":"/nowhere"}],
                 "stacktraces":[{"thread_name":"a\\u001b[2Jb","thread_id":1,"frames":[
                   {"instruction_addr":"0x1","function":"f\\u001b]0;owned\\u0007"}]}]}""");
        assertThat(run("resolve", event.toString()).out())
                .doesNotContain("\u001b")
                .doesNotContain("\u0007")
                .contains("owned");
    }

    @Test
    void colours_areThereOnlyWhereWanted() {
        assertThat(run(false, "resolve", EVENT, "--symbols", SYMBOLS).out()).doesNotContain("\u001b[");
        assertThat(run(true, "resolve", EVENT, "--symbols", SYMBOLS).out()).contains("\u001b[");
    }

    @Test
    void usage_thatCannotBe_isStatus2AndSaysWhatToWrite() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"stacktraces\":7}");
        assertWrong("--symbols DIR or --symbols URL", "resolve", EVENT);
        assertWrong("there is no file nope.json", "resolve", "nope.json");
        assertWrong("is not JSON", "resolve", broken.toString());
        assertWrong("is no event: $.stacktraces", "resolve", other.toString());
        assertWrong("there is no such folder", "resolve", EVENT, "--symbols", "/nope");
        assertWrong("addresses need --module", "resolve", "0x12");
        assertWrong("is no address", "resolve", "0xyz", "--module", PROGRAM);
        assertWrong("belong to no known format", "resolve", "0x12", "--module", broken.toString());
        assertWrong("not found", "resolve", "0x12", "--module", "/nope");
        assertWrong("go with addresses", "resolve", EVENT, "--module", PROGRAM);
        assertWrong("Missing required parameter", "resolve");
        assertWrong("Did you mean", "serv");
        assertWrong("give a command");
        assertWrong("Unknown option", "serve", "--port", "1");
    }

    private static void assertWrong(String text, String... args) {
        Ran ran = run(args);
        assertThat(ran.err()).as(List.of(args).toString()).contains(text);
        assertThat(ran.err()).doesNotContain("\tat ");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }

    // ---------------------------------------------------------------- the rest

    @Test
    void config_printsAFileThatItFindsGood() throws Exception {
        Path file =
                Files.writeString(folder.resolve("config.yml"), run("config").out());
        Ran checked = run("config", "-c", file.toString(), "--strict");
        assertThat(checked.out()).isEqualTo(file + " can be used\n");
        assertThat(checked.status()).isZero();
    }

    @Test
    void config_withUnknownKeys_isAnErrorOnlyWhenStrict() throws Exception {
        Path file = Files.writeString(folder.resolve("config.yml"), "bnid: 127.0.0.1:1");
        assertThat(run("config", "-c", file.toString()).status()).isZero();
        Ran strict = run("config", "-c", file.toString(), "--strict");
        assertThat(strict.status()).isEqualTo(2);
        assertThat(strict.out()).contains("line 1: bnid: is not a key; did you mean bind?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind: 7", "", "bind: [", "sources: [{type: x, id: y}]"})
    void serve_withAFileThatCannotBeUsed_isStatus2(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yml"), text);
        Ran ran = run("serve", "-c", file.toString());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("framewright: " + file + " cannot be used:\n  ")
                .endsWith("`framewright config` shows every key with its default and meaning.\n");
    }

    @Test
    void serve_withUnknownKeysAndStrict_doesNotStart() throws Exception {
        Path file = Files.writeString(folder.resolve("config.yml"), "bind: 127.0.0.1:0\nsauces: []");
        Ran ran = run("serve", "-c", file.toString(), "--strict");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("line 2: sauces: is not a key; did you mean sources?");
    }

    @Test
    void serve_whereItCannotListen_saysWhatToDo() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Path file = Files.writeString(
                    folder.resolve("config.yml"),
                    "bind: 127.0.0.1:" + taken.getLocalPort() + "\nlogging: {level: off}");
            Ran ran = run("serve", "-c", file.toString());
            assertThat(ran.err())
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("set `bind`");
            assertThat(ran.status()).isEqualTo(1);
        }
    }

    @Test
    void resolve_withACacheThatCannotBe_saysSoInOneLine() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Ran ran = run("resolve", EVENT, "--symbols", SYMBOLS, "--cache", file.toString());
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .contains("cache directory")
                .contains("file");
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void train_resolvesTheExampleFromAFolderAndFromAWebServer_andAScript() {
        Ran ran = run("train");
        assertThat(ran.out())
                .isEqualTo("from filesystem: resolved\nfrom http: resolved\nfrom a source map: resolved\n");
        assertThat(ran.status()).isZero();
    }

    @Test
    void help_namesEveryCommandButTheHiddenOne() {
        String help = run("help").out();
        assertThat(help).contains("serve", "resolve", "config", "version", "completion", "Examples:");
        assertThat(help).doesNotContain("train");
        assertThat(run("help", "resolve").out()).contains("--symbols").contains("Exit status: 0 all resolved");
        assertThat(run("version").out()).startsWith("framewright ");
        assertThat(run("completion").out()).contains("bash");
    }
}
