package framewright.sources;

import framewright.api.Outcome;
import framewright.api.SourceConfig.AzureCredentials.ManagedIdentity;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.fetch.Fetcher;
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
        return GrantedToken.ask(fetcher, request, LIMIT).timed();
    }
}
