package framewright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.App;
import framewright.config.SettingsLoader;
import framewright.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** The whole server, on a port of its own. */
public final class RunningServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final App app;
    private final HttpServer http;

    /** @param settings lines of the settings file, besides {@code bind} */
    public RunningServer(String... settings) {
        app = new App(new SettingsLoader(Map.of())
                .parse("bind: 127.0.0.1:0\n" + String.join("\n", settings))
                .settings());
        http = app.listen();
    }

    /** The answer to a POST of JSON, which has to be 200. */
    public JsonNode post(String path, String body) throws Exception {
        return post(path, "application/json", HttpRequest.BodyPublishers.ofString(body));
    }

    /** The answer to a POST of a form, which has to be 200. */
    public JsonNode post(String path, Form form) throws Exception {
        return post(path, Form.TYPE, HttpRequest.BodyPublishers.ofByteArray(form.bytes()));
    }

    private JsonNode post(String path, String type, HttpRequest.BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(body)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** The text at a path. */
    public String get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri(path)).header("Accept", "text/plain").build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.port() + path);
    }

    @Override
    public void close() {
        app.close();
    }
}
