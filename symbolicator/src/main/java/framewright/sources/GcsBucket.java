package framewright.sources;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.cache.MemoryCache;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.StoreClient.Call;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** A bucket of Google Cloud Storage, by its JSON API; without an account of its own the machine's is used. */
final class GcsBucket implements Bucket {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SourceConfig.Gcs config;
    private final GcsTokens tokens;
    private final MemoryCache<String, Outcome<String>> machineTokens;
    private final Fetcher fetcher;
    private final WebUrl storage;
    private final WebUrl machine;

    /**
     * @param storage the root of the API
     * @param machine the metadata service's address for tokens
     */
    GcsBucket(
            SourceConfig.Gcs config,
            GcsTokens tokens,
            Fetcher fetcher,
            InstantSource clock,
            WebUrl storage,
            WebUrl machine) {
        this.config = config;
        this.tokens = tokens;
        this.fetcher = fetcher;
        this.storage = storage;
        this.machine = machine;
        this.machineTokens = new MemoryCache<>(1, (account, token) -> 1, clock);
    }

    @Override
    public Outcome<Call> call(Operation operation, String name) throws InterruptedException {
        return token().map(token ->
                call(operation, Paths.key(config.prefix(), name), Map.of("Authorization", "Bearer " + token)));
    }

    private Call call(Operation operation, String key, Map<String, String> headers) {
        return switch (operation) {
            case READ -> new Call("GET", object(key).withParameter("alt", "media"), headers);
            case REMOVE -> new Call("DELETE", object(key), headers);
            case WRITE -> new Call("POST", upload(key), headers);
            case CREATE -> new Call("POST", upload(key).withParameter("ifGenerationMatch", "0"), headers);
        };
    }

    private WebUrl object(String key) {
        // one segment: slashes within the key are escaped too
        return storage.append("storage/v1/b")
                .appendSegment(config.bucket())
                .appendSegment("o")
                .appendSegment(key);
    }

    private WebUrl upload(String key) {
        return storage.append("upload/storage/v1/b")
                .appendSegment(config.bucket())
                .appendSegment("o")
                .withParameter("uploadType", "media")
                .withParameter("name", key);
    }

    private Outcome<String> token() throws InterruptedException {
        if (config.bearerToken() != null || config.privateKey() != null) {
            return tokens.token(config, Transport.DIRECT);
        }
        return machineTokens.getOrMake("machine", () -> {
            Web request = new Web(
                    "",
                    machine.toString(),
                    machine.toString(),
                    () -> Outcome.found(WebRequest.get(machine, Map.of("Metadata-Flavor", "Google"))),
                    Trust.TRUSTED,
                    false,
                    false);
            return GrantedToken.ask(fetcher, request, LIMIT).timed();
        });
    }

    @Override
    public String location() {
        return "gs://" + config.bucket() + "/" + config.prefix();
    }
}
