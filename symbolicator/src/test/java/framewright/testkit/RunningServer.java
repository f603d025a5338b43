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
import org.jspecify.annotations.Nullable;

/** The whole server, on a port of its own. */
public final class RunningServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final App app;
    private final HttpServer http;
    private @Nullable String token;

    /** @param settings lines of the settings file, besides {@code bind} */
    public RunningServer(String... settings) {
        app = new App(new SettingsLoader(Map.of())
                .parse("bind: 127.0.0.1:0\n" + String.join("\n", settings))
                .settings());
        http = app.listen();
    }

    /** Sends this token from now on; null: none. */
    public RunningServer as(@Nullable String other) {
        token = other;
        return this;
    }

    /** Whatever comes of a request, and redirects as they are. */
    public HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
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
        HttpRequest request =
                request(path).header("Content-Type", type).POST(body).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Puts an event into the queue, which has to take it. */
    public void submit(String event) throws Exception {
        HttpResponse<String> answer = trySubmit(event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** Whatever comes of an event. */
    public HttpResponse<String> trySubmit(String event) throws Exception {
        return sendEvents("application/json", event);
    }

    /** Puts events into the queue, a line each. */
    public JsonNode submitLines(String events) throws Exception {
        HttpResponse<String> answer = sendEvents("application/x-ndjson", events);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> sendEvents(String type, String body) throws Exception {
        HttpRequest request = request("/queue/events")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The text at a path. */
    public String get(String path) throws Exception {
        HttpRequest request = request(path).header("Accept", "text/plain").build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** An address of this server. */
    public String url(String path) {
        return "http://127.0.0.1:" + http.port() + path;
    }

    @Override
    public void close() {
        app.close();
    }
}
