package framewright.sources;

import framewright.api.JsFileKey;
import framewright.api.JsStem;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.UpstreamAnswers;
import framewright.api.UpstreamAnswers.Listed;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The artifacts of JavaScript that a Sentry-compatible server has, asked by one request. */
final class SentryArtifacts implements ArtifactCatalogue {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 16 << 20;

    /** Servers refuse longer ones. */
    private static final int MAX_URL = 65_534;

    private final SourceConfig.Sentry config;
    private final Fetcher fetcher;
    private final MemoryCache<SentrySource.Query, Outcome<List<Listed>>> lists;
    private final Duration lifetime;
    private final Trust trust;
    private final @Nullable WebUrl base;
    private final Map<String, String> headers;
    private final Outcome<Transport> transport;
    private final Map<String, Outcome<List<Listed>>> answers = new ConcurrentHashMap<>();

    /**
     * @param lists lists that were read, of all such servers
     * @param lifetime how long a list is kept
     */
    SentryArtifacts(
            SourceConfig.Sentry config,
            Fetcher fetcher,
            MemoryCache<SentrySource.Query, Outcome<List<Listed>>> lists,
            Duration lifetime,
            Trust trust) {
        this.config = config;
        this.fetcher = fetcher;
        this.lists = lists;
        this.lifetime = lifetime;
        this.trust = trust;
        this.base = WebUrl.parse(config.url());
        this.headers = SentrySource.credentials(config);
        this.transport = Transports.of(config.access());
    }

    @Override
    public String id() {
        return config.id();
    }

    @Override
    public boolean isPublic() {
        return false;
    }

    /** In characters, roughly. */
    static long weight(SentrySource.Query query, Outcome<List<Listed>> list) {
        long weight = 100L + query.toString().length();
        if (list instanceof Found<List<Listed>>(List<Listed> artifacts)) {
            for (Listed artifact : artifacts) {
                weight += 100L + artifact.toString().length();
            }
        }
        return weight;
    }

    /** Failures are not kept, hence the answers of this request: script and map are one question. */
    @Override
    public Outcome<List<Artifact>> list(Wanted wanted) throws InterruptedException {
        if (base == null) {
            return Outcome.failed(new Unsupported("the source's url is none"));
        }
        if (transport instanceof Failed<Transport>(Failure failure)) {
            return Outcome.failed(failure);
        }
        WebUrl query = query(base, wanted);
        if (query.toString().length() > MAX_URL) {
            return Outcome.failed(new Unsupported("the names of the files make too long a request"));
        }
        Outcome<List<Listed>> known = answers.get(query.toString());
        if (known == null) {
            known = lists.getOrMake(new SentrySource.Query(query.toString(), headers, config.access()), () -> {
                Outcome<List<Listed>> read = read(query);
                return new Timed<>(read, read instanceof Found ? lifetime : Duration.ZERO);
            });
            answers.put(query.toString(), known);
        }
        return known.map(listed -> listed.stream().map(this::artifact).toList());
    }

    private static WebUrl query(WebUrl base, Wanted wanted) {
        WebUrl url = base;
        SortedSet<String> stems = new TreeSet<>();
        String id = null;
        for (JsFileKey file : wanted.files()) {
            if (file.absPath() != null) {
                stems.add(JsStem.of(file.absPath()));
            }
            id = file.debugId() == null ? id : file.debugId().toString();
        }
        if (wanted.release() != null) {
            url = url.withParameter("release", wanted.release());
            for (String stem : stems) {
                url = url.withParameter("url", stem);
            }
        }
        if (wanted.dist() != null) {
            url = url.withParameter("dist", wanted.dist());
        }
        return id == null ? url : url.withParameter("debug_id", id);
    }

    private Outcome<List<Listed>> read(WebUrl query) throws InterruptedException {
        if (!(file(query.toString(), query, headers) instanceof Web list)) {
            throw new IllegalStateException("there is a way to the server");
        }
        return fetcher.fetchAnswer(list, MAX_BYTES, LIMIT).flatMap(body -> {
            List<Listed> artifacts = UpstreamAnswers.artifacts(body.body());
            return artifacts == null
                    ? Outcome.failed(new Unreachable("the answer is no list of artifacts"))
                    : Outcome.found(artifacts);
        });
    }

    /** The credentials go along only below the server's own address. */
    private Artifact artifact(Listed listed) {
        String location = "sentry://project_debug_file/" + listed.id();
        WebUrl url = WebUrl.parse(listed.url());
        RemoteFile file;
        if (url == null) {
            file = new RemoteFile.Unusable(config.id(), location, new Unsupported("the artifact's url is none"));
        } else {
            boolean own = listed.url().startsWith(config.url())
                    && base != null
                    && base.host().equals(url.host())
                    && base.mayShareSecretsWith(url);
            file = file(location, url, own ? headers : Map.of());
        }
        return new Artifact(file, listed.bundle(), listed.absPath(), listed.headers(), listed.resolvedWith());
    }

    private RemoteFile file(String location, WebUrl url, Map<String, String> sent) {
        boolean elsewhere = base == null || !base.host().equals(url.host());
        return Transports.file(
                transport,
                config.id(),
                location,
                way -> new Web(
                        config.id(),
                        location,
                        url.toString(),
                        () -> Outcome.found(new WebRequest(url, sent, null, elsewhere)),
                        trust,
                        config.access().acceptInvalidCerts(),
                        false,
                        way,
                        Limits.NONE));
    }
}
