package framewright.crash;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.cache.Caches;
import framewright.cache.Loaded;
import framewright.cache.TemporaryFile;
import framewright.fetch.Fetcher;
import framewright.fetch.FileSink;
import framewright.fetch.Head;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import framewright.sources.Buckets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes crash files in: onto the disk as they arrive, within the cap of the caches, for as long as they are used. */
public final class CrashFiles {
    private static final String STORAGE = "storage";
    private static final int BUFFER = 16 << 10;

    private final Caches caches;
    private final Fetcher fetcher;
    private final Buckets buckets;
    private final long maxBytes;

    /** @param maxBytes of one that is fetched */
    public CrashFiles(Caches caches, Fetcher fetcher, Buckets buckets, long maxBytes) {
        this.caches = caches;
        this.fetcher = fetcher;
        this.buckets = buckets;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes in what a client sends; the caller closes it. What {@code in} throws is thrown.
     *
     * @param mostBytes no more than these come; -1: nobody knows
     */
    public Outcome<TemporaryFile> receive(InputStream in, long mostBytes) {
        TemporaryFile file = caches.temporary();
        boolean complete = false;
        try {
            Failure failure = copy(in, mostBytes, file);
            complete = failure == null;
            return failure == null ? Outcome.found(file) : Outcome.failed(failure);
        } catch (IOException e) {
            return diskFailure();
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    /** Null: all of it is there. An {@link IOException} is the disk's: those of clients are unchecked. */
    private static @Nullable Failure copy(InputStream in, long mostBytes, TemporaryFile file) throws IOException {
        try (FileSink sink = new FileSink(file.staging(), Long.MAX_VALUE)) {
            Failure failure = sink.begin(0, mostBytes, Head.NONE);
            byte[] buffer = new byte[BUFFER];
            int count;
            while (failure == null && (count = in.read(buffer)) >= 0) {
                failure = sink.write(buffer, count);
            }
            return failure;
        }
    }

    /**
     * Gets a file from where it is stored, under the rules of every download: a client has named the address.
     *
     * @param token sent as a bearer token; null: none
     */
    public Outcome<TemporaryFile> fetch(String address, @Nullable String token) throws InterruptedException {
        WebUrl url = WebUrl.parse(address);
        if (url == null) {
            return Outcome.failed(new Unreachable("the address of the crash file is no http or https address"));
        }
        Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
        RemoteFile remote = new Web(
                STORAGE,
                STORAGE,
                STORAGE,
                () -> Outcome.found(WebRequest.get(url, headers)),
                Trust.RESTRICTED,
                false,
                false,
                Transport.DIRECT,
                limits());
        return fetch(remote);
    }

    /**
     * Gets an object of a bucket of the settings.
     *
     * @param name below the bucket's prefix
     */
    public Outcome<TemporaryFile> fetch(SourceConfig bucket, String name) throws InterruptedException {
        return fetch(buckets.file(bucket, name, limits()));
    }

    private Limits limits() {
        return new Limits(maxBytes, null);
    }

    private Outcome<TemporaryFile> fetch(RemoteFile remote) throws InterruptedException {
        TemporaryFile file = caches.temporary();
        boolean complete = false;
        try {
            Outcome<Loaded> loaded = fetcher.fetch(remote, file.staging());
            complete = !(loaded instanceof Failed);
            return loaded.map(_ -> file);
        } catch (IOException e) {
            return diskFailure();
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    private static Outcome<TemporaryFile> diskFailure() {
        return Outcome.failed(new Unreachable("the local disk failed"));
    }
}
