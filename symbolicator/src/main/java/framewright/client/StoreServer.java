package framewright.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.fetch.StoreClient;
import framewright.fetch.StoreClient.Body;
import framewright.fetch.StoreClient.Patience;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks a server that keeps symbols. */
public final class StoreServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TYPE = "application/json";

    /** What a server that is busy or being replaced answers; the next one may be well. */
    private static final Set<Integer> PASSING = Set.of(502, 503, 504, 507, 524);

    private static final int TRIES = 5;
    private static final long FIRST_PAUSE_MILLIS = 1000;

    private static final int MAX_ANSWER = 256 << 20;

    private final Account account;
    private final WebUrl base;
    private final StoreClient client;

    private record Answer(int status, String body) {}

    /** @throws IOException the address is none */
    public StoreServer(Account account, String userAgent) throws IOException {
        WebUrl parsed = WebUrl.parse(account.url());
        if (parsed == null) {
            throw new IOException(account.url() + " is no http or https address");
        }
        this.account = account;
        this.base = parsed;
        this.client = new StoreClient(Transport.DIRECT, false, userAgent, Patience.LONG);
    }

    public Account account() {
        return account;
    }

    /** One part of a path, so that no slug leads elsewhere. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path of Sentry's API below the organisation, which has to end in a slash. */
    public String organizationPath(String rest) {
        return "/api/0/organizations/" + segment(account.organization()) + "/" + rest;
    }

    /** A path of Sentry's API below the project, which has to end in a slash. */
    public String projectPath(String rest) {
        return "/api/0/projects/" + segment(account.organization()) + "/" + segment(account.project()) + "/" + rest;
    }

    /** @param path with its parts encoded, from the server's address on */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return json(send("GET", url(path), TYPE, null));
    }

    /** What is no JSON. */
    public String text(String path) throws IOException, InterruptedException {
        return send("GET", url(path), TYPE, null);
    }

    public JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        return json(send("POST", url(path), TYPE, Body.of(JSON.writeValueAsBytes(body))));
    }

    public void delete(String path) throws IOException, InterruptedException {
        send("DELETE", url(path), TYPE, null);
    }

    /** @param reference an address, or a path of this server, as the server has given it */
    void postForm(String reference, String type, Body body) throws IOException, InterruptedException {
        WebUrl target = base.resolve(reference);
        if (target == null) {
            throw new IOException(base + " wants chunks to be sent to " + reference + ", which is no address");
        }
        send("POST", target, type, body);
    }

    private WebUrl url(String path) throws IOException {
        String prefix = base.withoutQuery().toString();
        WebUrl url = WebUrl.parse(prefix.substring(0, prefix.length() - (prefix.endsWith("/") ? 1 : 0)) + path);
        if (url == null) {
            throw new IOException(base + path + " is no address");
        }
        return url;
    }

    private String send(String method, WebUrl url, String type, @Nullable Body body)
            throws IOException, InterruptedException {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("Accept", TYPE);
        if (body != null) {
            headers.put("Content-Type", type);
        }
        if (account.token() != null && base.mayShareSecretsWith(url)) {
            headers.put("Authorization", "Bearer " + account.token());
        }
        StoreClient.Call call = new StoreClient.Call(method, url, headers);
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; ; attempt++) {
            Answer answer = once(call, body);
            if (answer.status < 300) {
                return answer.body;
            }
            if (attempt == TRIES || !PASSING.contains(answer.status)) {
                throw new IOException(refusal(answer));
            }
            Thread.sleep(pause);
            pause += pause / 2;
        }
    }

    private Answer once(StoreClient.Call call, @Nullable Body body) throws IOException, InterruptedException {
        Outcome<Answer> outcome = client.send(call, body, (status, in) -> new Answer(status, read(in)));
        return switch (outcome) {
            case Found<Answer>(Answer answer) -> answer;
            case Failed<Answer>(Failure failure) ->
                throw new IOException("the server " + base + " does not answer: " + failure.describe()
                        + ". `framewright serve` starts one here; --url or FRAMEWRIGHT_URL names another.");
        };
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
    }

    private JsonNode json(String body) throws IOException {
        try {
            return body.isEmpty() ? JSON.nullNode() : JSON.readTree(body);
        } catch (IOException e) {
            throw new IOException(
                    base + " answers with something that is no JSON; is it a server that keeps symbols?", e);
        }
    }

    private String refusal(Answer answer) {
        String detail = detail(answer.body);
        String said = base + " says: " + (detail.isEmpty() ? "HTTP status " + answer.status : detail);
        return switch (answer.status) {
            case 401 ->
                said + ". Give a token with --token or FRAMEWRIGHT_TOKEN; the server printed one at its first start.";
            case 404 ->
                detail.isEmpty()
                        ? said + ". Is there an organisation " + account.organization() + " with a project "
                                + account.project() + ", and is this a server with a store?"
                        : said;
            default -> said;
        };
    }

    private static String detail(String body) {
        try {
            JsonNode node = JSON.readTree(body);
            String text = node == null
                    ? ""
                    : node.path("detail").asText(node.path("error").asText(""));
            // a sentence is ended by whoever adds one
            return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
