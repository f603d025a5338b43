package framewright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.App;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A whole server with a store, and a client that sends to it as sentry-cli does: organisation o, project p. */
public final class StoreServer implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();
    public static final String DIFS = "/api/0/projects/o/p/files/difs/assemble/";
    public static final String BUNDLES = "/api/0/organizations/o/artifactbundle/assemble/";
    public static final String CHUNKS = "/api/0/organizations/o/chunk-upload/";

    /** As the server tells clients. */
    private static final int CHUNK_BYTES = 8 << 20;

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final App app;
    private final HttpServer http;
    private final Project project;
    private final Organization organization;
    private String token;

    /**
     * @param folder of the store
     * @param settings more lines of the section {@code store}
     */
    public StoreServer(Path folder, String... settings) {
        this.folder = folder;
        app = new App(new SettingsLoader(Map.of())
                .parse("bind: 127.0.0.1:0\nstore:\n  dir: " + folder + "\n  " + String.join("\n  ", settings))
                .settings());
        http = app.listen();
        organization = store().tenants().organization("o", "O");
        project = store().tenants().project(organization, "p", "P");
        token = token(Set.of(Permission.UPLOAD, Permission.READ));
    }

    /** What has arrived and was neither kept nor thrown away; the locks of running servers lie beside. */
    public List<Path> halfKept() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
        }
    }

    public Store store() {
        return Objects.requireNonNull(app.store());
    }

    public Organization organization() {
        return organization;
    }

    public Project project() {
        return project;
    }

    public String token(Set<Permission> permissions) {
        return store().tokens().create(organization, null, "test", permissions, null);
    }

    /** Where it listens, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + http.port();
    }

    /** Sends this token from now on. */
    public StoreServer as(String other) {
        token = other;
        return this;
    }

    public HttpResponse<String> send(String method, String path, String type, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The answer to a request with JSON or without a body, which has to have this status. */
    public JsonNode json(int status, String method, String path, @Nullable JsonNode body) throws Exception {
        byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
        return read(status, send(method, path, "application/json", bytes));
    }

    public static JsonNode read(int status, HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    public static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<byte[]> chunks(byte[] file) {
        return IntStream.iterate(0, from -> from < file.length, from -> from + CHUNK_BYTES)
                .mapToObj(from -> Arrays.copyOfRange(file, from, Math.min(file.length, from + CHUNK_BYTES)))
                .toList();
    }

    /** A file as the assemble call names it. */
    public static ObjectNode wanted(String name, @Nullable String debugId, byte[] file) {
        ObjectNode wanted = JSON.createObjectNode().put("name", name);
        if (debugId != null) {
            wanted.put("debug_id", debugId);
        }
        ArrayNode names = wanted.putArray("chunks");
        chunks(file).forEach(chunk -> names.add(sha1(chunk)));
        return wanted;
    }

    /** Sends chunks in one form, every second one packed. */
    public HttpResponse<String> sendChunks(List<byte[]> chunks) throws Exception {
        Form form = new Form();
        boolean packed = true;
        for (byte[] chunk : chunks) {
            form.file(packed ? "file_gzip" : "file", sha1(chunk), packed ? gzip(chunk) : chunk);
            packed = !packed;
        }
        return send("POST", CHUNKS, Form.TYPE, form.bytes());
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** What the server says of one file. */
    public JsonNode ask(String name, @Nullable String debugId, byte[] file) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.set(sha1(file), wanted(name, debugId, file));
        return json(200, "POST", DIFS, body).path(sha1(file));
    }

    /** Sends what is missing of a file, as sentry-cli does, and waits; what the server says in the end. */
    public JsonNode upload(String name, @Nullable String debugId, byte[] file) throws Exception {
        JsonNode first = ask(name, debugId, file);
        if (first.path("state").asText().equals("not_found")) {
            assertThat(sendChunks(chunks(file)).statusCode()).isEqualTo(200);
        }
        return ended(() -> ask(name, debugId, file));
    }

    /** The same for an artifact bundle. */
    public JsonNode uploadBundle(ObjectNode body, byte[] bundle) throws Exception {
        body.put("checksum", sha1(bundle));
        body.set("chunks", wanted("", null, bundle).get("chunks"));
        if (json(200, "POST", BUNDLES, body).path("state").asText().equals("not_found")) {
            assertThat(sendChunks(chunks(bundle)).statusCode()).isEqualTo(200);
        }
        return ended(() -> json(200, "POST", BUNDLES, body));
    }

    /** Asks until the answer is final. */
    public static JsonNode ended(Callable<JsonNode> question) throws Exception {
        JsonNode[] last = new JsonNode[1];
        Await.until("an end of the upload", () -> {
            last[0] = question.call();
            return !last[0].path("state").asText().equals("assembling");
        });
        return last[0];
    }

    @Override
    public void close() {
        app.close();
    }
}
