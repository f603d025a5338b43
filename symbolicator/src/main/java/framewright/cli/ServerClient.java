package framewright.cli;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.config.SettingsLoader;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import framewright.telemetry.Version;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running server, which the person who runs the command names. */
final class ServerClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MAX_ANSWER = 256 << 20;

    private final WebUrl base;
    private final @Nullable String token;
    private final Fetcher fetcher;

    /** @param token sent as a bearer token; null: none */
    ServerClient(String url, @Nullable String token, InstantSource clock) {
        WebUrl parsed = WebUrl.parse(url);
        if (parsed == null) {
            throw new UsageException(url + " is no http or https address");
        }
        this.base = parsed;
        this.token = token;
        this.fetcher = new Fetcher(
                new SettingsLoader(Map.of()).parse("sources: []").settings().fetch(),
                clock,
                "framewright/" + Version.text());
    }

    Outcome<byte[]> get(String path) throws InterruptedException {
        return send(path, null);
    }

    /** @param form as {@code application/x-www-form-urlencoded} */
    Outcome<byte[]> post(String path, String form) throws InterruptedException {
        return send(path, form);
    }

    private Outcome<byte[]> send(String path, @Nullable String form) throws InterruptedException {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        WebUrl url = base.resolve(path);
        if (url == null) {
            throw new UsageException(base + " is no address of a server");
        }
        Outcome<WebRequest> request = Outcome.found(new WebRequest(url, headers, form));
        Web file = new Web("server", url.toString(), url.toString(), () -> request, Trust.TRUSTED, false, false);
        return switch (fetcher.fetchAnswer(file, MAX_ANSWER, LIMIT)) {
            case Found<Fetcher.Answer>(Fetcher.Answer answer) -> Outcome.found(answer.body());
            case Failed<Fetcher.Answer>(Failure failure) -> Outcome.failed(failure);
        };
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
