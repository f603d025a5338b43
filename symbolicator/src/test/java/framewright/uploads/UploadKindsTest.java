package framewright.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.store.DebugFile;
import framewright.testkit.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of each kind of file, sent as sentry-cli sends it. */
class UploadKindsTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");

    /** Of a file whose table is made behind the answer. */
    private static final int LARGE_BYTES = 9 << 20;

    private static final String ID = "6ae25ac9-cf30-3b57-8853-e5095dd30cbd";

    @TempDir
    Path folder;

    private StoreServer server;

    @BeforeEach
    void start() {
        server = new StoreServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(name));
    }

    private JsonNode kept(String name, @Nullable String debugId, byte[] file) throws Exception {
        JsonNode answer = server.upload(name, debugId, file);
        assertThat(answer.path("state").asText()).as("%s", answer).isEqualTo("ok");
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "elf-dwarf5.so, elf, lib, x86_64, 'debug,symtab,unwind'",
        "elf-symbols-only.so, elf, lib, x86_64, 'symtab'",
        "elf-aarch64.so, elf, lib, arm64, 'debug,symtab,unwind'",
        "macho-arm64.dsym, macho, dbg, arm64, 'debug,symtab'",
        "pdb-x64.pdb, pdb, dbg, x86_64, 'debug,symtab'",
        "breakpad.sym, breakpad, dbg, x86_64, 'debug,symtab,unwind'",
    })
    void upload_ofAnObject_saysWhatItIsAndWhatItIsGoodFor(
            String fixture, String kind, String objectKind, String arch, String features) throws Exception {
        JsonNode dif = kept("some/" + fixture, null, fixture(fixture)).path("dif");
        assertThat(dif.path("symbolType").asText()).isEqualTo(kind);
        assertThat(dif.path("objectName").asText()).isEqualTo("some/" + fixture);
        assertThat(dif.path("cpuName").asText()).isEqualTo(arch);
        assertThat(dif.path("data").path("type").asText()).isEqualTo(objectKind);
        assertThat(dif.path("data").path("features"))
                .extracting(JsonNode::asText)
                .containsExactly(features.split(","));
        assertThat(dif.path("sha1").asText()).isEqualTo(StoreServer.sha1(fixture(fixture)));
    }

    @Test
    void upload_ofAFatFile_keepsEachSlice() throws Exception {
        kept("fat", null, fixture("macho-fat.dsym"));
        assertThat(server.store().debugFiles().list(server.project(), "", Long.MAX_VALUE, 10))
                .extracting(file -> file.entry().arch())
                .containsExactlyInAnyOrder("x86_64", "arm64");
    }

    @Test
    void upload_withAnotherId_keepsTheSendersIdBesidesTheFiles() throws Exception {
        byte[] pdb = fixture("pdb-x64.pdb");
        String own = kept("x.pdb", null, pdb).path("dif").path("debugId").asText();
        String given = own.substring(0, 36) + "-a";
        assertThat(kept("x.pdb", given, pdb).path("dif").path("debugId").asText())
                .isEqualTo(given);
        assertThat(ids()).isEqualTo(Set.of(own, given));
    }

    private Set<String> ids() {
        return server.store().debugFiles().list(server.project(), "", Long.MAX_VALUE, 10).stream()
                .map(DebugFile::entry)
                .map(entry -> String.valueOf(entry.debugId()))
                .collect(Collectors.toSet());
    }

    @Test
    void upload_ofAStrippedFile_saysWhatToSendBesides() throws Exception {
        assertThat(kept("app", null, fixture("elf-stripped.so")).path("detail").asText())
                .contains("app (x86_64): stripped", "unstripped file");
        assertThat(kept("x.pdb", null, fixture("pdb-x64.pdb")).path("detail").asText())
                .contains("no unwind information", "send the program");
        assertThat(kept("full", null, fixture("elf-dwarf5.so")).path("detail").isNull())
                .isTrue();
    }

    @Test
    void upload_ofSideFiles_goesByTheNameOrTheSendersId() throws Exception {
        assertThat(symbolType(ID + ".bcsymbolmap", null, fixture("hidden.bcsymbolmap")))
                .isEqualTo("bcsymbolmap");
        assertThat(symbolType("il", ID, fixture("il2cpp.json"))).isEqualTo("il2cpp");
        assertThat(symbolType("dart.json", ID, "[\"One\",\"a\"]".getBytes(UTF_8)))
                .isEqualTo("dartsymbolmap");
        assertThat(ids()).isEqualTo(Set.of(ID));
        assertThat(symbolType("il", null, """
                {"a.cpp":{"a.cs":{"1":2}},"__debug-id__":{"0ae25ac9-cf30-3b57-8853-e5095dd30cbd":{}}}""".getBytes(UTF_8))).isEqualTo("il2cpp");
        assertThat(ids()).contains("0ae25ac9-cf30-3b57-8853-e5095dd30cbd");
    }

    private String symbolType(String name, @Nullable String debugId, byte[] file) throws Exception {
        return kept(name, debugId, file).path("dif").path("symbolType").asText();
    }

    @Test
    void upload_ofAMapping_hasTheIdOfItsNameOrOfItsBytes() throws Exception {
        byte[] mapping = "com.example.Main -> a.a:\n    1:2:void run():10:11 -> a\n".getBytes(UTF_8);
        String named = kept("/proguard/" + ID + ".txt", null, mapping)
                .path("dif")
                .path("uuid")
                .asText();
        assertThat(named).isEqualTo(ID);
        // as `sentry-cli proguard uuid` prints it for these bytes
        JsonNode bare = kept("mapping.txt", null, "com.example.Main -> a.a:\n    void run() -> a\n".getBytes(UTF_8));
        assertThat(bare.path("dif").path("uuid").asText()).isEqualTo("18957ad3-7a98-5e6d-aac5-80a80ad86da2");
    }

    @Test
    void upload_ofWhatIsOfNoUse_isRefusedByNameWithTheReason() throws Exception {
        assertThat(refusal("a/notes.txt", "just words".getBytes(UTF_8))).startsWith("a/notes.txt: ");
        assertThat(refusal("cut", Arrays.copyOf(fixture("elf-dwarf5.so"), 40))).startsWith("cut: ");
        assertThat(refusal("dart.json", "[\"One\",\"a\",\"Two\"]".getBytes(UTF_8)))
                .contains("dart.json: ", "not followed by its replacement");
        assertThat(refusal("dart.json", "[\"One\",\"a\"]".getBytes(UTF_8))).contains("send it with the debug id");
        assertThat(refusal("x.bcsymbolmap", fixture("hidden.bcsymbolmap"))).contains("UUID.bcsymbolmap");
        assertThat(server.store().debugFiles().list(server.project(), "", Long.MAX_VALUE, 10))
                .isEmpty();
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void upload_ofAFileThatCannotBeConverted_isRefusedWithThePlaceAndNotKept() throws Exception {
        byte[] damaged = fixture("elf-dwarf5.so");
        // a unit that is longer than the section
        damaged[unit(damaged) - 3] = 0x7F;
        assertThat(refusal("damaged", damaged)).startsWith("damaged: no lookup table can be made of it: ");
        assertThat(ids()).isEmpty();
    }

    @Test
    void upload_ofALargeFileThatCannotBeConverted_isKeptUntilThatIsKnownAndThenRefused() throws Exception {
        byte[] large = Arrays.copyOf(fixture("elf-dwarf5.so"), LARGE_BYTES);
        // an entry of a kind that there is not, which nobody reads who asks about another address
        large[unit(large) + 0x92] = 0x7F;
        assertThat(refusal("large", large)).startsWith("large: no lookup table can be made of it: ");
        assertThat(ids()).isEmpty();
        assertThat(server.store().audit().list(server.organization(), 1))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.actor()).isEqualTo("server");
                    assertThat(change.action()).isEqualTo("file.refuse");
                    assertThat(change.subject()).startsWith("p/large: no lookup table can be made of it: ");
                });
    }

    /** Where the version of the only unit is. */
    private static int unit(byte[] elf) {
        return indexOf(elf, new byte[] {5, 0, 1, 8});
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        int at = 0;
        while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
            at++;
        }
        return at;
    }

    /** What is in the store's folder besides the parts, which may be asked for again. */
    private List<Path> leftOver() throws IOException {
        List<Path> left = new ArrayList<>(server.halfKept());
        Path blobs = folder.resolve("blobs");
        if (Files.isDirectory(blobs)) {
            try (var files = Files.walk(blobs)) {
                files.filter(Files::isRegularFile).forEach(left::add);
            }
        }
        return left;
    }

    private String refusal(String name, byte[] file) throws Exception {
        JsonNode answer = server.upload(name, null, file);
        assertThat(answer.path("state").asText()).as("%s", answer).isEqualTo("error");
        assertThat(server.ask(name, null, file)).as("asked again").isEqualTo(answer);
        return answer.path("detail").asText();
    }
}
