package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unreachable;
import framewright.api.ResolvedWith;
import framewright.api.Scraping;
import framewright.api.ScrapingAttempt;
import framewright.api.ScrapingAttempt.Reason;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.config.FetchSettings;
import framewright.fetch.OriginRules;
import framewright.fetch.WebFetcher;
import framewright.fetch.WebUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches scripts, maps and sources from where the frames say they are, within the rules of the request. */
final class Scraper {
    private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.+", Pattern.DOTALL);

    /** How long a copy serves. Every address is due at another time, so that not all are at once. */
    private static final long REFRESHED_SECONDS = 3600;

    /** Ends of addresses behind which there is no page. */
    private static final Set<String> SCRIPTS =
            Set.of("js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts", "vue", "svelte", "bundle");

    /** Of a file, what tells a page from a script. */
    private static final int HEAD = 256;

    private static final Malformed PAGE = new Malformed("a web page in place of a script");

    private final WebFetcher web;
    private final InstantSource clock;
    private final FetchSettings settings;

    Scraper(WebFetcher web, InstantSource clock, FetchSettings settings) {
        this.web = web;
        this.clock = clock;
        this.settings = settings;
    }

    /** A file with what is to be told of it. */
    record Scraped(FoundFile file, @Nullable Finding finding) {}

    /** Whether an address could be one of the web at all. */
    private static boolean isUrl(String path) {
        return URL.matcher(path).matches();
    }

    /** That a file which is on the web was had from elsewhere; null for one that is not. */
    static @Nullable ScrapingAttempt notAttempted(JsFileKey key) {
        String path = key.absPath();
        return path != null && isUrl(path) ? ScrapingAttempt.notAttempted(path) : null;
    }

    /** Fetches the file, or says why not. */
    Scraped scrape(JsFileKey key, Scraping rules, Scope scope) throws InterruptedException {
        String path = key.absPath();
        if (path == null || !isUrl(path)) {
            FoundFile none =
                    new FoundFile(key, null, ResolvedWith.UNKNOWN, Outcome.failed(new Outcome.Missing()), null);
            return new Scraped(none, null);
        }
        if (!rules.enabled()) {
            return refused(key, path, Reason.DISABLED, "", Cause.SCRAPING_DISABLED, "");
        }
        WebUrl url = WebUrl.parse(path);
        if (url == null) {
            String scheme = path.substring(0, path.indexOf(':'));
            boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
            String why = web ? "" : "`" + scheme + "` is not an allowed download scheme";
            return refused(key, path, Reason.INVALID_HOST, why, Cause.ORIGIN_NOT_ALLOWED, web ? "no host" : why);
        }
        if (!OriginRules.allow(rules.allowedOrigins(), url)) {
            String why = path + " is not an allowed download origin";
            return refused(key, path, Reason.INVALID_HOST, why, Cause.ORIGIN_NOT_ALLOWED, "the origin is not allowed");
        }
        if (isForbiddenMachine(url.host())) {
            String why = "Can't connect to restricted host " + url.host();
            return refused(key, path, Reason.INVALID_HOST, why, Cause.ADDRESS_BLOCKED, "the server's own machine");
        }
        return fetched(key, path, url, rules, scope);
    }

    /** Clients of the peer know this machine's names by their own error; all other addresses are guarded further down. */
    private boolean isForbiddenMachine(String host) {
        return (host.equals("localhost") || host.equals("127.0.0.1"))
                && !settings.connectToReservedIps()
                && !settings.egressAllow().allows(host, InetAddress.getLoopbackAddress());
    }

    private Scraped fetched(JsFileKey key, String path, WebUrl url, Scraping rules, Scope scope)
            throws InterruptedException {
        long stamp = stamp(url);
        JsOrigin origin = new JsOrigin.ScrapedFile(url + "#" + stamp);
        Outcome<CachedFile> file =
                unlessPage(key, url, web.fetchScript(url, rules.headers(), scope, rules.verifySsl(), stamp));
        ScrapingAttempt attempt = switch (file) {
            case Found<CachedFile> _ -> ScrapingAttempt.success(path);
            case Failed<CachedFile>(Failure failure) -> ScrapingAttempt.failed(path, failure);
        };
        FoundFile found = new FoundFile(key, origin, ResolvedWith.SCRAPING, file.map(Content.Scraped::new), attempt);
        return new Scraped(found, finding(file, path));
    }

    /** A copy of the deployed script, to compare it with what was uploaded; null where it may not be had. */
    @Nullable
    Content deployed(String path, Scraping rules, Scope scope) throws InterruptedException {
        JsFileKey key = new JsFileKey(JsFileKey.Kind.MINIFIED_SOURCE, path, null);
        return scrape(key, rules, scope).file().content() instanceof Found<Content>(Content content) ? content : null;
    }

    private static Finding finding(Outcome<CachedFile> file, String path) {
        return switch (file) {
            case Found<CachedFile> _ -> Findings.of(Cause.FOUND, path, "");
            case Failed<CachedFile>(Failure failure) ->
                failure.equals(PAGE)
                        ? Findings.of(Cause.HTML_PAGE, path, "")
                        : Finding.failed(failure, "The web", path, Finding.Attempt.NONE);
        };
    }

    /** A login page is no script, whatever its status says. What has the address of a page may be one. */
    private static Outcome<CachedFile> unlessPage(JsFileKey key, WebUrl url, Outcome<CachedFile> fetched) {
        if (key.kind() == JsFileKey.Kind.SOURCE_MAP
                || !(fetched instanceof Found<CachedFile>(CachedFile file))
                || !SCRIPTS.contains(extension(url.target()))) {
            return fetched;
        }
        try (InputStream in = Files.newInputStream(file.path())) {
            if (!Script.isPage(in.readNBytes(HEAD))) {
                return fetched;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.close();
        return Outcome.failed(PAGE);
    }

    private static String extension(String target) {
        String path = target.split("\\?", 2)[0];
        int dot = path.lastIndexOf('.');
        return dot < path.lastIndexOf('/') ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static Scraped refused(JsFileKey key, String path, Reason reason, String details, Cause cause, String why) {
        Failure failure = new Unreachable(reason == Reason.DISABLED ? "Scraping disabled" : details);
        FoundFile file = new FoundFile(
                key,
                new JsOrigin.ScrapedFile(path),
                ResolvedWith.UNKNOWN,
                Outcome.failed(failure),
                ScrapingAttempt.failed(path, reason, details));
        return new Scraped(file, Findings.of(cause, path, why));
    }

    private long stamp(WebUrl url) {
        long offset = Math.floorMod(url.toString().hashCode(), REFRESHED_SECONDS);
        long now = clock.millis() / 1000;
        return (now - offset) / REFRESHED_SECONDS * REFRESHED_SECONDS + offset;
    }
}
