package framewright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.App;
import framewright.config.SettingsLoader;
import framewright.store.Permission;
import framewright.store.Store;
import framewright.testkit.Await;
import framewright.testkit.StoreServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work with a server's store, against a real one. */
@Timeout(120)
class StoreCommandsTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");
    private static final String BUILD_ID = "1111111111111111111111111111111111111115";
    private static final String PDB_ID = "2bfb03ce-8c35-33b5-4c4c-44205044422e-1";

    @TempDir
    private Path folder;

    private StoreServer server;
    private Map<String, String> environment;
    private Path build;

    @BeforeEach
    void start() throws IOException {
        server = new StoreServer(
                folder.resolve("store"), "max_file_size: 1GiB\ncache_dir: " + folder.resolve("cache") + "\n");
        environment = Map.of(
                "FRAMEWRIGHT_URL",
                server.url(),
                "FRAMEWRIGHT_TOKEN",
                server.token(Set.of(Permission.ADMIN)),
                "FRAMEWRIGHT_ORG",
                "o",
                "FRAMEWRIGHT_PROJECT",
                "p");
        build = Files.createDirectories(folder.resolve("build"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Ran(int status, String out, String err) {
        JsonNode json() throws IOException {
            return StoreServer.JSON.readTree(out);
        }
    }

    private Ran run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>();
        for (Object arg : args) {
            words.add(arg.toString());
        }
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        int status = Cli.commandLine(terminal, environment, words.getFirst()).execute(words.toArray(String[]::new));
        return new Ran(status, out.toString(), err.toString());
    }

    private Path fixture(String name) throws IOException {
        return Files.copy(FIXTURES.resolve(name), build.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    // ---------------------------------------------------------------- store

    @Test
    void storeVerify_tellsOfAFileThatTheDiskHasChanged() throws Exception {
        fixture("elf-dwarf5.so");
        assertThat(run("upload", build, "--wait").status()).isZero();
        Path config = Files.writeString(
                folder.resolve("config.yml"),
                "store:\n  dir: " + folder.resolve("store") + "\n  retention: {max_unused_for: 0s}\n");
        assertThat(run("store", "verify", "-c", config).out()).contains("1 files with ", "all sound");
        try (var blobs = Files.walk(folder.resolve("store").resolve("blobs"))) {
            Path blob = blobs.filter(Files::isRegularFile).findFirst().orElseThrow();
            Files.write(blob, new byte[(int) Files.size(blob)]);
        }
        Ran damaged = run("store", "verify", "-c", config, "--json");
        assertThat(damaged.status()).isEqualTo(1);
        assertThat(damaged.json().at("/problems/0/kind").asText()).isEqualTo("wrong_content");
    }

    @Test
    void storeRetention_leavesWhatWasUsedJustNow() throws Exception {
        fixture("elf-dwarf5.so");
        assertThat(run("upload", build, "--wait").status()).isZero();
        Path config = Files.writeString(
                folder.resolve("config.yml"),
                "store:\n  dir: " + folder.resolve("store") + "\n  retention: {max_unused_for: 1day}\n");
        assertThat(run("store", "retention", "-c", config, "--dry-run").out()).isEqualTo("0 files would be deleted\n");
        assertThat(run("store", "retention", "-c", config, "--json").json().path("deleted"))
                .isEmpty();
        assertThat(run("ls", "dwarf5").out()).contains("elf-dwarf5.so");
    }

    @Test
    void storeToken_isOneThatTheServerTakes() throws Exception {
        Path config =
                Files.writeString(folder.resolve("config.yml"), "store: {dir: " + folder.resolve("store") + "}\n");
        String token = run("store", "token", "-c", config).out().strip();
        assertThat(run("tokens", "--token", token, "--org", "default").out()).contains("made on the server");
        assertThat(run("store", "verify", "-c", folder.resolve("none.yml")).status())
                .isEqualTo(2);
    }

    // ---------------------------------------------------------------- upload

    @Test
    void upload_ofAFolder_sendsWhatIsMissingOnce() throws Exception {
        fixture("elf-dwarf5.so");
        fixture("pdb-x64.pdb");
        Files.writeString(build.resolve("notes.txt"), "of no use, and nobody asked for it");
        Ran first = run("upload", build, "--wait");
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("sent      " + build.resolve("elf-dwarf5.so") + "  5.6 kB\n")
                .contains("elf x86_64  debug id 11111111-1111-1111-1111-111111111111")
                .contains("note: pdb-x64.pdb (x86_64): no unwind information")
                .endsWith("\n2 sent, 0 there already, 0 refused, 0 left out\n");
        assertThat(first.status()).isZero();
        Ran again = run("upload", build);
        assertThat(again.out()).endsWith("\n0 sent, 2 there already, 0 refused, 0 left out\n");
        assertThat(again.status()).isZero();
        assertThat(run("ls", "dwarf5").out().lines().skip(1))
                .hasSize(1)
                .first()
                .asString()
                .contains("elf-dwarf5.so");
    }

    @Test
    void upload_ofAnArchive_looksInside() throws Exception {
        Path apk = build.resolve("app.apk");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(apk))) {
            for (String name : List.of("lib/x86_64/libapp.so", "../evil.so")) {
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(FIXTURES.resolve("elf-dwarf5.so"), zip);
            }
            zip.putNextEntry(new ZipEntry("classes.dex"));
        }
        Ran ran = run("upload", apk, "--json", "--wait");
        assertThat(ran.json().at("/files/0/name").asText()).isEqualTo("app.apk!lib/x86_64/libapp.so");
        assertThat(ran.json().at("/files/0/state").asText()).isEqualTo("sent");
        assertThat(ran.json().path("left_out").findValuesAsText("name")).containsExactly("app.apk!../evil.so");
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void upload_putsTogetherWhatBelongsTogether() throws Exception {
        fixture("pe-x64.dll");
        fixture("pdb-x64.pdb");
        Files.copy(FIXTURES.resolve("elf-dwarf5.so"), build.resolve("libil2cpp.so"));
        Files.writeString(build.resolve("LineNumberMappings.json"), "{\"/a.cpp\":{\"/a.cs\":{\"1\":2}}}");
        Files.writeString(build.resolve("mapping.txt"), "com.example.Main -> a.a:\n    1:2:void run():10:11 -> a\n");
        Ran ran = run("upload", build, "--wait", "--json");
        JsonNode files = ran.json().path("files");
        assertThat(files.findValuesAsText("state")).containsOnly("sent").hasSize(5);
        assertThat(files.findValuesAsText("kind")).containsExactlyInAnyOrder("elf", "pe", "pdb", "proguard", "il2cpp");
        Ran listed = run("ls", "--json");
        JsonNode il2cpp = find(listed.json().path("files"), "il2cpp");
        assertThat(il2cpp.path("debug_id").asText()).isEqualTo("11111111-1111-1111-1111-111111111111");
        assertThat(find(listed.json().path("files"), "pdb").path("debug_id").asText())
                .isEqualTo(PDB_ID);
        assertThat(ran.status()).isZero();
    }

    private static JsonNode find(JsonNode files, String kind) {
        for (JsonNode file : files) {
            if (file.path("kind").asText().equals(kind)) {
                return file;
            }
        }
        throw new AssertionError("no " + kind + " in " + files);
    }

    @Test
    void upload_ofScripts_makesABundleOfTheRelease() throws Exception {
        Files.writeString(build.resolve("app.js"), "throw 1\n//# sourceMappingURL=app.js.map\n");
        Files.writeString(build.resolve("app.js.map"), "{\"version\":3,\"mappings\":\"\"}");
        Ran without = run("upload", build);
        assertThat(without.status()).isEqualTo(1);
        assertThat(without.out())
                .contains("sentry-cli sourcemaps inject")
                .endsWith("0 sent, 0 there already, 0 refused, 2 left out\n");
        Ran with = run("upload", build, "--release", "web/1.0", "--dist", "7", "--wait");
        assertThat(with.status()).as(with.out() + with.err()).isZero();
        assertThat(run("ls", "--bundles").out()).contains("web/1.0  7     2");
        assertThat(run("releases").out()).contains("web/1.0");
        assertThat(run("releases", "rm", "web/1.0").out()).isEqualTo("deleted web/1.0\n");
        assertThat(run("releases").out()).doesNotContain("web/1.0");
    }

    @Test
    void upload_ofWhatIsNoDebugFile_saysWhatItIs() throws Exception {
        Path page = Files.writeString(build.resolve("page.so"), "<html>");
        Ran ran = run("upload", page);
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).contains("left out  page.so: ").contains("HTML error page");
        Files.delete(page);
        assertThat(run("upload", build).out()).startsWith("Nothing of use was found.");
        assertThat(run("upload", build.resolve("gone")).err()).contains("there is no file or folder");
    }

    @Test
    void upload_asADryRun_asksNobody() throws Exception {
        fixture("elf-dwarf5.so");
        server.close();
        Ran ran = run("upload", build, "--dry-run");
        assertThat(ran.out()).startsWith("to send   ").contains("\n1 to be sent, ");
        assertThat(ran.status()).isZero();
        Ran real = run("upload", build);
        assertThat(real.status()).isEqualTo(1);
        assertThat(real.err()).contains("does not answer").contains("`framewright serve` starts one here");
    }

    @Test
    void commands_withAWrongToken_sayWhereOneComesFrom() throws Exception {
        Ran ran = run("upload", fixture("elf-dwarf5.so"), "--token", "nonsense");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("unknown, expired or revoked").contains("FRAMEWRIGHT_TOKEN");
        assertThat(ran.err()).doesNotContain("nonsense");
    }

    // ---------------------------------------------------------------- without a server

    @Test
    void check_saysWhatAFileIsGoodFor() throws Exception {
        Ran good = run("check", fixture("elf-dwarf5.so"));
        assertThat(good.out())
                .startsWith("elf-dwarf5.so\n  elf x86_64  debug id 1111")
                .contains("resolves functions, files and lines, and stacks of minidumps");
        assertThat(good.status()).isZero();
        Ran stripped = run("check", fixture("pe-x86.exe"));
        assertThat(stripped.out()).contains("resolves nothing").contains("send the .pdb that was made with it");
        assertThat(stripped.status()).isEqualTo(1);
        assertThat(run("check", Files.write(build.resolve("x"), "x".getBytes(UTF_8)))
                        .status())
                .isEqualTo(1);
    }

    @Test
    void find_knowsIdsInAnyForm() throws Exception {
        fixture("pdb-x64.pdb");
        assertThat(run("find", "2BFB03CE8C3533B54C4C44205044422E7", build).out())
                .startsWith(build + "/pdb-x64.pdb");
        assertThat(run("find", "11111111111111111111111111111111", build).status())
                .isEqualTo(1);
        assertThat(run("find", "zz", build).status()).isEqualTo(2);
    }

    @Test
    void bundleSources_writesWhatUploadSends() throws Exception {
        Path file = fixture("elf-dwarf5.so");
        Ran nothing = run("bundle-sources", file);
        assertThat(nothing.status()).isEqualTo(1);
        assertThat(nothing.out()).contains("is here; run this where it was built");
        assertThat(Path.of(file + ".src.zip")).doesNotExist();
        Path symbols = build.resolve("app.sym");
        Path source = Files.writeString(build.resolve("main.c"), "int main(void) { return 0; }\n");
        Files.writeString(
                symbols,
                "MODULE Linux x86_64 492E2DD23CC306CA9C494EEF1533A3810 app\nFILE 0 " + source.toAbsolutePath()
                        + "\nFILE 1 /gone.c\nFUNC 1000 20 0 main\n1000 10 1 0\n1010 10 1 1\n");
        Ran ran = run("bundle-sources", symbols);
        assertThat(ran.out()).isEqualTo(symbols + ".src.zip: 1 sources, without 1 that are not here\n");
        assertThat(run("check", symbols + ".src.zip").out()).contains("resolves lines of source around frames");
    }

    // ---------------------------------------------------------------- queue

    /** An event about a file that nobody has, with its answer. */
    private void lacking(String event) throws Exception {
        server.as(server.token(Set.of(Permission.ADMIN, Permission.SYMBOLICATE, Permission.READ)))
                .json(202, "POST", "/queue/events", StoreServer.JSON.readTree("""
                    {"version": 1, "organization": "o", "project": "p", "event_id": "%s", "kind": "native", "payload": {"json":
                    {"modules": [{"type": "elf", "code_id": "%s", "code_file": "/lib/\\u001b[31mlib,app.so",
                    "image_addr": "0x10000", "image_size": 65536}],
                    "stacktraces": [{"frames": [{"instruction_addr": "0x113b0"}]}]}}}
                    """.formatted(event, BUILD_ID)));
        Await.until(
                event + " is answered",
                () -> server.json(200, "GET", "/queue/results?limit=1000", null)
                        .path("results")
                        .findValuesAsText("event_id")
                        .contains(event));
    }

    @Test
    void missing_listsWhatEventsLacked() throws Exception {
        Ran nothing = run("missing");
        assertThat(nothing.status()).isZero();
        assertThat(nothing.out()).isEqualTo("events  waiting  kind  id  name  cause  last seen\n");
        lacking("e1");
        lacking("e2");
        Ran table = run("missing");
        assertThat(table.status()).isZero();
        assertThat(table.out().lines().skip(1))
                .singleElement()
                .asString()
                .matches("2 +2 +debug_file  " + BUILD_ID + "  /lib/.*lib,app.so  [a-z_]+  20\\d\\d-.*Z")
                .doesNotContain("\u001b");
        JsonNode file = run("missing", "--json").json().at("/missing/0");
        assertThat(file.path("id").asText()).isEqualTo(BUILD_ID);
        assertThat(file.path("project").asText()).isEqualTo("o/p");
        assertThat(run("missing", "--csv").out())
                .startsWith("debug_file,debug_id,code_file,code_id\r\n,,")
                .endsWith("lib,app.so\"," + BUILD_ID + "\r\n");
        assertThat(run("missing", "--kind", "mapping", "--json").json().path("missing"))
                .isEmpty();
        assertThat(run("missing", "-q", "LIB,APP", "--json").json().path("missing"))
                .hasSize(1);
        assertThat(run("missing", "-q", "%", "--json").json().path("missing")).isEmpty();
        assertThat(run("projects", "create", "other").status()).isZero();
        assertThat(run("missing", "-p", "other", "--json").json().path("missing"))
                .isEmpty();
        assertThat(run("missing", "-p", "other", "--all", "--json").json().path("missing"))
                .hasSize(1);
    }

    @Test
    void missing_withoutAServerOrARightToSeeIt_fails() {
        assertThat(run("missing", "-p", "none").status()).isEqualTo(1);
        Ran refused = run("missing", "--token", server.token(Set.of(Permission.UPLOAD)));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("symbolicate");
        assertThat(run("missing", "--limit", "many").status()).isEqualTo(2);
        server.close();
        assertThat(run("missing").err()).contains("does not answer");
    }

    @Test
    void warm_waitsForTheEndOfItsJob_andSaysWhatItBrought() throws Exception {
        fixture("elf-dwarf5.so");
        assertThat(run("upload", build, "--wait").status()).isZero();
        Ran ids = run("warm", "--id", BUILD_ID, "--wait");
        assertThat(ids.out()).matches("job 1 done: 1 of 1 files, 1 found, .*B\n");
        assertThat(ids.status()).isZero();
        JsonNode newest = run("warm", "--newest", "5", "--max-bytes", "1MiB", "--rate", "600", "--wait", "--json")
                .json();
        assertThat(newest.path("state").asText()).isEqualTo("done");
        assertThat(newest.path("warm").asText()).isEqualTo("newest 5");
        assertThat(newest.path("max_bytes").asLong()).isEqualTo(1 << 20);
        assertThat(newest.path("rate").asInt()).isEqualTo(600);
        assertThat(newest.path("project").asText()).isEqualTo("o/p");
        assertThat(newest.path("found").asInt()).isEqualTo(1);
        assertThat(run("warm", "--release", "none@1", "--wait").out()).startsWith("job 3 done: 0 of 0 files, 0 found");
        assertThat(run("warm", "--top", "3").out()).startsWith("job 4 ");
    }

    @Test
    void warm_ofAJobThatIsCancelled_fails() throws Exception {
        server.as(server.token(Set.of(Permission.ADMIN, Permission.UPLOAD, Permission.SYMBOLICATE)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Ran> waiting = threads.submit(
                    () -> run("warm", "--id", "abcdef0123456701", "--id", "abcdef0123456702", "--rate", "1", "--wait"));
            Await.until(
                    "it runs",
                    () -> server.send("GET", "/jobs/1", "text/plain", new byte[0])
                            .body()
                            .contains("\"state\":\"running\""));
            server.json(200, "DELETE", "/jobs/1", null);
            assertThat(waiting.get().out()).startsWith("job 1 cancelled: ");
            assertThat(waiting.get().status()).isEqualTo(1);
        }
    }

    @Test
    void warm_ofWhatNobodyUnderstands_isRefused() {
        assertThat(run("warm").status()).isEqualTo(2);
        assertThat(run("warm", "--top", "3", "--newest", "3").status()).isEqualTo(2);
        Ran size = run("warm", "--top", "3", "--max-bytes", "lots");
        assertThat(size.status()).isEqualTo(2);
        assertThat(size.err()).contains("--max-bytes: lots is no size such as 2GiB");
        Ran tooMany = run("warm", "--top", "100000");
        assertThat(tooMany.status()).isEqualTo(1);
        assertThat(tooMany.err()).contains("of up to 10000 files");
        assertThat(run("warm", "--top", "3", "--token", server.token(Set.of(Permission.SYMBOLICATE)))
                        .status())
                .isEqualTo(1);
    }

    // ---------------------------------------------------------------- management

    @Test
    void tokensAndProjects_areManaged() throws Exception {
        assertThat(run("projects", "create", "android").out()).isEqualTo("project android\n");
        assertThat(run("projects").out()).contains("organisation o").contains("android");
        String token = run("tokens", "create", "ci", "--only", "android").out().strip();
        assertThat(token).startsWith("fwt_");
        Ran refused = run("upload", fixture("elf-dwarf5.so"), "--token", token);
        assertThat(refused.err()).contains("no project p in the organisation o that the token reaches");
        assertThat(run("upload", fixture("elf-dwarf5.so"), "--token", token, "-p", "android", "--wait")
                        .status())
                .isZero();
        String listed = run("tokens").out();
        assertThat(listed).contains("ci").doesNotContain(token);
        assertThat(run("tokens", "revoke", "999").status()).isEqualTo(1);
        assertThat(run("tokens", "audit").out()).contains("token.create").contains("project.create");
        assertThat(run("rm", "1", "-p", "android").out()).isEqualTo("deleted 1\n");
        assertThat(run("ls", "-p", "android").out()).isEqualTo("There is nothing of the kind.\n");
    }

    @Test
    void firstStart_leavesATokenForTheOwnerOnly() throws Exception {
        Path dir = folder.resolve("store");
        assertThat(FirstToken.make(server.store(), dir)).isNull();
        assertThat(FirstToken.file(dir)).doesNotExist();
        try (App empty = new App(new SettingsLoader(Map.of())
                .parse("{bind: '127.0.0.1:0', store: {dir: '" + folder.resolve("empty") + "'}}")
                .settings())) {
            String url = "http://127.0.0.1:" + empty.listen().port();
            Store store = Objects.requireNonNull(empty.store());
            String token = Objects.requireNonNull(FirstToken.make(store, folder.resolve("empty")));
            Path file = FirstToken.file(folder.resolve("empty"));
            assertThat(Files.readString(file)).isEqualTo(token + "\n");
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            Ran ran = run(
                    "upload",
                    fixture("elf-dwarf5.so"),
                    "--url",
                    url,
                    "--token",
                    token,
                    "--org",
                    "default",
                    "-p",
                    "default",
                    "--wait");
            assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
            assertThat(FirstToken.make(store, folder.resolve("empty"))).isNull();
        }
    }
}
