package framewright.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.debugfiles.DebugId;
import framewright.store.ArtifactBundle;
import framewright.store.Permission;
import framewright.store.Tenancy;
import framewright.testkit.Form;
import framewright.testkit.StoreServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads as sentry-cli does them, and as it never would. */
class SentryUploadTest {
    private static final String ID = "6ae25ac9-cf30-3b57-8853-e5095dd30cbd";
    private static final byte[] ELF = elf();

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

    private static byte[] elf() {
        try {
            return Files.readAllBytes(Path.of("..", "rust", "core", "tests", "fixtures", "elf-dwarf5.so"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Breakpad file of so many bytes and an id of its own. */
    private static byte[] breakpad(int number, int bytes) {
        byte[] file = new byte[bytes];
        Arrays.fill(file, (byte) '\n');
        byte[] head = "MODULE Linux x86_64 %032X0 app\nFUNC 1000 10 0 main\n"
                .formatted(number + 1)
                .getBytes(UTF_8);
        System.arraycopy(head, 0, file, 0, head.length);
        for (int at = head.length; at + 32 < bytes; at += 1 << 20) {
            byte[] line = "PUBLIC %x 0 f\n".formatted(at).getBytes(UTF_8);
            System.arraycopy(line, 0, file, at, line.length);
        }
        return file;
    }

    private String error(int status, HttpResponse<String> answer) throws IOException {
        return StoreServer.read(status, answer).path("detail").asText();
    }

    @Test
    void options_tellWhatClientsNeed() throws Exception {
        JsonNode options = server.json(200, "GET", StoreServer.CHUNKS, null);
        assertThat(options.path("url").asText()).isEqualTo(StoreServer.CHUNKS);
        assertThat(options.path("chunkSize").asInt()).isEqualTo(8 << 20);
        assertThat(options.path("hashAlgorithm").asText()).isEqualTo("sha1");
        assertThat(options.path("maxFileSize").asLong()).isGreaterThan(1L << 33);
        assertThat(options.path("accept"))
                .extracting(JsonNode::asText)
                .contains("artifact_bundles_v2", "sources", "il2cpp");
    }

    @Test
    void options_offerCompression_saveToSentryCliOfThisMachine() throws Exception {
        assertThat(compression("User-Agent", "sentry-cli/3.8.0")).isEmpty();
        assertThat(compression("User-Agent", "sentry-cli/3.8.0", "X-Forwarded-For", "10.0.0.1"))
                .hasSize(1);
        assertThat(compression("User-Agent", "framewright")).hasSize(1);
    }

    private JsonNode compression(String... headers) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + StoreServer.CHUNKS))
                .headers(headers)
                .header("Authorization", "Bearer " + server.token(Set.of(Permission.UPLOAD)))
                .build();
        return StoreServer.read(200, HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()))
                .path("compression");
    }

    /** However chunks come, and while the file is put together already. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void upload_inAnyOrder_isTheFile(int chunks) throws Exception {
        Random random = new Random(chunks);
        byte[] large = breakpad(random.nextInt(1_000_000), (chunks << 23) + 1 + random.nextInt(1000));
        List<byte[]> parts = new ArrayList<>(StoreServer.chunks(large));
        Collections.shuffle(parts, random);
        assertThat(server.ask("large", null, large).path("state").asText()).isEqualTo("not_found");
        for (byte[] part : parts) {
            server.sendChunks(List.of(part));
        }
        assertThat(StoreServer.ended(() -> server.ask("large", null, large))
                        .path("state")
                        .asText())
                .isEqualTo("ok");
        assertThat(server.halfKept()).isEmpty();
    }

    @Test
    void upload_again_isThereBeforeAnythingIsSent() throws Exception {
        server.upload("a", null, ELF);
        assertThat(server.ask("a", null, ELF).path("state").asText()).isEqualTo("ok");
    }

    @Test
    void upload_intoParts_isPutTogetherAcrossARestart() throws Exception {
        byte[] large = breakpad(1, (16 << 20) + 5);
        List<byte[]> chunks = StoreServer.chunks(large);
        assertThat(server.ask("large", null, large).path("missingChunks")).hasSize(3);
        server.sendChunks(chunks.subList(0, 2));
        server.close();
        server = new StoreServer(folder);
        JsonNode resumed = server.ask("large", null, large);
        assertThat(resumed.path("state").asText()).isEqualTo("not_found");
        assertThat(resumed.path("missingChunks"))
                .extracting(JsonNode::asText)
                .containsExactly(StoreServer.sha1(chunks.getLast()));
        assertThat(server.upload("large", null, large).path("state").asText()).isEqualTo("ok");
    }

    @Test
    void assemble_afterAllChunksAreThere_isNeverCreated() throws Exception {
        server.sendChunks(List.of(ELF));
        assertThat(server.ask("a", null, ELF).path("state").asText()).isIn("assembling", "ok");
    }

    @Test
    void assemble_withoutChunks_onlyAsks() throws Exception {
        ObjectNode body = StoreServer.JSON.createObjectNode();
        body.putObject(StoreServer.sha1(ELF)).put("name", "a").putArray("chunks");
        JsonNode answer = server.json(200, "POST", StoreServer.DIFS, body).path(StoreServer.sha1(ELF));
        assertThat(answer.path("state").asText()).isEqualTo("not_found");
        assertThat(answer.path("missingChunks")).isEmpty();
    }

    @Test
    void chunk_thatIsNotWhatItIsCalled_isRefusedAndNotKept() throws Exception {
        byte[] form = new Form()
                .file("file", StoreServer.sha1(ELF), "other".getBytes(UTF_8))
                .bytes();
        assertThat(error(400, server.send("POST", StoreServer.CHUNKS, Form.TYPE, form)))
                .contains("Checksum mismatch");
        assertThat(server.ask("a", null, ELF).path("state").asText()).isEqualTo("not_found");
        assertThat(server.halfKept()).isEmpty();
    }

    @Test
    void chunks_thatAreNone_areRefused() throws Exception {
        byte[] huge = new byte[(8 << 20) + 1];
        assertThat(error(400, server.sendChunks(List.of(huge)))).isEqualTo("Chunk size too large");
        byte[] unpackable =
                new Form().file("file_gzip", StoreServer.sha1(ELF), ELF).bytes();
        assertThat(error(400, server.send("POST", StoreServer.CHUNKS, Form.TYPE, unpackable)))
                .contains("is no gzip");
        byte[] bomb = StoreServer.gzip(new byte[200 << 20]);
        byte[] packed =
                new Form().file("file_gzip", StoreServer.sha1(bomb), bomb).bytes();
        assertThat(error(400, server.send("POST", StoreServer.CHUNKS, Form.TYPE, packed)))
                .isEqualTo("Chunk size too large");
        byte[] hostile = new Form().file("file", "../../store.db", ELF).bytes();
        assertThat(error(400, server.send("POST", StoreServer.CHUNKS, Form.TYPE, hostile)))
                .contains("must be its SHA-1");
        List<byte[]> many = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            many.add(new byte[] {(byte) i});
        }
        assertThat(error(400, server.sendChunks(many))).isEqualTo("Too many chunks");
        assertThat(server.halfKept()).isEmpty();
    }

    @Test
    void chunk_sentTwiceInOneForm_isKept() throws Exception {
        assertThat(server.sendChunks(List.of(ELF, ELF, ELF)).statusCode()).isEqualTo(200);
        assertThat(server.sendChunks(List.of()).statusCode()).isEqualTo(200);
        assertThat(server.ask("a", null, ELF).path("missingChunks")).isEmpty();
    }

    @Test
    void file_ofOtherPartsThanItSays_isRefusedAndCanBeSentAgain() throws Exception {
        byte[] other = "other".getBytes(UTF_8);
        server.sendChunks(List.of(other));
        ObjectNode body = StoreServer.JSON.createObjectNode();
        body.putObject(StoreServer.sha1(ELF))
                .put("name", "liar")
                .putArray("chunks")
                .add(StoreServer.sha1(other));
        JsonNode answer = StoreServer.ended(
                () -> server.json(200, "POST", StoreServer.DIFS, body).path(StoreServer.sha1(ELF)));
        assertThat(answer.path("state").asText()).isEqualTo("error");
        assertThat(answer.path("detail").asText()).startsWith("liar: ").contains(StoreServer.sha1(other));
        assertThat(server.upload("liar", null, ELF).path("state").asText()).isEqualTo("ok");
    }

    @Test
    void file_largerThanAllowed_isRefusedByName() throws Exception {
        server.close();
        server = new StoreServer(folder, "max_file_size: 1KiB");
        assertThat(server.json(200, "GET", StoreServer.CHUNKS, null)
                        .path("maxFileSize")
                        .asLong())
                .isEqualTo(1024);
        assertThat(server.upload("big", null, ELF).path("detail").asText()).contains("big is larger than 1024 bytes");
    }

    @Test
    void names_thatLeadElsewhere_areOnlyNames() throws Exception {
        assertThat(server.upload("../../../etc/passwd\u0000\n<b>", null, ELF)
                        .path("dif")
                        .path("objectName")
                        .asText())
                .as("no database keeps the zero")
                .isEqualTo("../../../etc/passwd\uFFFD\n<b>");
        try (var top = Files.list(folder)) {
            assertThat(top).extracting(path -> path.getFileName().toString()).doesNotContain("etc");
        }
    }

    @Test
    void upload_byManyAtOnce_isKeptOnce() throws Exception {
        byte[] large = breakpad(2, (9 << 20));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<JsonNode> upload = () -> server.upload("same", null, large);
            for (Future<JsonNode> one : clients.invokeAll(List.of(upload, upload, upload, upload))) {
                assertThat(one.get().path("state").asText()).as("%s", one.get()).isEqualTo("ok");
            }
        }
        assertThat(server.store().debugFiles().list(server.project(), "", Long.MAX_VALUE, 10))
                .hasSize(1);
        assertThat(files("blobs")).hasSize(1);
    }

    @Test
    void assemble_of20000Files_isAnswered() throws Exception {
        ObjectNode body = StoreServer.JSON.createObjectNode();
        for (int i = 0; i < 20_000; i++) {
            byte[] file = Integer.toString(i).getBytes(UTF_8);
            body.set(StoreServer.sha1(file), StoreServer.wanted("f" + i, ID, file));
        }
        JsonNode answer = server.json(200, "POST", StoreServer.DIFS, body);
        assertThat(answer).hasSize(20_000);
        assertThat(answer.path(StoreServer.sha1("7".getBytes(UTF_8))).path("missingChunks"))
                .hasSize(1);
    }

    @Test
    void requests_thatAreNone_getA400() throws Exception {
        assertThat(error(400, post(StoreServer.DIFS, "{\"abc\":{\"chunks\":[]}}")))
                .contains("not a SHA-1");
        assertThat(error(
                        400,
                        post(StoreServer.DIFS, "{\"%s\":{\"chunks\":[\"../x\"]}}".formatted(StoreServer.sha1(ELF)))))
                .contains("not a SHA-1");
        assertThat(error(400, post(StoreServer.DIFS, "{"))).contains("not JSON");
        assertThat(error(422, post(StoreServer.DIFS, "[]"))).contains("object");
        assertThat(error(400, post(StoreServer.BUNDLES, "{\"checksum\":\"%s\"}".formatted(StoreServer.sha1(ELF)))))
                .contains("projects");
        assertThat(error(
                        400,
                        post(
                                StoreServer.BUNDLES,
                                "{\"checksum\":\"%s\",\"projects\":[\"zzz\"]}".formatted(StoreServer.sha1(ELF)))))
                .contains("there is no project zzz");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return server.send("POST", path, "application/json", body.getBytes(UTF_8));
    }

    @Test
    void tokens_decide() throws Exception {
        String reader = server.token(Set.of(Permission.READ));
        assertThat(error(404, server.send("GET", "/api/0/organizations/other/chunk-upload/", "", new byte[0])))
                .contains("of the organisation o");
        assertThat(error(404, post("/api/0/projects/o/zzz/files/difs/assemble/", "{}")))
                .contains("no project zzz");
        assertThat(error(403, server.as(reader).sendChunks(List.of(new byte[7 << 20]))))
                .contains("`upload`");
        assertThat(error(401, server.as("wrong").sendChunks(List.of(new byte[7 << 20]))))
                .contains("unknown, expired");
        assertThat(files("chunks")).isEmpty();
    }

    private List<Path> files(String kind) throws IOException {
        Path of = folder.resolve(kind);
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (var files = Files.walk(of)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    // ------------------------------------------------------------ artifact bundles

    private static byte[] bundle(String manifest, Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {'S', 'Y', 'S', 'B', 2, 0, 0, 0});
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(UTF_8));
            }
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(manifest.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private ObjectNode bundleBody() {
        ObjectNode body = StoreServer.JSON.createObjectNode();
        body.putArray("projects").add("p");
        return body;
    }

    private static final String MANIFEST = """
            {"files":{
              "files/_/_/out.min.js":{"type":"minified_source","url":"~/sub/out.min.js","headers":{"debug-id":"%s"}},
              "files/_/_/out.js.map":{"type":"source_map","url":"~/sub/out.js.map","headers":{"Debug-Id":"%s"}}},
             "debug_id":"bundle-1","release":"from-manifest","dist":"9","org":"o"}""".formatted(ID, ID);

    @Test
    void bundle_isFoundByDebugIdAndByAddress() throws Exception {
        ObjectNode body = bundleBody().put("version", "1.0").put("dist", "7");
        byte[] bundle = bundle(MANIFEST, Map.of("files/_/_/out.min.js", "x"));
        assertThat(server.uploadBundle(body, bundle).path("state").asText()).isEqualTo("ok");
        Tenancy who = new Tenancy(server.organization().id(), null);
        ArtifactBundle found = server.store()
                .bundles()
                .byAddress(who, "1.0", "7", List.of("/sub/out"), 5)
                .getFirst();
        assertThat(found.bundleId()).isEqualTo("bundle-1");
        assertThat(found.files()).isEqualTo(2);
        assertThat(server.store().bundles().byDebugId(who, Objects.requireNonNull(DebugId.parse(ID)), 5))
                .containsExactly(found);
        assertThat(server.store().releases().get(server.organization(), "1.0")).isNotNull();
        assertThat(server.json(200, "POST", StoreServer.BUNDLES, body)
                        .path("state")
                        .asText())
                .isEqualTo("ok");
    }

    @Test
    void bundle_ofNoReleaseInTheRequest_isOfThatInItsManifest() throws Exception {
        byte[] bundle = bundle(MANIFEST, Map.of());
        assertThat(server.uploadBundle(bundleBody(), bundle).path("state").asText())
                .isEqualTo("ok");
        assertThat(server.store().bundles().list(server.project(), Long.MAX_VALUE, 5))
                .singleElement()
                .satisfies(
                        kept -> assertThat(kept.release() + "/" + kept.dist()).isEqualTo("from-manifest/9"));
    }

    @Test
    void bundle_thatIsNone_isRefusedWithTheReason() throws Exception {
        assertThat(refusal("no zip at all".getBytes(UTF_8))).contains("cannot be read as an artifact bundle");
        assertThat(refusal(bundle("{", Map.of()))).contains("manifest");
        byte[] cut = bundle(MANIFEST, Map.of("a", "b"));
        assertThat(refusal(Arrays.copyOf(cut, cut.length - 30))).contains("cannot be read");
        byte[] lying = cut.clone();
        lying[cut.length - 22 + 15] = 0x7F;
        assertThat(refusal(lying)).contains("its directory has");
        byte[] random = new byte[100_000];
        new Random(1).nextBytes(random);
        assertThat(refusal(random)).contains("cannot be read");
        assertThat(files("blobs")).isEmpty();
        assertThat(server.halfKept()).isEmpty();
    }

    private String refusal(byte[] bundle) throws Exception {
        JsonNode answer = server.uploadBundle(bundleBody(), bundle);
        assertThat(answer.path("state").asText()).as("%s", answer).isEqualTo("error");
        return answer.path("detail").asText();
    }

    @Test
    void bundle_of20000Files_isIndexed() throws Exception {
        StringBuilder manifest = new StringBuilder("{\"files\":{");
        for (int i = 0; i < 20_000; i++) {
            manifest.append(i == 0 ? "" : ",")
                    .append("\"f/%d\":{\"type\":\"source_map\",\"url\":\"~/a/%d.js.map\"}".formatted(i, i));
        }
        byte[] bundle = bundle(manifest.append("}}").toString(), Map.of());
        assertThat(server.uploadBundle(bundleBody().put("version", "v"), bundle)
                        .path("state")
                        .asText())
                .isEqualTo("ok");
        assertThat(server.store()
                        .bundles()
                        .byAddress(new Tenancy(server.organization().id(), null), "v", "", List.of("/a/19999"), 5))
                .hasSize(1);
    }
}
