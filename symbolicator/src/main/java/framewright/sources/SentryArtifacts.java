package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.UpstreamAnswers;
import framewright.api.UpstreamAnswers.Artifact;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.debugfiles.DebugId;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The artifacts of JavaScript that a Sentry-compatible server has. Made by {@link Sources} alone. */
public final class SentryArtifacts {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 16 << 20;

    /** Servers refuse longer ones. */
    private static final int MAX_URL = 65_534;

    private final SourceConfig.Sentry config;
    private final Fetcher fetcher;
    private final MemoryCache<SentrySource.Query, Outcome<List<Artifact>>> lists;
    private final Duration lifetime;
    private final Trust trust;
    private final @Nullable WebUrl base;
    private final Map<String, String> headers;

    /**
     * @param lists lists that were read, of all such servers
     * @param lifetime how long a list is kept
     */
    SentryArtifacts(
            SourceConfig.Sentry config,
            Fetcher fetcher,
            MemoryCache<SentrySource.Query, Outcome<List<Artifact>>> lists,
            Duration lifetime,
            Trust trust) {
        this.config = config;
        this.fetcher = fetcher;
        this.lists = lists;
        this.lifetime = lifetime;
        this.trust = trust;
        this.base = WebUrl.parse(config.url());
        this.headers = SentrySource.credentials(config);
    }

    /**
     * What artifacts are wanted.
     *
     * @param debugId of a file
     * @param stems addresses of files without host and extensions; say something only with a release
     */
    public record Wanted(
            @Nullable DebugId debugId,
            List<String> stems,
            @Nullable String release,
            @Nullable String dist) {
        public Wanted {
            stems = List.copyOf(stems);
        }
    }

    /** Names the server in findings. */
    public String id() {
        return config.id();
    }

    /** In characters, roughly. */
    static long weight(SentrySource.Query query, Outcome<List<Artifact>> list) {
        long weight = 100L + query.toString().length();
        if (list instanceof Found<List<Artifact>>(List<Artifact> artifacts)) {
            for (Artifact artifact : artifacts) {
                weight += 100L + artifact.toString().length();
            }
        }
        return weight;
    }

    /** Asks which artifacts may hold the files. */
    public Outcome<List<Artifact>> list(Wanted wanted) throws InterruptedException {
        if (base == null) {
            return Outcome.failed(new Unsupported("the source's url is none"));
        }
        WebUrl query = query(base, wanted);
        if (query.toString().length() > MAX_URL) {
            return Outcome.failed(new Unsupported("the names of the files make too long a request"));
        }
        return lists.getOrMake(new SentrySource.Query(query.toString(), headers, config.access()), () -> {
            Outcome<List<Artifact>> read = read(query);
            return new Timed<>(read, read instanceof Found ? lifetime : Duration.ZERO);
        });
    }

    private static WebUrl query(WebUrl base, Wanted wanted) {
        WebUrl url = base;
        if (wanted.release != null) {
            url = url.withParameter("release", wanted.release);
            for (String stem : wanted.stems) {
                url = url.withParameter("url", stem);
            }
        }
        if (wanted.dist != null) {
            url = url.withParameter("dist", wanted.dist);
        }
        return wanted.debugId == null ? url : url.withParameter("debug_id", wanted.debugId.toString());
    }

    private Outcome<List<Artifact>> read(WebUrl query) throws InterruptedException {
        Outcome<Fetcher.Answer> answer = fetcher.fetchAnswer(web(query.toString(), query, headers), MAX_BYTES, LIMIT);
        return answer.flatMap(body -> {
            List<Artifact> artifacts = UpstreamAnswers.artifacts(body.body());
            return artifacts == null
                    ? Outcome.failed(new Unreachable("the answer is no list of artifacts"))
                    : Outcome.found(artifacts);
        });
    }

    /** How answers name an artifact. */
    public static String location(Artifact artifact) {
        return "sentry://project_debug_file/" + artifact.id();
    }

    /** The artifact, to be downloaded; null where its address is none. The credentials go only below the server's own. */
    public @Nullable Web file(Artifact artifact) {
        WebUrl url = WebUrl.parse(artifact.url());
        if (url == null) {
            return null;
        }
        boolean own = artifact.url().startsWith(config.url())
                && base != null
                && base.host().equals(url.host())
                && base.mayShareSecretsWith(url);
        return web(location(artifact), url, own ? headers : Map.of());
    }

    private Web web(String location, WebUrl url, Map<String, String> sent) {
        boolean elsewhere = base == null || !base.host().equals(url.host());
        return new Web(
                config.id(),
                location,
                url.toString(),
                () -> Outcome.found(new WebRequest(url, sent, null, elsewhere)),
                trust,
                false,
                false);
    }
}
