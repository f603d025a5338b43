package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Digest;
import framewright.store.Permission;
import framewright.testkit.RunningServer;
import framewright.testkit.SourceBundles;
import framewright.testkit.SymbolStore;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the store as debuggers and stack walkers ask for them. */
@Timeout(60)
class StoreServingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELF = "elf-dwarf5.so";
    private static final String BUILD_ID = "1111111111111111111111111111111111111115";

    @TempDir
    Path folder;

    private SymbolStore store;
    private RunningServer server;

    @BeforeEach
    void open() {
        store = new SymbolStore(folder.resolve("store"));
        server = new RunningServer(
                "cache_dir: " + folder.resolve("cache"), "store: {dir: " + folder.resolve("store") + "}");
    }

    @AfterEach
    void close() {
        server.close();
        store.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return server.send("GET", path, headers);
    }

    private byte[] found(String path, String... headers) throws Exception {
        HttpResponse<byte[]> answer = get(path, headers);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String breakpadId(DebugFile file) {
        return Objects.requireNonNull(file.entry().debugId()).breakpad();
    }

    // ---- debuginfod

    @Test
    void debuginfod_givesDebugFileAndProgram_eachWhatItIs() throws Exception {
        store.put("elf-stripped.so");
        store.put("elf-debug-only.debug");
        HttpResponse<byte[]> debug = get("/buildid/" + BUILD_ID + "/debuginfo");
        assertThat(debug.body()).isEqualTo(SymbolStore.fixture("elf-debug-only.debug"));
        assertThat(debug.headers().firstValue("x-debuginfod-size")).hasValue(Integer.toString(debug.body().length));
        assertThat(debug.headers().firstValue("x-debuginfod-file")).hasValue("elf-debug-only.debug");
        assertThat(debug.headers().firstValue("last-modified")).isPresent();
        assertThat(found("/buildid/" + BUILD_ID + "/executable")).isEqualTo(SymbolStore.fixture("elf-stripped.so"));
    }

    @Test
    void debuginfod_givesSections_ofTheDebugFileOrElseOfTheProgram() throws Exception {
        store.put("elf-stripped.so");
        store.put("elf-debug-only.debug");
        byte[] lines = found("/buildid/" + BUILD_ID + "/section/.debug_line");
        assertThat(text(SymbolStore.fixture("elf-debug-only.debug"))).contains(text(lines));
        byte[] code = found("/buildid/" + BUILD_ID + "/section/.text");
        assertThat(code).hasSizeGreaterThan(100);
        byte[] part = get("/buildid/" + BUILD_ID + "/section/.text", "Range", "bytes=-10")
                .body();
        assertThat(part).isEqualTo(Arrays.copyOfRange(code, code.length - 10, code.length));
        assertThat(get("/buildid/" + BUILD_ID + "/section/.nothing").statusCode())
                .isEqualTo(404);
        assertThat(get("/buildid/" + BUILD_ID + "/section/").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/src/a%20b/c%2Bd/e.c",
                "//src/a%20b/c+d/e.c",
                "/src/./a%20b/x/../c%2Bd/e.c",
                "/src/a%20b/x/%2E%2E/c+d/e.c"
            })
    void debuginfod_givesSources_byEveryWayToWriteTheirPath(String path) throws Exception {
        store.put(ELF);
        byte[] bundle = SourceBundles.elf(BUILD_ID, "/src/a b/c+d/e.c", "int e;");
        store.put(store.project("default", "default"), ELF, bundle, null);
        assertThat(text(found("/buildid/" + BUILD_ID + "/source" + path))).isEqualTo("int e;");
        assertThat(get("/buildid/" + BUILD_ID + "/source/etc/passwd").statusCode())
                .isEqualTo(404);
        assertThat(get("/buildid/" + BUILD_ID + "/source/../../../etc/passwd").statusCode())
                .isEqualTo(404);
    }

    @Test
    void debuginfod_foldsCase_andRefusesWhatTheClientFindsTooLarge() throws Exception {
        store.put(ELF);
        String path = "/buildid/" + BUILD_ID + "/debuginfo";
        assertThat(found(path.toUpperCase(Locale.ROOT)
                        .replace("/BUILDID", "/buildid")
                        .replace("DEBUGINFO", "debuginfo")))
                .isEqualTo(SymbolStore.fixture(ELF));
        HttpResponse<byte[]> large = get(path, "X-DEBUGINFOD-MAXSIZE", "10");
        assertThat(large.statusCode()).isEqualTo(406);
        assertThat(text(large.body())).isEqualTo("File too large, max size=10\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/buildid/" + BUILD_ID + "0/debuginfo",
                "/buildid/" + BUILD_ID + "/nothing",
                "/buildid/" + BUILD_ID,
                "/buildid/zz/debuginfo",
                "/buildid/",
                "/app.pdb/3249D99D0C4049318610F4E4FB0B69361/app.pdb",
                "/app.pdb/3249D99D0C4049318610F4E4FB0B69361/app.pd_",
                "/app.pdb/3249D99D0C4049318610F4E4FB0B69361/file.ptr",
                "/app.pdb/3249D99D0C4049318610F4E4FB0B69361/app.sym",
                "/xul.dll/45D35F6C2D000/xul.sym",
                "/app/../../etc/passwd",
                "/%2e%2e/%2e%2e/%2e%2e",
                "/index2.txt",
                "/a/b/c%zz"
            })
    void misses_areEmpty(String path) throws Exception {
        store.put(ELF);
        HttpResponse<byte[]> answer = get(path.replace("%zz", "%25zz"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }

    private JsonNode metadata(String key, String value) throws Exception {
        return JSON.readTree(
                found("/metadata?key=" + key + "&value=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    }

    @Test
    void debuginfod_tellsOfFilesByTheirName_andWhatEachIsGoodFor() throws Exception {
        store.put(ELF);
        store.put(store.project("default", "app"), ELF, SymbolStore.fixture(ELF), null);
        store.put("elf-stripped.so");
        store.put("elf-debug-only.debug");
        store.put("pe-x64.dll");
        assertThat(metadata("file", ELF))
                .isEqualTo(JSON.readTree(("{'results':[{'type':'debuginfo','buildid':'%1$s','file':'%2$s'},"
                                + "{'type':'executable','buildid':'%1$s','file':'%2$s'}],'complete':true}")
                        .formatted(BUILD_ID, ELF)
                        .replace('\'', '"')));
        assertThat(metadata("file", "elf-stripped.so").path("results").findValuesAsText("type"))
                .containsExactly("executable");
        assertThat(metadata("file", "elf-debug-only.debug").path("results").findValuesAsText("type"))
                .containsExactly("debuginfo");
        assertThat(metadata("file", "elf-*").toString()).isEqualTo("{\"results\":[],\"complete\":true}");
        assertThat(metadata("file", "pe-x64.dll").path("results"))
                .as("no ELF file")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "elf-*, 2",
        "elf-**.so, 1",
        "*.s?, 1",
        "elf-[a-e]*, 1",
        "elf-[^a-e]*, 1",
        "elf-[!a-e]*, 1",
        "elf_*, 0",
        "%, 0",
        "'/usr/lib/*', 0",
    })
    void debuginfod_tellsOfFilesByPatterns(String pattern, int files) throws Exception {
        store.put("elf-stripped.so");
        store.put("elf-debug-only.debug");
        store.put("pe-x64.dll");
        JsonNode answer = metadata("glob", pattern);
        assertThat(answer.path("results")).hasSize(files);
        assertThat(answer.path("complete").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "?key=file", "?key=file&value=", "?key=buildid&value=x", "?value=x", "?key=glob&value=%5Ba"})
    void debuginfod_refusesOtherQuestionsForNames(String query) throws Exception {
        assertThat(get("/metadata" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void debuginfod_tellsOfSoManyFilesAtMost_evenForAHostilePattern() throws Exception {
        String name = "a".repeat(200) + ".so";
        DebugFile some = store.put(ELF).getFirst();
        List<DebugFile.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            CodeId code = new CodeId("%016x".formatted(i));
            entries.add(new DebugFile.Entry(DebugFileKind.ELF, "exe", name, null, code, "x86_64", Set.of()));
        }
        store.store().debugFiles().add(store.project("default", "default"), some.digest(), entries);
        assertThat(metadata("glob", "*a".repeat(200) + "b*").toString())
                .isEqualTo("{\"results\":[],\"complete\":true}");
        for (JsonNode all : List.of(metadata("glob", "*a".repeat(200) + "*"), metadata("file", name))) {
            assertThat(all.path("results")).hasSize(1_000);
            assertThat(all.path("complete").asBoolean()).isFalse();
        }
    }

    // ---- symstore and SSQP

    @ParameterizedTest
    @CsvSource({
        "pe-x64.dll, code, %1$s/%2$s/%1$s",
        "pe-x64.dll, code, PE-X64.DLL/%3$s/pe-x64.dll",
        "pdb-x64.pdb, debug, %1$s/%2$s/%1$s",
        "pdb-x64.pdb, debug, PDB-X64.pdb/%3$s/pdb-x64.PDB",
        "elf-stripped.so, code, elf-stripped.so/elf-buildid-%2$s/elf-stripped.so",
        "elf-debug-only.debug, code, _.debug/elf-buildid-sym-%2$s/_.debug",
        "macho-x86_64.dylib, code, lib.dylib/mach-uuid-%2$s/lib.dylib",
        "macho-x86_64.dsym, code, _.dwarf/mach-uuid-sym-%3$s/_.dwarf",
    })
    void symstorePaths_leadToTheFile_inAnyCase(String fixture, String by, String path) throws Exception {
        DebugFile.Entry entry = store.put(fixture).getFirst().entry();
        String id = by.equals("code")
                ? Objects.requireNonNull(entry.codeId()).toString()
                : Objects.requireNonNull(entry.debugId()).breakpad();
        String asked = "/" + path.formatted(fixture, id.toLowerCase(Locale.ROOT), id.toUpperCase(Locale.ROOT));
        assertThat(found(asked)).isEqualTo(SymbolStore.fixture(fixture));
    }

    @Test
    void debuggersOfMicrosoft_seeASymbolServer() throws Exception {
        assertThat(get("/pingme.txt").statusCode()).isEqualTo(200);
    }

    // ---- Breakpad

    @ParameterizedTest
    @CsvSource({
        "elf-dwarf5.so, MODULE Linux x86_64",
        "pdb-x64.pdb, MODULE windows x86_64",
        "macho-x86_64.dsym, MODULE mac x86_64"
    })
    void symFile_isMadeOfAnyFormat(String fixture, String start) throws Exception {
        DebugFile file = store.put(fixture).getFirst();
        String sym = fixture.endsWith(".pdb") ? fixture.replace(".pdb", ".sym") : fixture + ".sym";
        String path = "/" + fixture + "/" + breakpadId(file) + "/" + sym;
        String symbols = text(found(path + "?code_file=x&code_id=y"));
        assertThat(symbols).startsWith(start + " " + breakpadId(file) + " " + fixture);
        assertThat(symbols).contains("\nFUNC ");
        assertThat(text(found("/try" + path.toLowerCase(Locale.ROOT)))).isEqualTo(symbols);
        HttpResponse<byte[]> head = server.send("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).hasValue(Integer.toString(symbols.length()));
        assertThat(text(get(path, "Range", "bytes=0-5").body())).isEqualTo("MODULE");
    }

    @Test
    void symFile_thatWasUploaded_isGivenAsItIs() throws Exception {
        DebugFile file = store.put("breakpad.sym").getFirst();
        HttpResponse<byte[]> answer = get("/module/" + breakpadId(file) + "/module.sym");
        assertThat(answer.body()).isEqualTo(SymbolStore.fixture("breakpad.sym"));
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    }

    @Test
    void codeId_leadsToTheDebugFile() throws Exception {
        DebugFile program = store.put("pe-x64.dll").getFirst();
        store.put("pdb-x64.pdb");
        String code =
                Objects.requireNonNull(program.entry().codeId()).toString().toUpperCase(Locale.ROOT);
        HttpResponse<byte[]> answer = get("/pe-x64.dll/" + code + "/pe-x64.sym?code_file=a%20b");
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("location"))
                .hasValue("/pdb-x64.pdb/" + breakpadId(program) + "/pdb-x64.sym?code_file=a%20b");
        assertThat(found(answer.headers().firstValue("location").orElseThrow())).isNotEmpty();
    }

    // ---- whose files, and how much of them

    @Test
    void files_areForWhoMayRead_andOfTheOwnOrganizationOnly() throws Exception {
        DebugFile secret = store.put(store.project("other", "app"), ELF, SymbolStore.fixture(ELF), null)
                .getFirst();
        String debug = "/buildid/" + BUILD_ID + "/debuginfo";
        String sym = "/" + ELF + "/" + breakpadId(secret) + "/" + ELF + ".sym";
        for (String key : new String[] {"file", "glob"}) {
            assertThat(metadata(key, ELF).path("results")).isEmpty();
            server.as(store.token("other", Permission.READ));
            assertThat(metadata(key, ELF).path("results")).isNotEmpty();
            server.as(null);
        }
        for (String path : new String[] {debug, sym}) {
            assertThat(get(path).statusCode()).isEqualTo(404);
            assertThat(server.as(store.token("default", Permission.READ))
                            .send("GET", path)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(server.as(store.token("other", Permission.UPLOAD))
                            .send("GET", path)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.as(store.token("other", Permission.READ))
                            .send("GET", path)
                            .statusCode())
                    .isEqualTo(200);
            server.as(null);
        }
    }

    @Test
    void conditions_saveWhatTheClientHas() throws Exception {
        byte[] bytes = SymbolStore.fixture(ELF);
        store.put(ELF);
        String path = "/buildid/" + BUILD_ID + "/debuginfo";
        HttpResponse<byte[]> head = server.send("HEAD", path);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length")).hasValue(Integer.toString(bytes.length));
        assertThat(head.headers().firstValue("accept-ranges")).hasValue("bytes");
        String tag = head.headers().firstValue("etag").orElseThrow();
        String modified = head.headers().firstValue("last-modified").orElseThrow();
        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(get(path, "If-Modified-Since", modified).statusCode()).isEqualTo(304);
        assertThat(get(path, "Range", "bytes=1-2", "If-Range", tag).statusCode())
                .isEqualTo(206);
        assertThat(get(path, "Range", "bytes=1-2", "If-Range", "\"other\"").body())
                .isEqualTo(bytes);
        for (String odd :
                new String[] {"bytes=5-2", "bytes=-", "bytes=1-2,4-5", "bytes=x-", "lines=1-2", "bytes= - "}) {
            assertThat(get(path, "Range", odd).statusCode()).as(odd).isEqualTo(200);
        }
        assertThat(get(path, "Range", "bytes=-99999999999999999999").body()).isEqualTo(bytes);
        assertThat(get(path, "Range", "bytes=99999999999999999999-").statusCode())
                .isEqualTo(416);
        assertThat(get(path, "Range", "bytes=-0").statusCode()).isEqualTo(416);
    }

    @ParameterizedTest
    @CsvSource({"macho-x86_64.dsym, ''", "macho-x86_64.dylib, .app"})
    void uuidPaths_leadToFilesOfApple(String fixture, String suffix) throws Exception {
        store.put("macho-x86_64.dylib");
        String uuid = Objects.requireNonNull(
                        store.put("macho-x86_64.dsym").getFirst().entry().debugId())
                .uuid()
                .toString()
                .replace("-", "")
                .toUpperCase(Locale.ROOT);
        String path = "/uuid/" + uuid.substring(0, 20).replaceAll("....", "$0/") + uuid.substring(20);
        assertThat(found(path + suffix)).isEqualTo(SymbolStore.fixture(fixture));
        assertThat(get(path.replace("/uuid/", "/uuid/x") + suffix).statusCode()).isEqualTo(404);
    }

    @Test
    void otherMethods_areRefusedInJson() throws Exception {
        for (String path : List.of("/app/492E2DD23CC306CA9C494EEF1533A3810/app.sym", "/upload/")) {
            HttpResponse<byte[]> answer = server.send("DELETE", path);
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).isPresent();
            assertThat(text(answer.body())).isEqualTo("{\"error\":\"Method Not Allowed (DELETE): " + path + "\"}");
        }
    }

    @Test
    void whatIsGiven_isUsed() throws Exception {
        DebugFile file = store.put(ELF).getFirst();
        String database = "jdbc:sqlite:" + folder.resolve("store/store.db");
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE debug_file SET used = 0");
        }
        server.as(store.token("default", Permission.READ));
        found("/api/0/projects/default/default/files/dsyms/?id=" + file.id());
        server.close();
        assertThat(Objects.requireNonNull(store.store().debugFiles().get(store.tenancy("default"), file.id()))
                        .used())
                .isAfter(Instant.EPOCH);
    }

    @Test
    void portablePdb_isGiven_whereItHasTheChecksumThatIsAskedFor() throws Exception {
        byte[] pdb = portablePdb((byte) 7);
        byte[] withoutId = portablePdb((byte) 0);
        DebugId id = Objects.requireNonNull(DebugId.parse("3249d99d-0c40-4931-8610-f4e4fb0b6936-1a2b3c4d"));
        Path file = store.store().blobs().newFile();
        Files.write(file, pdb);
        Digest digest = new Digest(sha256(pdb));
        store.store().keep(file, digest, "0".repeat(40), pdb.length);
        store.store()
                .debugFiles()
                .add(
                        store.project("default", "default"),
                        digest,
                        List.of(new DebugFile.Entry(
                                DebugFileKind.PORTABLEPDB, "dbg", "App.pdb", id, null, "any", Set.of("debug"))));
        String path = "/app.pdb/3249d99d0c4049318610f4e4fb0b6936ffffffff/app.pdb";
        String right = "SHA256:" + sha256(withoutId).toUpperCase(Locale.ROOT);
        assertThat(found(path, "SymbolChecksum", right)).isEqualTo(pdb);
        assertThat(found(path, "SymbolChecksum", "SHA512:00;" + right)).isEqualTo(pdb);
        assertThat(found(path, "SymbolChecksum", "MD5:00")).isEqualTo(pdb);
        assertThat(get(path, "SymbolChecksum", "SHA256:" + sha256(pdb)).statusCode())
                .isEqualTo(404);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** The head of metadata with the streams {@code #~} and {@code #Pdb}, the latter at 4,090 behind what nobody reads. */
    private static byte[] portablePdb(byte id) {
        ByteBuffer file = ByteBuffer.allocate(5000).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x424A_5342).putShort((short) 1).putShort((short) 1).putInt(0);
        file.putInt(12).put("PDB v1.0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
        file.putShort((short) 0).putShort((short) 2);
        file.putInt(100).putInt(8).put("#~\0\0".getBytes(StandardCharsets.US_ASCII));
        file.putInt(4090).putInt(32).put("#Pdb\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(file.array(), 4090, 4110, id);
        return file.array();
    }

    @Test
    void portablePdb_isFoundWithoutItsTimeStamp() throws Exception {
        DebugId id = Objects.requireNonNull(DebugId.parse("3249d99d-0c40-4931-8610-f4e4fb0b6936-1a2b3c4d"));
        DebugFile.Entry entry =
                new DebugFile.Entry(DebugFileKind.PORTABLEPDB, "dbg", "App.pdb", id, null, "any", Set.of("debug"));
        DebugFile some = store.put(ELF).getFirst();
        store.store().debugFiles().add(store.project("default", "default"), some.digest(), List.of(entry));
        assertThat(found("/app.pdb/3249d99d0c4049318610f4e4fb0b6936ffffffff/app.pdb"))
                .isEqualTo(SymbolStore.fixture(ELF));
    }
}
