package framewright;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.config.SettingsLoader;
import framewright.config.StoreSettings;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.testkit.Await;
import framewright.testkit.Program;
import framewright.testkit.RunningServer;
import framewright.testkit.Scripts;
import framewright.testkit.StoreServers;
import framewright.testkit.SymbolStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that resolve with what was uploaded to their store. */
@Timeout(60)
class StoreSourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELF = "elf-dwarf5.so";
    private static final String FUNCTION = "shapes::Box::measure(int) const";
    private static final String MAPPING_ID = "00000000-1111-2222-3333-444444444444";

    @TempDir
    Path folder;

    private SymbolStore store;

    @BeforeEach
    void open() {
        store = new SymbolStore(folder.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RunningServer server(String name) {
        return new RunningServer("cache_dir: " + folder.resolve(name), "store: {dir: " + folder.resolve("store") + "}");
    }

    private static JsonNode ask(RunningServer server, String more) throws Exception {
        return server.post("/symbolicate", """
                {"modules":[{"type":"elf","code_id":"1111111111111111111111111111111111111115",
                  "image_addr":"0x10000","image_size":65536}],
                 "stacktraces":[{"frames":[{"instruction_addr":"0x113b0"}]}],
                 "options":{"dif_candidates":true,"causes":true}%s}""".formatted(more));
    }

    private static String function(JsonNode answer) {
        return answer.at("/stacktraces/0/frames/0/function").asText();
    }

    private static List<JsonNode> candidates(JsonNode answer) {
        return List.copyOf(JSON.convertValue(
                answer.at("/modules/0/candidates"),
                JSON.getTypeFactory().constructCollectionType(List.class, JsonNode.class)));
    }

    @Test
    void file_isUsableAtEveryNode_soonAfterItsUpload_whateverWasMissingBefore() throws Exception {
        try (RunningServer one = server("one");
                RunningServer two = server("two")) {
            assertThat(function(ask(one, ""))).isEmpty();
            assertThat(function(ask(two, ""))).isEmpty();
            DebugFile file = store.put(ELF).getFirst();
            for (RunningServer server : List.of(two, one)) {
                Await.until("it is usable", () -> function(ask(server, "")).equals(FUNCTION));
            }
            JsonNode candidate = candidates(ask(one, "")).getFirst();
            assertThat(candidate.path("source").asText()).isEqualTo("store");
            assertThat(candidate.path("location").asText()).isEqualTo("store://default/" + file.id() + "/" + ELF);
        }
    }

    @Test
    void fileInABucket_isReadFromTheBucketItself() throws Exception {
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("bucket"));
        try (Program bucket = StoreServers.versitygw(folder, root)) {
            String settings = "store: {dir: " + folder.resolve("beside") + ", s3: {bucket: bucket, region: us-east-1,"
                    + " path_style: true, endpoint: \"" + bucket.url("") + "\", access_key: " + StoreServers.ACCESS_KEY
                    + ", secret_key: " + StoreServers.SECRET_KEY + "}}";
            StoreSettings parsed =
                    new SettingsLoader(Map.of()).parse(settings).settings().store();
            try (SymbolStore node = new SymbolStore(Objects.requireNonNull(parsed));
                    RunningServer server = new RunningServer(
                            "cache_dir: " + folder.resolve("of-bucket"), "connect_to_reserved_ips: true", settings)) {
                node.put(ELF);
                Await.until("it is usable", () -> function(ask(server, "")).equals(FUNCTION));
            }
        }
    }

    @Test
    void filesOfOneId_areAllCandidates_andTheBestIsUsed() throws Exception {
        store.put("elf-stripped.so");
        store.put("elf-symbols-only.so");
        store.put(ELF);
        store.put("elf-debug-only.debug");
        try (RunningServer server = server("one")) {
            JsonNode answer = ask(server, "");
            assertThat(function(answer)).isEqualTo(FUNCTION);
            assertThat(candidates(answer)).hasSize(4);
        }
    }

    @Test
    void request_seesTheFilesOfItsOwnOrganizationOnly() throws Exception {
        store.put(store.project("mine", "app"), ELF, SymbolStore.fixture(ELF), null);
        String mine = store.token("mine", Permission.SYMBOLICATE);
        String theirs = store.token("theirs", Permission.SYMBOLICATE);
        try (RunningServer server = server("one")) {
            assertThat(function(ask(server.as(mine), ""))).isEqualTo(FUNCTION);
            assertThat(function(ask(server.as(theirs), ""))).isEmpty();
            assertThat(function(ask(server.as(null), ""))).isEmpty();
            String named = ",\"sources\":[{\"type\":\"store\",\"organization\":\"%s\",\"project\":\"%s\"}]";
            assertThat(function(ask(server.as(mine), named.formatted("MINE", "app"))))
                    .isEqualTo(FUNCTION);
            JsonNode refused = ask(server.as(theirs), named.formatted("mine", "app"));
            assertThat(function(refused)).isEmpty();
            assertThat(candidates(refused).getFirst().at("/download/details").asText())
                    .isEqualTo("organization is mine, and whoever asks is of the organisation theirs");
            JsonNode unknown = ask(server.as(mine), named.formatted("mine", "nothing"));
            assertThat(candidates(unknown).getFirst().at("/download/details").asText())
                    .isEqualTo("there is no project nothing in the organisation mine");
        }
    }

    @Test
    void settings_mayLendAnOrganizationToAll() throws Exception {
        store.put(store.project("system", "libraries"), ELF, SymbolStore.fixture(ELF), null);
        String theirs = store.token("theirs", Permission.SYMBOLICATE);
        try (RunningServer server = new RunningServer(
                "store: {dir: " + folder.resolve("store") + "}",
                "sources: [{type: store, id: system, organization: system}]")) {
            assertThat(function(ask(server.as(theirs), ""))).isEqualTo(FUNCTION);
        }
    }

    @Test
    void sameContentOfTwoOrganizations_isConvertedOnce() throws Exception {
        for (String organization : List.of("one", "two")) {
            store.put(store.project(organization, "app"), organization + ".so", SymbolStore.fixture(ELF), null);
        }
        try (RunningServer server = server("cache")) {
            for (String organization : List.of("one", "two")) {
                JsonNode answer = ask(server.as(store.token(organization, Permission.SYMBOLICATE)), "");
                assertThat(function(answer)).isEqualTo(FUNCTION);
                assertThat(candidates(answer).getFirst().path("location").asText())
                        .startsWith("store://" + organization + "/")
                        .endsWith("/" + organization + ".so");
            }
            assertThat(server.as(null).get("/metrics")).contains("framewright_cache_entries{cache=\"tables\"} 1\n");
        }
    }

    @Test
    void jvmTraces_useMappingsOfTheStore() throws Exception {
        byte[] mapping = """
                shop.Till -> a.a:
                    1:2:void sell(int):3:4 -> b
                """.getBytes(UTF_8);
        store.put(store.project("default", "default"), "mapping.txt", mapping, DebugId.parse(MAPPING_ID));
        try (RunningServer server = server("one")) {
            JsonNode answer = server.post("/symbolicate-jvm", """
                    {"modules":[{"type":"proguard","uuid":"%s"}],
                     "stacktraces":[{"frames":[{"module":"a.a","function":"b","lineno":1,"index":0}]}]}""".formatted(MAPPING_ID));
            JsonNode frame = answer.at("/stacktraces/0/frames/0");
            assertThat(frame.path("module").asText()).isEqualTo("shop.Till");
            assertThat(frame.path("function").asText()).isEqualTo("sell");
            assertThat(frame.path("lineno").asInt()).isEqualTo(3);
        }
    }

    /** @param fields of the request, besides its stack trace */
    private static JsonNode trace(RunningServer server, String fields) throws Exception {
        return server.post("/symbolicate-jvm", """
                {"stacktraces":[{"frames":[{"module":"a.a","function":"b","lineno":1,"index":0,
                  "filename":"r8-map-id-1234567"}]}],%s}""".formatted(fields));
    }

    private void putMapping(Project project, String type, String id, String release) throws Exception {
        byte[] mapping = (type + " -> a.a:\n    1:2:void sell(int):3:4 -> b\n").getBytes(UTF_8);
        DebugId uuid = Objects.requireNonNull(DebugId.parse(id));
        store.put(project, "mapping.txt", mapping, uuid);
        assertThat(store.store().releases().builtWith(project, release, uuid)).isTrue();
    }

    private static String module(JsonNode answer) {
        return answer.at("/stacktraces/0/frames/0/module").asText();
    }

    @Test
    void jvmTraceThatNamesNoMappingThatIsThere_usesThatOfItsRelease_andSaysSo() throws Exception {
        Project project = store.project("default", "default");
        String newer = "00000000-1111-2222-3333-555555555555";
        String elsewhere = "00000000-1111-2222-3333-666666666666";
        putMapping(project, "shop.Old", MAPPING_ID, "shop@1.0_+3");
        long registered = System.currentTimeMillis();
        Await.until("a later time", () -> System.currentTimeMillis() > registered);
        putMapping(project, "shop.New", newer, "shop@1.0_+4");
        putMapping(store.project("other", "app"), "shop.Other", elsewhere, "shop@2.0+1");
        String missing = "\"modules\":[{\"type\":\"proguard\",\"uuid\":\"00000000-0000-0000-0000-000000000001\"}],";
        try (RunningServer server = server("one")) {
            JsonNode answer = trace(server, missing + "\"release\":\"shop@1.0_+3\"");
            assertThat(module(answer)).isEqualTo("shop.Old");
            assertThat(answer.at("/errors/0/type").asText()).isEqualTo("missing");
            JsonNode told = answer.at("/modules/1");
            assertThat(told.path("debug_id").asText()).isEqualTo(MAPPING_ID);
            assertThat(told.at("/cause/code").asText()).isEqualTo("mapping_by_release");
            assertThat(told.at("/cause/message").asText()).contains("store://default/", "shop@1.0_+3");
            assertThat(told.at("/cause/remedy").asText()).contains("uuid");

            assertThat(module(trace(server, "\"release_package\":\"shop\",\"release\":\"1.0_\"")))
                    .as("the newest of a version, for a request without modules")
                    .isEqualTo("shop.New");
            for (String none : List.of("shop@1.0", "shop@1.0__", "shop@2.0+1", "1.0_+3", "")) {
                assertThat(module(trace(server, "\"release\":\"" + none + "\"")))
                        .as(none)
                        .isEqualTo("a.a");
            }
            String there = "\"modules\":[{\"type\":\"proguard\",\"uuid\":\"" + newer + "\"}],";
            JsonNode named = trace(server, there + "\"release\":\"shop@1.0_+3\"");
            assertThat(module(named)).as("what the event names counts").isEqualTo("shop.New");
            assertThat(named.has("modules")).isFalse();
        }
    }

    @Test
    void mappingOfTheRelease_isNotUsedForTracesOfAnother() throws Exception {
        Project project = store.project("default", "default");
        byte[] mapping = "# pg_map_id: 7654321\nshop.Till -> a.a:\n    1:2:void sell(int):3:4 -> b\n".getBytes(UTF_8);
        DebugId uuid = Objects.requireNonNull(DebugId.parse(MAPPING_ID));
        store.put(project, "mapping.txt", mapping, uuid);
        store.store().releases().builtWith(project, "shop@1.0+3", uuid);
        try (RunningServer server = server("one")) {
            assertThat(module(trace(server, "\"release\":\"shop@1.0+3\""))).isEqualTo("a.a");
        }
    }

    @Test
    void scripts_areFoundByDebugId_andByReleaseAndDist() throws Exception {
        store.putBundle(store.project("default", "default"), Scripts.bundle(), "1.0", "7");
        try (RunningServer server = server("one")) {
            assertThat(Scripts.function(server, Scripts.BY_ID)).isEqualTo("original");
            assertThat(Scripts.function(server, "\"release\":\"1.0\",\"dist\":\"7\""))
                    .isEqualTo("original");
            assertThat(Scripts.function(server, "\"release\":\"1.0\"")).isNotEqualTo("original");
        }
    }
}
