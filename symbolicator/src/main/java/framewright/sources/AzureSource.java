package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container of Azure Blob Storage. */
final class AzureSource implements Source {
    /** From 2017-11-09 on, which tokens need. */
    static final Map<String, String> VERSION = Map.of("x-ms-version", "2022-11-02");

    private final SourceConfig.Azure config;
    private final Paths paths;
    private final AzureTokens tokens;
    private final InstantSource clock;
    private final @Nullable WebUrl base;
    private final String container;
    private final Outcome<Transport> transport;
    private final Trust trust;

    AzureSource(
            SourceConfig.Azure config,
            IndexReader index,
            Pointers pointers,
            AzureTokens tokens,
            InstantSource clock,
            Trust trust) {
        this.config = config;
        this.trust = trust;
        this.paths = new Paths(config.common(), index, pointers);
        this.tokens = tokens;
        this.clock = clock;
        this.base = WebUrl.parse(config.url());
        this.container = base == null ? "" : lastPart(base.withoutQuery());
        this.transport = Transports.of(config.access());
    }

    static String lastPart(WebUrl url) {
        String path = url.target().replaceAll("/+$", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public SourceConfig.Azure config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        String key = base == null ? config.id() : config.id() + " " + base.withoutQuery() + " " + config.prefix();
        return paths.list(types, id, "azure " + trust + " " + key, this::at);
    }

    @Override
    public RemoteFile at(String path) {
        String blob = Paths.key(config.prefix(), path);
        if (base == null || container.isEmpty()) {
            return new RemoteFile.Unusable(
                    config.id(), blob, new Unsupported("azure sources need the address of a container"));
        }
        WebUrl url = base.append(blob);
        // without the signature that the container's address may hold
        String location = url.withoutQuery().toString();
        return Transports.file(
                transport,
                config.id(),
                location,
                way -> new RemoteFile.Web(
                        config.id(),
                        location,
                        location,
                        () -> sign(url, blob),
                        trust,
                        config.access().acceptInvalidCerts(),
                        false,
                        way,
                        Limits.NONE));
    }

    private Outcome<WebRequest> sign(WebUrl url, String blob) throws InterruptedException {
        return switch (config.credentials()) {
            case AzureCredentials.Anonymous _ -> Outcome.found(WebRequest.get(url, VERSION));
            case AzureCredentials.SharedAccess(String token) ->
                Outcome.found(WebRequest.get(url.withQuery(token), VERSION));
            case AzureCredentials.AccountKey(String account, String key) -> {
                AzureSas signature = AzureSas.of(account, key);
                yield signature == null
                        ? Outcome.failed(new Unsupported("the source's account_key is not in Base64"))
                        : Outcome.found(
                                WebRequest.get(signature.sign(url, "r", container, blob, clock.instant()), VERSION));
            }
            case AzureCredentials.ManagedIdentity identity ->
                tokens.token(identity)
                        .map(token -> WebRequest.get(
                                url,
                                Map.of(
                                        "Authorization",
                                        "Bearer " + token,
                                        "x-ms-version",
                                        VERSION.get("x-ms-version"))));
        };
    }
}
