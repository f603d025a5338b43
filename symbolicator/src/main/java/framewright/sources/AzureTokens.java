package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig.AzureCredentials.ManagedIdentity;
import framewright.api.UpstreamAnswers;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Access tokens for Azure Storage of the machine's own identity, from the metadata service that each machine has. */
final class AzureTokens {
    private static final String RESOURCE = "https://storage.azure.com/";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A token is not used this shortly before its end. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private static final int MAX_BYTES = 64 << 10;
    private static final long MAX_KEPT = 1 << 20;

    private final Fetcher fetcher;
    private final WebUrl service;
    private final MemoryCache<ManagedIdentity, Outcome<String>> tokens;

    /** @param service the metadata service's address for tokens */
    AzureTokens(Fetcher fetcher, InstantSource clock, WebUrl service) {
        this.fetcher = fetcher;
        this.service = service;
        this.tokens = new MemoryCache<>(MAX_KEPT, (identity, token) -> 4096, clock);
    }

    Outcome<String> token(ManagedIdentity identity) throws InterruptedException {
        return tokens.getOrMake(identity, () -> ask(identity));
    }

    private Timed<Outcome<String>> ask(ManagedIdentity identity) throws InterruptedException {
        WebUrl asked = service.withParameter("api-version", "2018-02-01").withParameter("resource", RESOURCE);
        WebUrl url = identity.clientId() == null ? asked : asked.withParameter("client_id", identity.clientId());
        Web request = new Web(
                "",
                url.toString(),
                url.toString(),
                () -> Outcome.found(WebRequest.get(url, Map.of("Metadata", "true"))),
                Trust.TRUSTED,
                false,
                false);
        return switch (fetcher.fetchAnswer(request, MAX_BYTES, LIMIT)) {
            case Found<Answer>(Answer answer) -> {
                String token = UpstreamAnswers.accessToken(answer.body());
                yield token == null
                        ? new Timed<>(Outcome.failed(new Unreachable("the answer holds no token")), Duration.ZERO)
                        : new Timed<>(Outcome.found(token), kept(answer));
            }
            case Failed<Answer>(Failure failure) ->
                new Timed<>(
                        Outcome.failed(new Unreachable("cannot get a token: " + failure.describe())), Duration.ZERO);
        };
    }

    private static Duration kept(Answer answer) {
        Duration kept = UpstreamAnswers.expiresIn(answer.body()).minus(MARGIN);
        return kept.isNegative() ? Duration.ZERO : kept;
    }
}
