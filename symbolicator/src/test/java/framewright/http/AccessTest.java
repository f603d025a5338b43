package framewright.http;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.store.Permission;
import framewright.testkit.StoreServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who has to show a token to symbolicate. */
@Timeout(60)
class AccessTest {
    private static final String JSON = "application/json";
    private static final String NO_STACKS = "{\"stacktraces\": [], \"modules\": []}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"auto, 200", "never, 200", "always, 401"})
    void symbolicate_onLoopback_needsATokenOnlyWhereItIsSaid(String rule, int status) throws Exception {
        try (StoreServer server = new StoreServer(folder, "max_file_size: 1GiB\nrequire_token: " + rule)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/symbolicate"))
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString(NO_STACKS))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(status);
            byte[] body = NO_STACKS.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            server.as(server.token(Set.of(Permission.SYMBOLICATE)));
            assertThat(server.send("POST", "/symbolicate", JSON, body).statusCode())
                    .isEqualTo(200);
            server.as(server.token(Set.of(Permission.UPLOAD)));
            assertThat(server.send("POST", "/symbolicate", JSON, body).statusCode())
                    .isEqualTo(403);
        }
    }
}
