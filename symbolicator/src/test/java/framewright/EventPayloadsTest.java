package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.testkit.Await;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Program;
import framewright.testkit.RunningServer;
import framewright.testkit.StoreServers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Payloads that are not in their events. */
@Timeout(120)
class EventPayloadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] REQUEST =
            "{\"exceptions\":[],\"stacktraces\":[],\"modules\":[]}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private RunningServer server(String queue) {
        return new RunningServer(
                "cache_dir: " + folder.resolve("cache"),
                "connect_to_reserved_ips: true",
                "store: {dir: " + folder.resolve("store") + "}",
                "queue: " + queue);
    }

    /** What each of these ends with, by its address. */
    private static Map<String, JsonNode> resolve(RunningServer server, List<String> urls) throws Exception {
        for (int i = 0; i < urls.size(); i++) {
            server.submit("{\"version\":1,\"event_id\":\"" + i + "\",\"kind\":\"jvm\",\"payload\":{\"url\":"
                    + JSON.writeValueAsString(urls.get(i)) + "}}");
        }
        Map<String, JsonNode> results = new HashMap<>();
        Await.until(urls.size() + " results", () -> {
            JSON.readTree(server.get("/queue/results?wait=5&limit=1000"))
                    .path("results")
                    .forEach(result ->
                            results.put(urls.get(result.path("event_id").asInt()), result));
            return results.size() == urls.size();
        });
        return results;
    }

    private static String status(JsonNode result) {
        return result.path("status").asText();
    }

    private static void assertFailed(JsonNode result, String cause) {
        assertThat(result.toString()).contains("\"status\":\"failed\"", cause);
    }

    private static Path file(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.write(file, REQUEST);
    }

    @Test
    void object_isFoundInTheBucketsOfTheSettings_belowTheirPrefix() throws Exception {
        Path root = folder.resolve("s3");
        file(root.resolve("crashes/in/2026/a.json"));
        file(root.resolve("crashes/private/b.json"));
        file(root.resolve("crashes/in-other/c.json"));
        file(root.resolve("others/in/d.json"));
        String found = "s3://crashes/in/2026/a.json";
        String vanished = "s3://crashes/in/2026/gone.json";
        List<String> refused = List.of(
                "s3://crashes/private/b.json",
                "s3://crashes/in-other/c.json",
                "s3://others/in/d.json",
                "s3://crashes/in/../private/b.json",
                "s3://crashes/in//2026/a.json",
                "gs://crashes/in/2026/a.json");
        try (Program storage = StoreServers.versitygw(folder, root);
                RunningServer server =
                        server("""
                        {buckets: [{type: s3, id: crashes, bucket: crashes, prefix: in, region: us-east-1,
                          endpoint: "%s", access_key: %s, secret_key: %s}]}""".formatted(storage.url(""), StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY)
                                .replace("\n", " "))) {
            List<String> all = new ArrayList<>(refused);
            all.addAll(List.of(found, vanished));
            Map<String, JsonNode> results = resolve(server, all);
            assertThat(status(results.get(found))).isEqualTo("complete");
            assertFailed(results.get(vanished), "not_found");
            assertThat(refused).allSatisfy(url -> assertFailed(results.get(url), "forbidden"));
            assertThat(results.toString()).doesNotContain(StoreServers.SECRET_KEY, "X-Amz-Signature");
        }
    }

    @Test
    void file_isFoundInTheFolderOfTheSettings_andNowhereElse() throws Exception {
        Path inside = file(folder.resolve("in/a.json"));
        Path outside = file(folder.resolve("out/b.json"));
        Path link = Files.createSymbolicLink(folder.resolve("in/link.json"), outside);
        String found = inside.toUri().toString();
        String gone = folder.resolve("in/gone.json").toUri().toString();
        List<String> refused = List.of(outside.toUri().toString(), link.toUri().toString(), "file:///etc/passwd");
        try (RunningServer server = server("{files: " + folder.resolve("in") + "}")) {
            List<String> all = new ArrayList<>(refused);
            all.addAll(List.of(found, gone));
            Map<String, JsonNode> results = resolve(server, all);
            assertThat(status(results.get(found))).isEqualTo("complete");
            assertFailed(results.get(gone), "not_found");
            assertThat(refused).allSatisfy(url -> assertFailed(results.get(url), "forbidden"));
        }
    }

    @Test
    void withoutSettings_neitherFilesNorObjectsAreRead_butTheWebIs() throws Exception {
        Path file = file(folder.resolve("in/a.json"));
        try (FakeSymbolServer web = new FakeSymbolServer();
                RunningServer server = server("{}")) {
            web.put("/a.json", REQUEST);
            String found = web.url("/a.json");
            String gone = web.url("/gone.json");
            List<String> refused = List.of(file.toUri().toString(), "s3://crashes/a.json");
            Map<String, JsonNode> results =
                    resolve(server, List.of(found, gone, refused.getFirst(), refused.getLast()));
            assertThat(status(results.get(found))).isEqualTo("complete");
            assertFailed(results.get(gone), "not_found");
            assertThat(refused).allSatisfy(url -> assertFailed(results.get(url), "forbidden"));
        }
    }
}
