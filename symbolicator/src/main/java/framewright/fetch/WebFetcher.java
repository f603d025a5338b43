package framewright.fetch;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unsupported;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.cache.Staging;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.telemetry.Effort;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Fetches source code, that a debug file links to or that a source keeps, and scripts, once per scope and address. */
public final class WebFetcher {
    /** Source files are smaller; what is not is none. */
    private static final long MAX_BYTES = 64 << 20;

    /** A script or map that is larger is not read. */
    private static final long MAX_SCRIPT_BYTES = 256 << 20;

    private static final String SOURCE = "sourcelink";
    private static final String SCRIPT = "scraping";

    private final Fetcher fetcher;
    private final Caches caches;

    public WebFetcher(Fetcher fetcher, Caches caches) {
        this.fetcher = fetcher;
        this.caches = caches;
    }

    /**
     * The text behind the link; a file that is not UTF-8 is malformed.
     *
     * @param headers sent along, also secrets of the link's host
     * @param verify whether the host's certificate must be valid; what came without serves only those who go without
     */
    public Outcome<CachedFile> fetchText(URI uri, Map<String, String> headers, Scope scope, boolean verify)
            throws InterruptedException {
        WebUrl url = WebUrl.parse(uri.toString());
        if (url == null) {
            return Outcome.failed(new Unsupported("source links are http or https addresses"));
        }
        String location = url.toString();
        String key = "scope: " + scope + "\n\nsource: " + SOURCE + "\nlocation: " + location + "\n"
                + (verify ? "" : "certificate: any\n");
        Outcome<WebRequest> request = Outcome.found(WebRequest.get(url, headers));
        Web file = new Web(SOURCE, location, location, () -> request, Trust.RESTRICTED, !verify, false);
        return fetchText(file, new CacheKey(key), scope);
    }

    /** The text that a source keeps; a file that is not UTF-8 is malformed. */
    public Outcome<CachedFile> fetchText(RemoteFile file, CacheKey key, Scope scope) throws InterruptedException {
        return caches.getOrLoad(
                CacheKind.SOURCE_FILES, key, Retention.of(scope), Effort.Step.SCRAPE, staging -> load(file, staging));
    }

    /**
     * A script or a source map, as {@link WebScript} reads it; a file that is not UTF-8 is malformed.
     *
     * @param stamp what it is as of: other stamps have copies of their own
     */
    public Outcome<CachedFile> fetchScript(
            WebUrl url, Map<String, String> headers, Scope scope, boolean verify, long stamp)
            throws InterruptedException {
        String location = url.toString();
        String key = "scope: " + scope + "\n\nsource: " + SCRIPT + "\nlocation: " + location + "\nas of: " + stamp
                + "\n" + (verify ? "" : "certificate: any\n");
        Outcome<WebRequest> request = Outcome.found(WebRequest.get(url, headers));
        Web file = new Web(SCRIPT, location, location, () -> request, Trust.RESTRICTED, !verify, false);
        return caches.getOrLoad(
                CacheKind.SCRAPED,
                new CacheKey(key),
                Retention.of(scope),
                Effort.Step.SCRAPE,
                staging -> loadScript(file, staging));
    }

    private Outcome<Loaded> load(RemoteFile file, Staging staging) throws IOException, InterruptedException {
        return fetchUtf8(file, staging, MAX_BYTES).map(_ -> new Loaded());
    }

    private Outcome<Loaded> loadScript(Web file, Staging staging) throws IOException, InterruptedException {
        return switch (fetchUtf8(file, staging, MAX_SCRIPT_BYTES)) {
            case Failed<Head>(Failure failure) -> Outcome.failed(failure);
            case Found<Head>(Head head) -> WebScript.seal(staging, head);
        };
    }

    private Outcome<Head> fetchUtf8(RemoteFile file, Staging staging, long maxBytes)
            throws IOException, InterruptedException {
        Outcome<Head> outcome = fetcher.fetch(file, staging, maxBytes);
        if (outcome instanceof Failed || isUtf8(staging.file())) {
            return outcome;
        }
        return Outcome.failed(new Malformed("the file is not UTF-8"));
    }

    private static boolean isUtf8(Path file) throws IOException {
        char[] buffer = new char[1 << 14];
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int count = 0;
            while (count >= 0) {
                count = reader.read(buffer);
            }
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
