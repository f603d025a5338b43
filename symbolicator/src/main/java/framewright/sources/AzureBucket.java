package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.fetch.StoreClient.Call;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container of Azure Blob Storage. */
final class AzureBucket implements Bucket {
    private final SourceConfig.Azure config;
    private final AzureTokens tokens;
    private final InstantSource clock;
    private final @Nullable WebUrl base;

    AzureBucket(SourceConfig.Azure config, AzureTokens tokens, InstantSource clock) {
        this.config = config;
        this.tokens = tokens;
        this.clock = clock;
        this.base = WebUrl.parse(config.url());
    }

    @Override
    public Outcome<Call> call(Operation operation, String name) throws InterruptedException {
        String container = base == null ? "" : AzureSource.lastPart(base.withoutQuery());
        if (base == null || container.isEmpty()) {
            return Outcome.failed(new Unsupported("the shared cache needs the address of a container"));
        }
        String blob = Paths.key(config.prefix(), name);
        WebUrl url = base.append(blob);
        Map<String, String> headers = headers(operation);
        return switch (config.credentials()) {
            case AzureCredentials.Anonymous _ -> Outcome.found(new Call(method(operation), url, headers));
            case AzureCredentials.SharedAccess(String token) ->
                Outcome.found(new Call(method(operation), url.withQuery(token), headers));
            case AzureCredentials.AccountKey(String account, String key) -> {
                AzureSas signature = AzureSas.of(account, key);
                yield signature == null
                        ? Outcome.failed(new Unsupported("account_key is not in Base64"))
                        : Outcome.found(new Call(
                                method(operation),
                                signature.sign(url, permission(operation), container, blob, clock.instant()),
                                headers));
            }
            case AzureCredentials.ManagedIdentity identity ->
                tokens.token(identity).map(token -> {
                    headers.put("Authorization", "Bearer " + token);
                    return new Call(method(operation), url, headers);
                });
        };
    }

    private static Map<String, String> headers(Operation operation) {
        Map<String, String> headers = new TreeMap<>(AzureSource.VERSION);
        if (operation == Operation.WRITE || operation == Operation.CREATE) {
            headers.put("x-ms-blob-type", "BlockBlob");
        }
        if (operation == Operation.CREATE) {
            headers.put("If-None-Match", "*");
        }
        return headers;
    }

    private static String method(Operation operation) {
        return switch (operation) {
            case READ -> "GET";
            case WRITE, CREATE -> "PUT";
            case REMOVE -> "DELETE";
        };
    }

    private static String permission(Operation operation) {
        return switch (operation) {
            case READ -> "r";
            // with the permission to create alone, a name that is taken is refused instead of told
            case CREATE, WRITE -> "w";
            case REMOVE -> "d";
        };
    }

    @Override
    public String location() {
        return base == null ? config.id() : base.withoutQuery() + "/" + config.prefix();
    }
}
