package framewright.fetch;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.CacheStats;
import framewright.cache.CachedFile;
import framewright.cache.Caches;
import framewright.cache.Retention;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.EgressAllow;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A cache and what downloads into it, as one process has them; time moves by hand. */
final class Downloads implements AutoCloseable {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Lifetimes LIFETIMES = new Lifetimes(Duration.ofDays(1), LONG, LONG, LONG);

    final ManualClock clock;
    final HandPacing pacing = new HandPacing(0);
    final Caches caches;
    final Fetcher fetcher;
    private final Path dir;

    /** @param segment of large files, in bytes */
    Downloads(Path dir, ManualClock clock, long maxBytes, long segment) {
        this.dir = dir;
        this.clock = clock;
        this.caches = new Caches(new CacheSettings(dir, maxBytes, LIFETIMES, LIFETIMES), clock);
        DenyList off = new DenyList(false, LONG, LONG, 1, LONG, Set.of());
        FetchSettings settings = new FetchSettings(
                Duration.ofSeconds(5), LONG, LONG, 1 << 27, true, off, EgressAllow.NOTHING, LONG, LONG);
        this.fetcher = new Fetcher(
                settings, clock, "test", InetAddress::getAllByName, pacing, new FurtherConnections(segment));
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private Outcome<CachedFile> fetch(String url) throws InterruptedException {
        Outcome<WebRequest> request =
                Outcome.found(WebRequest.get(Objects.requireNonNull(WebUrl.parse(url)), Map.of()));
        Web web = new Web("test", url, url, () -> request, Trust.TRUSTED, false, false);
        return caches.getOrLoad(
                CacheKind.OBJECTS, new CacheKey(url), Retention.PRIVATE, staging -> fetcher.fetch(web, staging));
    }

    /** The file, or why there is none. */
    Outcome<byte[]> get(String url) throws IOException, InterruptedException {
        return switch (fetch(url)) {
            case Failed<CachedFile>(Failure failure) -> Outcome.failed(failure);
            case Found<CachedFile>(CachedFile file) -> {
                try (file) {
                    yield Outcome.found(Files.readAllBytes(file.path()));
                }
            }
        };
    }

    byte[] file(String url) throws IOException, InterruptedException {
        return switch (get(url)) {
            case Found<byte[]>(byte[] file) -> file;
            case Failed<byte[]>(Failure failure) -> throw new AssertionError("not fetched: " + failure.describe());
        };
    }

    Failure failure(String url) throws IOException, InterruptedException {
        if (get(url) instanceof Failed<byte[]>(Failure failure)) {
            return failure;
        }
        throw new AssertionError("no failure");
    }

    /** How many beginnings of files are kept. */
    long partials() {
        CacheStats stats = Objects.requireNonNull(caches.stats().get(CacheKind.PARTIALS));
        return stats.files();
    }

    /** What is being written, or was left over. */
    List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("tmp"))) {
            return files.toList();
        }
    }

    /** As a server stops. */
    @Override
    public void close() {
        fetcher.stop();
        caches.close();
        fetcher.close();
    }
}
