package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.UpstreamAnswers;
import framewright.api.UpstreamAnswers.SentryFile;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Sentry-compatible server: lists debug files by the module's ids, then serves each by its own. */
final class SentrySource implements Source {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 16 << 20;

    /** Far more than files of one module; stops a server that always names a next page. */
    private static final int MAX_PAGES = 20;

    /** As Sentry writes it: {@code <https://...?cursor=0:20:0>; rel="next"; results="true"}. */
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"next\"\\s*;\\s*results=\"true\"");

    /** Kinds of files in lists, and what they can serve as. */
    static final Map<String, Set<FileType>> TYPES = Map.ofEntries(
            Map.entry("pe", Set.of(FileType.PE)),
            Map.entry("pdb", Set.of(FileType.PDB)),
            Map.entry("portablepdb", Set.of(FileType.PORTABLEPDB)),
            Map.entry("macho", Set.of(FileType.MACH_CODE, FileType.MACH_DEBUG)),
            Map.entry("elf", Set.of(FileType.ELF_CODE, FileType.ELF_DEBUG)),
            Map.entry("wasm", Set.of(FileType.WASM_CODE, FileType.WASM_DEBUG)),
            Map.entry("breakpad", Set.of(FileType.BREAKPAD)),
            Map.entry("sourcebundle", Set.of(FileType.SOURCEBUNDLE)),
            Map.entry("uuidmap", Set.of(FileType.UUIDMAP)),
            Map.entry("bcsymbolmap", Set.of(FileType.BCSYMBOLMAP)),
            Map.entry("il2cpp", Set.of(FileType.IL2CPP)),
            Map.entry("proguard", Set.of(FileType.PROGUARD)));

    /** What was asked, and with whose rights. */
    record Query(String url, Map<String, String> headers, Access access) {}

    private final SourceConfig.Sentry config;
    private final Fetcher fetcher;
    private final MemoryCache<Query, Outcome<List<SentryFile>>> lists;
    private final Duration lifetime;
    private final Trust trust;
    private final @Nullable WebUrl base;
    private final Outcome<Transport> transport;
    private final Map<String, String> headers;

    /**
     * @param lists lists that were read, of all such sources
     * @param lifetime how long a list is kept
     */
    SentrySource(
            SourceConfig.Sentry config,
            Fetcher fetcher,
            MemoryCache<Query, Outcome<List<SentryFile>>> lists,
            Duration lifetime,
            Trust trust) {
        this.config = config;
        this.trust = trust;
        this.fetcher = fetcher;
        this.lists = lists;
        this.lifetime = lifetime;
        this.base = WebUrl.parse(config.url());
        this.transport = Transports.of(config.access());
        this.headers = credentials(config);
    }

    /** In characters, roughly. */
    static long weight(Query query, Outcome<List<SentryFile>> list) {
        long weight = 100L + query.toString().length();
        if (list instanceof Found<List<SentryFile>>(List<SentryFile> files)) {
            for (SentryFile file : files) {
                weight += 50L + file.id().length() + file.symbolType().length();
            }
        }
        return weight;
    }

    /** What a server is told of who asks. */
    static Map<String, String> credentials(SourceConfig.Sentry config) {
        Map<String, String> headers = new HashMap<>();
        if (config.token() != null) {
            headers.put("Authorization", "Bearer " + config.token());
        }
        if (config.cookies() != null) {
            headers.put("Cookie", config.cookies());
        }
        return headers;
    }

    @Override
    public SourceConfig.Sentry config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        if (base == null || (id.debugId() == null && id.codeId() == null)) {
            return new Listing(List.of(), true);
        }
        WebUrl query = query(base, id);
        Outcome<List<SentryFile>> list = lists.getOrMake(new Query(query.toString(), headers, config.access()), () -> {
            Outcome<List<SentryFile>> read = read(query);
            return new Timed<>(read, read instanceof Found ? lifetime : Duration.ZERO);
        });
        return switch (list) {
            case Found<List<SentryFile>>(List<SentryFile> files) -> new Listing(wanted(files, types), true);
            case Failed<List<SentryFile>> _ -> new Listing(List.of(), false);
        };
    }

    private static WebUrl query(WebUrl base, ObjectId id) {
        WebUrl url = base;
        if (id.debugId() != null) {
            url = url.withParameter("debug_id", id.debugId().toString());
        }
        if (id.codeId() != null) {
            url = url.withParameter("code_id", id.codeId().hex());
        }
        return url;
    }

    private List<RemoteFile> wanted(List<SentryFile> files, List<FileType> types) {
        List<RemoteFile> wanted = new ArrayList<>();
        for (SentryFile file : files) {
            Set<FileType> servesAs = TYPES.getOrDefault(file.symbolType(), Set.of());
            if (types.stream().anyMatch(servesAs::contains) && base != null) {
                WebUrl url = base.withParameter("id", file.id());
                String location = "sentry://project_debug_file/" + file.id();
                wanted.add(Transports.file(transport, config.id(), location, way -> web(location, url, way)));
            }
        }
        return wanted;
    }

    /** All pages of the list. */
    private Outcome<List<SentryFile>> read(WebUrl first) throws InterruptedException {
        if (transport instanceof Failed<Transport>(Failure failure)) {
            return Outcome.failed(failure);
        }
        Transport way = ((Found<Transport>) transport).value();
        List<SentryFile> all = new ArrayList<>();
        WebUrl page = first;
        for (int number = 0; page != null && number < MAX_PAGES; number++) {
            Outcome<Answer> outcome = fetcher.fetchAnswer(web(page.toString(), page, way), MAX_BYTES, LIMIT);
            if (!(outcome instanceof Found<Answer>(Answer answer))) {
                return outcome.map(_ -> List.of());
            }
            List<SentryFile> files = UpstreamAnswers.sentryFiles(answer.body());
            if (files == null) {
                return Outcome.failed(new Unreachable("the answer is no list of debug files"));
            }
            all.addAll(files);
            page = next(page, answer.link());
        }
        return Outcome.found(List.copyOf(all));
    }

    /** The next page, on the same host only: the credentials go along. */
    private static @Nullable WebUrl next(WebUrl page, String link) {
        Matcher matcher = NEXT.matcher(link);
        WebUrl next = matcher.find() ? page.resolve(matcher.group(1)) : null;
        return next != null && page.mayShareSecretsWith(next) ? next : null;
    }

    private Web web(String location, WebUrl url, Transport way) {
        return new Web(
                config.id(),
                location,
                url.toString(),
                () -> Outcome.found(WebRequest.get(url, headers)),
                trust,
                config.access().acceptInvalidCerts(),
                false,
                way,
                Limits.NONE);
    }
}
