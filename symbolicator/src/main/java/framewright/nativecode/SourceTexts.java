package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unsupported;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.OpenCache;
import framewright.cache.OpenCache.Lease;
import framewright.cache.OpenCache.Opened;
import framewright.cache.Scope;
import framewright.fetch.WebFetcher;
import framewright.fetch.WebUrl;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.SourceFiles;
import framewright.objects.StoredSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Source files, split once and kept: those within debug files, on the web, and at sources. */
public final class SourceTexts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SourceTexts.class.getName());

    private final OpenCache<KnownSource> known;
    private final WebFetcher web;
    private final NativePool pool;

    /** @param maxBytes of texts that are kept in memory */
    public SourceTexts(Caches caches, WebFetcher web, NativePool pool, long maxBytes) {
        this.known = caches.openCache(maxBytes);
        this.web = web;
        this.pool = pool;
    }

    /** What a debug file knows of a source file; a damaged entry counts as none. */
    public KnownSource within(SourceObject object, String path) throws InterruptedException {
        CacheKey key = object.key().with("source file: " + oneLine(path));
        Outcome<Lease<KnownSource>> source = known.get(key, () -> Outcome.found(weighed(read(object, path))));
        return switch (source) {
            case Found<Lease<KnownSource>>(Lease<KnownSource> lease) -> value(lease);
            case Failed<Lease<KnownSource>> _ -> KnownSource.NOTHING;
        };
    }

    /**
     * A source file on the web.
     *
     * @param scope whose file it is
     * @param verify whether the host must have a valid certificate
     */
    Outcome<KnownSource> onTheWeb(WebUrl url, Map<String, String> headers, Scope scope, boolean verify)
            throws InterruptedException {
        return split(fetch(url, headers, scope, verify));
    }

    /** A source file that a source keeps. */
    Outcome<KnownSource> stored(StoredSources.Stored place) throws InterruptedException {
        return split(web.fetchText(place.file(), place.key(), place.scope()));
    }

    private Outcome<KnownSource> split(Outcome<CachedFile> text) throws InterruptedException {
        return switch (text) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> {
                try (file) {
                    yield known.get(file.key(), () -> fetched(file)).map(SourceTexts::value);
                }
            }
        };
    }

    private Outcome<CachedFile> fetch(WebUrl url, Map<String, String> headers, Scope scope, boolean verify)
            throws InterruptedException {
        try {
            return web.fetchText(new URI(url.toString()), headers, scope, verify);
        } catch (URISyntaxException e) {
            return Outcome.failed(new Unsupported("the link is no address"));
        }
    }

    private KnownSource read(SourceObject object, String path) throws InterruptedException {
        NativeResult<SourceFiles.Source> found;
        try {
            found = pool.call(() -> object.lease().value().sources().get(path));
        } catch (NativeException e) {
            LOG.log(Level.SEVERE, "a source file met a bug", e);
            return KnownSource.NOTHING;
        }
        if (!(found instanceof NativeResult.Ok<SourceFiles.Source>(SourceFiles.Source source))) {
            return KnownSource.NOTHING;
        }
        return new KnownSource(
                source.text() == null ? null : SourceText.of(source.text()),
                source.url() == null ? null : WebUrl.parse(source.url()));
    }

    private static Outcome<Opened<KnownSource>> fetched(CachedFile file) {
        if (file.bytes() > SourceText.MAX_CHARS) {
            return Outcome.failed(new Malformed("the file is too large for source code"));
        }
        try {
            String text = Files.readString(file.path(), StandardCharsets.UTF_8);
            return Outcome.found(weighed(new KnownSource(SourceText.of(text), null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Opened<KnownSource> weighed(KnownSource source) {
        return new Opened<>(source, source.bytes());
    }

    /** The texts are plain memory, so that they outlive the lease. */
    private static KnownSource value(Lease<KnownSource> lease) {
        try (lease) {
            return lease.value();
        }
    }

    /** Keys are made of lines, and a path comes from outside. */
    private static String oneLine(String path) {
        return path.replace("\\", "\\\\").replace("\n", "\\n");
    }

    @Override
    public void close() {
        known.close();
    }
}
