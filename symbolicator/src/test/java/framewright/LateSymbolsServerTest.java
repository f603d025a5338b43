package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.store.Permission;
import framewright.testkit.ArtifactServer;
import framewright.testkit.Await;
import framewright.testkit.FakeSymbolServer;
import framewright.testkit.Scripts;
import framewright.testkit.StoreServer;
import framewright.testkit.SymbolStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that hear of files late, or early. */
@Timeout(120)
class LateSymbolsServerTest {
    private static final String ELF = "elf-dwarf5.so";
    private static final String FUNCTION = "shapes::Box::measure(int) const";
    private static final String CODE_ID = "1111111111111111111111111111111111111115";
    private static final String REQUEST = "{\"modules\":[{\"type\":\"elf\",\"code_id\":\"" + CODE_ID
            + "\",\"code_file\":\"/lib/<b>,elf.so\",\"image_addr\":\"0x10000\",\"image_size\":65536}],"
            + "\"stacktraces\":[{\"frames\":[{\"instruction_addr\":\"0x113b0\"}]}]}";

    @TempDir
    Path folder;

    private StoreServer server(String more) {
        StoreServer server = new StoreServer(
                folder.resolve("store"),
                "max_file_size: 1GiB\ncache_dir: " + folder.resolve("cache") + "\nconnect_to_reserved_ips: true\n"
                        + more);
        return server.as(
                server.token(Set.of(Permission.UPLOAD, Permission.READ, Permission.SYMBOLICATE, Permission.ADMIN)));
    }

    private static void submit(StoreServer server, String id) throws Exception {
        submit(server, id, "native", REQUEST);
    }

    private static void submit(StoreServer server, String id, String kind, String request) throws Exception {
        server.json(
                202,
                "POST",
                "/queue/events",
                StoreServer.JSON.readTree("{\"version\":1,\"organization\":\"o\",\"project\":\"p\",\"event_id\":\"" + id
                        + "\",\"kind\":\"" + kind + "\",\"payload\":{\"json\":" + request + "}}"));
    }

    private static List<JsonNode> results(StoreServer server, int count) throws Exception {
        List<JsonNode> results = new ArrayList<>();
        Await.until(count + " results", () -> {
            results.clear();
            server.json(200, "GET", "/queue/results?limit=1000", null)
                    .path("results")
                    .forEach(results::add);
            return results.size() >= count;
        });
        assertThat(results).hasSize(count);
        return results;
    }

    private static String text(StoreServer server, String path) throws Exception {
        return server.send("GET", path, "text/plain", new byte[0]).body();
    }

    @Test
    void upload_bringsTheNextGeneration_ofEachEventThatWaited() throws Exception {
        try (StoreServer server = server("")) {
            submit(server, "e1");
            submit(server, "e2");
            assertThat(results(server, 2))
                    .allSatisfy(
                            result -> assertThat(result.path("status").asText()).isEqualTo("partial"));

            JsonNode missing =
                    server.json(200, "GET", "/missing?project=p", null).path("missing");
            assertThat(missing).hasSize(1);
            assertThat(missing.at("/0/id").asText()).isEqualTo(CODE_ID);
            assertThat(missing.at("/0/events").asInt()).isEqualTo(2);
            assertThat(text(server, "/missing.csv"))
                    .isEqualTo("debug_file,debug_id,code_file,code_id\r\n,,\"<b>,elf.so\"," + CODE_ID + "\r\n");
            assertThat(text(server, "/missing.html"))
                    .contains(CODE_ID)
                    .contains("/lib/&lt;b&gt;,elf.so")
                    .doesNotContain("<b>");

            server.upload(ELF, null, SymbolStore.fixture(ELF));
            List<JsonNode> all = results(server, 4);
            assertThat(all.subList(2, 4)).allSatisfy(result -> {
                assertThat(result.path("generation").asInt()).isEqualTo(2);
                assertThat(result.path("reason").asText()).isEqualTo("late");
                assertThat(result.path("status").asText()).isEqualTo("complete");
                assertThat(result.at("/answer/stacktraces/0/frames/0/function").asText())
                        .isEqualTo(FUNCTION);
            });
            assertThat(server.json(200, "GET", "/missing", null).path("missing"))
                    .isEmpty();
            String nobodys = server.token(Set.of(Permission.UPLOAD));
            assertThat(server.as(nobodys)
                            .send("GET", "/missing", "text/plain", new byte[0])
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    private static String script(String release) {
        return "{\"stacktraces\":[{\"frames\":["
                + ArtifactServer.frame("http://a.example/js/app.min.js", 1, 14)
                + ","
                + ArtifactServer.frame("http://a.example/js/other.min.js", 1, 14)
                + "]}],\"allow_scraping\":false," + release + "}";
    }

    @Test
    void bundleOfARelease_bringsTheNextGeneration_ofEventsWithoutDebugIds() throws Exception {
        try (StoreServer server = server("")) {
            submit(server, "mine", "js", script("\"release\":\"app@1.0\",\"dist\":\"7\""));
            submit(server, "another", "js", script("\"release\":\"app@1.0\""));
            submit(server, "none", "js", script("\"dist\":\"7\""));
            assertThat(results(server, 3))
                    .allSatisfy(
                            result -> assertThat(result.path("status").asText()).isEqualTo("partial"));
            JsonNode missing =
                    server.json(200, "GET", "/missing?kind=source_map", null).path("missing");
            assertThat(missing.findValuesAsText("id"))
                    .containsExactlyInAnyOrder("release:app@1.0 dist:7", "release:app@1.0");
            assertThat(missing).allSatisfy(one -> {
                assertThat(one.path("events").asInt()).isEqualTo(1);
                assertThat(one.path("name").asText()).isEqualTo("http://a.example/js/app.min.js");
            });

            ObjectNode body = StoreServer.JSON
                    .createObjectNode()
                    .put("version", "app@1.0")
                    .put("dist", "7");
            body.putArray("projects").add("p");
            server.uploadBundle(body, Scripts.bundle());
            JsonNode late = results(server, 4).getLast();
            assertThat(late.path("event_id").asText()).isEqualTo("mine");
            assertThat(late.path("generation").asInt()).isEqualTo(2);
            assertThat(late.path("reason").asText()).isEqualTo("late");
            assertThat(late.at("/answer/stacktraces/0/frames/0/function").asText())
                    .isEqualTo("original");
            // the other script is still waited for
            assertThat(server.json(200, "GET", "/missing?kind=source_map", null)
                            .path("missing")
                            .findValuesAsText("id"))
                    .contains("release:app@1.0 dist:7");
        }
    }

    @Test
    void whatRequestsLack_isListed_untilItIsUploaded() throws Exception {
        try (StoreServer server = server("")) {
            for (int i = 0; i < 3; i++) {
                server.json(200, "POST", "/symbolicate", StoreServer.JSON.readTree(REQUEST));
            }
            JsonNode[] missing = new JsonNode[1];
            Await.until("three requests", () -> {
                missing[0] = server.json(200, "GET", "/missing", null).at("/missing/0");
                return missing[0].path("events").asInt() == 3;
            });
            assertThat(missing[0].path("id").asText()).isEqualTo(CODE_ID);
            assertThat(missing[0].path("project").asText()).isEqualTo("o/");
            assertThat(missing[0].path("waiting").asInt()).isZero();
            assertThat(text(server, "/missing.csv")).contains(CODE_ID);

            server.upload(ELF, null, SymbolStore.fixture(ELF));
            assertThat(server.json(200, "GET", "/missing", null).path("missing"))
                    .isEmpty();
        }
    }

    private static JsonNode job(StoreServer server, String body) throws Exception {
        long id = server.json(202, "POST", "/jobs?project=p", StoreServer.JSON.readTree(body))
                .path("id")
                .asLong();
        return ended(server, id);
    }

    private static JsonNode ended(StoreServer server, long id) throws Exception {
        JsonNode[] last = new JsonNode[1];
        Await.until("the end of the job", () -> {
            last[0] = server.json(200, "GET", "/jobs/" + id, null);
            return !Set.of("queued", "running").contains(last[0].path("state").asText());
        });
        return last[0];
    }

    @Test
    void job_bringsWhatAnEventThenNeedNotFetch_withinItsLimit() throws Exception {
        try (FakeSymbolServer source = new FakeSymbolServer()) {
            source.put("/" + CODE_ID + "/debuginfo", SymbolStore.fixture(ELF));
            try (StoreServer server = server("sources:\n  - {id: d, type: http, url: '" + source.url("/")
                    + "', layout: {type: debuginfod}}\n")) {
                JsonNode nothing = job(server, "{\"warm\":\"ids " + CODE_ID + "\",\"max_bytes\":0}");
                assertThat(nothing.path("done").asInt()).isZero();
                assertThat(nothing.path("details").asText()).contains("max_bytes");
                assertThat(source.requests()).isEmpty();

                JsonNode job = job(server, "{\"warm\":\"ids " + CODE_ID + "\"}");
                assertThat(job.path("state").asText()).isEqualTo("done");
                assertThat(job.path("found").asInt()).isEqualTo(1);
                assertThat(job.path("bytes").asLong()).isGreaterThanOrEqualTo(SymbolStore.fixture(ELF).length);
                source.forget();

                submit(server, "e1");
                JsonNode result = results(server, 1).getFirst();
                assertThat(result.at("/answer/stacktraces/0/frames/0/function").asText())
                        .isEqualTo(FUNCTION);
                // a program that may hold sources is another file, and is not warmed
                assertThat(source.hits("/" + CODE_ID + "/debuginfo")).isZero();
                assertThat(server.json(200, "GET", "/jobs", null).path("jobs")).hasSize(2);
            }
        }
    }

    @Test
    void newest_bringsWhatCameToAFolder() throws Exception {
        Path file = folder.resolve("symbols/11").resolve(CODE_ID.substring(2)).resolve("debuginfo");
        Files.createDirectories(file.getParent());
        Files.write(file, SymbolStore.fixture(ELF));
        try (StoreServer server = server("sources:\n  - {id: f, type: filesystem, path: '" + folder.resolve("symbols")
                + "', layout: {type: unified}}\n")) {
            JsonNode job = job(server, "{\"warm\":\"newest 5\"}");
            assertThat(job.path("files").asInt()).isEqualTo(1);
            assertThat(job.path("found").asInt()).isEqualTo(1);
        }
    }

    @Test
    void deploy_andUpload_beginTheJobsOfTheirRules() throws Exception {
        String rules = """
                queue:
                  jobs:
                    - {name: deployed, on: deploy, rate: 600}
                    - {name: sent, on: upload}
                    - {name: nightly, cron: '0 3 * * *', zone: Europe/Berlin, warm: top 10}
                """;
        try (StoreServer server = server(rules)) {
            server.upload(ELF, null, SymbolStore.fixture(ELF));
            var release = StoreServer.JSON.createObjectNode().put("version", "app@1");
            release.putArray("projects").add("p");
            server.json(201, "POST", "/api/0/organizations/o/releases/", release);
            server.json(
                    201,
                    "POST",
                    "/api/0/organizations/o/releases/app@1/deploys/",
                    StoreServer.JSON.createObjectNode().put("environment", "production"));
            JsonNode jobs = server.json(200, "GET", "/jobs", null).path("jobs");
            assertThat(jobs).hasSize(2);
            assertThat(jobs.at("/0/reason").asText()).isEqualTo("rule deployed");
            assertThat(jobs.at("/0/warm").asText()).isEqualTo("release app@1");
            assertThat(jobs.at("/0/project").asText()).isEqualTo("o/p");
            assertThat(jobs.at("/1/reason").asText()).isEqualTo("rule sent");
            assertThat(jobs.at("/1/warm").asText()).startsWith("ids ").contains(CODE_ID);
            assertThat(ended(server, jobs.at("/1/id").asLong()).path("found").asInt())
                    .isPositive();
            assertThat(server.send(
                                    "POST",
                                    "/jobs",
                                    "application/json",
                                    "{\"warm\":\"everything\"}".getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
