package framewright.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import framewright.store.Permission;
import framewright.testkit.Form;
import framewright.testkit.StoreServer;
import framewright.testkit.TarFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads by tools that know nothing of us, and what is asked of the store without Sentry's API. */
@Timeout(120)
class PlainUploadTest {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");
    private static final String ANY = "application/octet-stream";
    private static final String SYM_ID = "492E2DD23CC306CA9C494EEF1533A3810";

    @TempDir
    private Path folder;

    /** Of smaller files the table is made before they are kept. */
    private static final int LARGE_BYTES = 9 << 20;

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

    private JsonNode put(int status, String name, byte[] body) throws Exception {
        return StoreServer.read(status, server.send("PUT", "/upload/o/p/" + name, ANY, body));
    }

    private JsonNode files() throws Exception {
        return server.json(200, "GET", "/api/v1/projects/p/files", null).path("files");
    }

    // ---------------------------------------------------------------- curl

    @Test
    void put_ofAFile_keepsItAndSaysWhatItIs() throws Exception {
        JsonNode answer = put(201, "a%20b.so", fixture("elf-dwarf5.so"));
        assertThat(answer.path("status").asText()).isEqualTo("accepted");
        JsonNode entry = answer.at("/accepted/0/entries/0");
        assertThat(entry.path("name").asText()).isEqualTo("a b.so");
        assertThat(entry.path("debug_id").asText()).isEqualTo("11111111-1111-1111-1111-111111111111");
        assertThat(entry.path("features").toString()).isEqualTo("[\"debug\",\"symtab\",\"unwind\"]");
        assertThat(files().findValuesAsText("name")).containsExactly("a b.so");
    }

    @Test
    void put_ofAPackedTar_keepsWhatIsOfUseAndNamesTheRest() throws Exception {
        byte[] tar = new TarFile()
                .file("lib/one.so", fixture("elf-dwarf5.so"))
                .file("README", "text".getBytes(UTF_8))
                .file("../up.so", fixture("elf-dwarf4.so"))
                .file("lib/two.sym.gz", StoreServer.gzip(fixture("breakpad.sym")))
                .bytes();
        JsonNode answer = put(200, "all.tar.zst", Zstd.compress(tar));
        assertThat(answer.path("status").asText()).isEqualTo("partial");
        assertThat(answer.path("accepted").findValuesAsText("kind")).containsExactly("elf", "breakpad");
        assertThat(answer.path("refused").findValuesAsText("name")).containsExactly("README", "../up.so");
        assertThat(answer.path("refused").findValuesAsText("reason").get(0)).startsWith("the first bytes belong to no");
        assertThat(server.halfKept()).isEmpty();
    }

    @Test
    void put_ofWhatIsOfNoUse_saysWhy() throws Exception {
        JsonNode answer = put(422, "page.so", "<html>".getBytes(UTF_8));
        assertThat(answer.path("detail").asText()).contains("HTML error page");
        assertThat(put(422, "a.zip", zip("a.txt", "x".getBytes(UTF_8)))
                        .path("refused")
                        .findValuesAsText("name"))
                .containsExactly("a.txt");
        assertThat(put(422, "cut.zip", Arrays.copyOf(zip("a", fixture("wasm.wasm")), 500))
                        .path("detail")
                        .asText())
                .contains("zip archive is damaged");
        assertThat(files()).isEmpty();
        assertThat(server.halfKept()).isEmpty();
    }

    @Test
    void put_ofALargeFileOfWhichNoTableCanBeMade_saysSo() throws Exception {
        byte[] large = Arrays.copyOf(fixture("elf-dwarf5.so"), LARGE_BYTES);
        byte[] unit = {5, 0, 1, 8};
        int at = 0;
        while (!Arrays.equals(large, at, at + unit.length, unit, 0, unit.length)) {
            at++;
        }
        // an entry of a kind that there is not, which nobody reads who asks about another address
        large[at + 0x92] = 0x7F;
        assertThat(put(422, "large.so", large).path("detail").asText())
                .startsWith("no lookup table can be made of it: ");
        assertThat(files()).isEmpty();
        // nor is it hidden by a better one of the same id
        put(201, "good.so", fixture("elf-dwarf5.so"));
        large[large.length - 1] = 1;
        assertThat(put(422, "other.so", large).path("detail").asText())
                .startsWith("no lookup table can be made of it: ");
        large[0] = 0;
        assertThat(put(422, "large.so?wait=false", large).path("detail").asText())
                .startsWith("the first bytes");
        assertThat(put(400, "large.so?wait=perhaps", large).toString()).contains("wait in the query");
    }

    @Test
    void put_withTheWrongToken_changesNothing() throws Exception {
        byte[] file = fixture("elf-dwarf5.so");
        server.as(server.token(Set.of(Permission.READ)));
        assertThat(put(403, "a.so", file).path("detail").asText()).contains("permission `upload`");
        server.as("nonsense");
        assertThat(put(401, "a.so", file).path("detail").asText()).contains("unknown, expired or revoked");
        server.as(server.token(Set.of(Permission.ADMIN)));
        assertThat(StoreServer.read(404, server.send("PUT", "/upload/other/p/a.so", ANY, file))
                        .path("detail")
                        .asText())
                .contains("not of other");
        assertThat(files()).isEmpty();
    }

    // ---------------------------------------------------------------- Breakpad and Tecken

    @Test
    void breakpad_inItsSecondProtocol_sendsWhatIsMissing() throws Exception {
        String status = "/v1/symbols/app/" + SYM_ID + ":checkStatus";
        assertThat(server.send("GET", status, ANY, new byte[0]).body()).isEqualTo("{\"status\": \"MISSING\"}");
        String created = server.send("POST", "/v1/uploads:create", "application/x-www-form-urlencoded", new byte[0])
                .body();
        assertThat(created).matches("\\{\"uploadUrl\": \"http://127[^\"]*\", \"uploadKey\": \"[0-9a-f]+\"}");
        String address = StoreServer.JSON.readTree(created).path("uploadUrl").asText();
        String path = URI.create(address).getPath();
        assertThat(server.send("POST", path + ":complete", "application/son", "{x: 1}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(409);
        // in chunks, and without a token: the address is the right to send
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .PUT(HttpRequest.BodyPublishers.ofFile(FIXTURES.resolve("breakpad.sym")))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send("POST", path + ":complete", "application/son", "{x: 1}".getBytes(UTF_8))
                        .body())
                .isEqualTo("{\"result\": \"OK\"}");
        assertThat(server.send("GET", status, ANY, new byte[0]).body()).isEqualTo("{\"status\": \"FOUND\"}");
        assertThat(files().findValuesAsText("name")).containsExactly("app.sym");
        assertThat(server.send("PUT", path, ANY, new byte[0]).statusCode()).isEqualTo(404);
    }

    @Test
    void breakpad_sendsToAnotherNodeThanItHasAsked() throws Exception {
        String created =
                server.send("POST", "/v1/uploads:create", ANY, new byte[0]).body();
        String key = StoreServer.JSON.readTree(created).path("uploadKey").asText();
        try (StoreServer other = new StoreServer(folder)) {
            assertThat(other.send("PUT", "/v1/uploads/" + key, ANY, fixture("breakpad.sym"))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(server.send("POST", "/v1/uploads/" + key + ":complete", ANY, new byte[0])
                        .statusCode())
                .isEqualTo(200);
        assertThat(files()).hasSize(1);
    }

    @Test
    void breakpad_inItsFirstProtocol_sendsAForm() throws Exception {
        Form form = new Form().field("cpu", "x86_64").file("symbol_file", fixture("breakpad.sym"));
        assertThat(server.send("POST", "/upload-v1", Form.TYPE, form.bytes()).statusCode())
                .isEqualTo(200);
        assertThat(files()).hasSize(1);
        Form broken = new Form().file("symbol_file", "nothing".getBytes(UTF_8));
        assertThat(server.send("POST", "/upload-v1", Form.TYPE, broken.bytes()).statusCode())
                .isEqualTo(422);
    }

    @Test
    void tecken_takesAZipAndAnswersInItsWords() throws Exception {
        byte[] zip =
                zip("app.pdb/" + SYM_ID + "/app.sym", fixture("breakpad.sym"), "app-symbols.txt", "x".getBytes(UTF_8));
        String token = server.token(EnumSet.of(Permission.UPLOAD)) + "-a-label";
        HttpResponse<String> answer = tecken(token, new Form().file("x.zip", zip));
        assertThat(StoreServer.read(201, answer).at("/upload/files/0").asText()).endsWith("/app.sym");
        assertThat(files().findValuesAsText("name")).containsExactly("app.sym");
        JsonNode refused =
                StoreServer.read(400, tecken(token, new Form().file("x.zip", zip("a/b", new byte[] {1, 2}))));
        assertThat(refused.path("error").asText()).startsWith("Unrecognized file pattern. a/b: ");
        assertThat(StoreServer.read(400, tecken(token, new Form().file("x.rar", zip)))
                        .path("error")
                        .asText())
                .isEqualTo("Unrecognized archive file extension \".dmp\"");
        assertThat(StoreServer.read(403, tecken("K-x", new Form().file("x.zip", zip)))
                        .path("error")
                        .asText())
                .contains("unknown, expired or revoked");
    }

    private HttpResponse<String> tecken(String token, Form form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/upload/"))
                .header("Auth-Token", token)
                .header("Content-Type", Form.TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return out.toByteArray();
    }

    // ---------------------------------------------------------------- /api/v1

    @Test
    void api_tokens_areMadeListedAndRevoked() throws Exception {
        server.as(server.token(Set.of(Permission.ADMIN)));
        JsonNode asked = StoreServer.JSON.readTree(
                "{\"name\": \"ci\", \"permissions\": [\"upload\"], \"project\": \"p\", \"expires_in_days\": 1}");
        String made =
                server.json(201, "POST", "/api/v1/tokens", asked).path("token").asText();
        JsonNode listed =
                server.json(200, "GET", "/api/v1/tokens", null).path("tokens").path(2);
        assertThat(listed.path("name").asText()).isEqualTo("ci");
        assertThat(listed.path("project").asText()).isEqualTo("p");
        assertThat(listed.toString()).doesNotContain(made);
        String all = server.token(Set.of(Permission.ADMIN));
        server.as(made);
        put(201, "a.so", fixture("elf-dwarf5.so"));
        server.as(all).json(204, "DELETE", "/api/v1/tokens/" + listed.path("id").asLong(), null);
        server.as(made);
        put(401, "a.so", fixture("elf-dwarf5.so"));
        server.as(all);
        assertThat(server.json(200, "GET", "/api/v1/audit", null)
                        .path("changes")
                        .findValuesAsText("action"))
                .containsExactly("token.revoke", "token.create");
        assertThat(server.json(
                                422,
                                "POST",
                                "/api/v1/tokens",
                                StoreServer.JSON.readTree("{\"name\": \"x\", \"permissions\": [\"everything\"]}"))
                        .path("detail")
                        .asText())
                .contains("must be upload, read, symbolicate or admin");
    }

    @Test
    void api_ofATokenForOneProject_isNotTheOrganisations() throws Exception {
        String own = server.store()
                .tokens()
                .create(server.organization(), server.project(), "one", Set.of(Permission.ADMIN), null);
        server.as(own);
        assertThat(server.json(403, "GET", "/api/v1/tokens", null)
                        .path("detail")
                        .asText())
                .contains("good for the project p alone");
    }

    @Test
    void api_projectsAndFiles_areMadeAndDeleted() throws Exception {
        server.as(server.token(Set.of(Permission.ADMIN)));
        server.json(201, "POST", "/api/v1/projects", StoreServer.JSON.readTree("{\"name\": \"Android\"}"));
        server.json(400, "POST", "/api/v1/projects", StoreServer.JSON.readTree("{\"name\": \"../x\"}"));
        assertThat(server.json(200, "GET", "/api/v1/projects", null).findValuesAsText("slug"))
                .containsExactly("android", "p");
        put(201, "a.so", fixture("elf-dwarf5.so"));
        String file = "/api/v1/projects/p/files/" + files().at("/0/id").asLong();
        server.json(204, "DELETE", file, null);
        assertThat(files()).isEmpty();
        assertThat(server.json(404, "DELETE", file, null).path("detail").asText())
                .contains("framewright ls");
    }
}
