package framewright.fetch;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import framewright.config.FetchSettings;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.telemetry.Effort;
import framewright.telemetry.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Downloads. What another try may mend is tried up to three times; all tries together have one deadline. What is then
 * still cut is kept, and the next download of the file goes on from there.
 * Failures are values with the sentences that candidates show; only the local disk throws.
 */
public final class Fetcher implements AutoCloseable {

    private static final Unreachable STOPPING = new Unreachable("the server is stopping");
    private static final Duration MAX_STOPPING = Duration.ofSeconds(5);

    /** Of one download that do not count as tries, because each has brought a part of the file. */
    private static final int MAX_CUTS = 20;

    private static final Duration MAX_PRIMING = Duration.ofSeconds(5);

    private final FetchSettings settings;
    private final InstantSource clock;
    private final Connections connections;
    private final HostDenyList denyList;
    private final Pacing pacing;
    private final Retries retries;
    private final CountDownLatch primed;
    private final FurtherConnections further;
    private final Set<HttpExchange> exchanges = ConcurrentHashMap.newKeySet();

    /** A permit for each download of a file. */
    private final Semaphore running = new Semaphore(Integer.MAX_VALUE);

    private volatile boolean stopping;

    /** @param userAgent how requests name us */
    public Fetcher(FetchSettings settings, InstantSource clock, String userAgent) {
        this(settings, clock, userAgent, InetAddress::getAllByName, Pacing.real(), new FurtherConnections(), 1);
        Thread.startVirtualThread(this::prime);
    }

    Fetcher(FetchSettings settings, InstantSource clock, String userAgent, EgressGuard.Names names) {
        this(settings, clock, userAgent, names, Pacing.real());
    }

    Fetcher(FetchSettings settings, InstantSource clock, String userAgent, EgressGuard.Names names, Pacing pacing) {
        this(settings, clock, userAgent, names, pacing, new FurtherConnections());
    }

    Fetcher(
            FetchSettings settings,
            InstantSource clock,
            String userAgent,
            EgressGuard.Names names,
            Pacing pacing,
            FurtherConnections further) {
        this(settings, clock, userAgent, names, pacing, further, 0);
    }

    private Fetcher(
            FetchSettings settings,
            InstantSource clock,
            String userAgent,
            EgressGuard.Names names,
            Pacing pacing,
            FurtherConnections further,
            int primings) {
        this.further = further;
        this.clock = clock;
        this.pacing = pacing;
        this.retries = new Retries(pacing, clock);
        this.primed = new CountDownLatch(primings);
        this.settings = settings;
        this.connections = new Connections(settings, names, userAgent);
        this.denyList = new HostDenyList(settings.denyList(), clock);
    }

    private void prime() {
        try {
            connections.client(Trust.RESTRICTED, false);
            Priming.run(this);
        } finally {
            primed.countDown();
        }
    }

    /**
     * Gets the file's bytes as they are at the source, content encoding undone, into {@link Staging#file()}.
     *
     * @throws IOException the local disk failed
     */
    public Outcome<Loaded> fetch(RemoteFile file, Staging staging) throws IOException, InterruptedException {
        return fetch(file, staging, settings.maxDownloadSize()).map(_ -> new Loaded());
    }

    /**
     * The same, until it is aborted.
     *
     * @throws IOException the local disk failed
     */
    public Outcome<Loaded> fetch(RemoteFile file, Staging staging, Abort abort)
            throws IOException, InterruptedException {
        if (!abort.begin()) {
            return givenUp(staging);
        }
        try {
            return fetch(file, staging);
        } catch (InterruptedException | ClosedByInterruptException e) {
            if (abort.isAborted()) {
                return givenUp(staging);
            }
            throw e;
        } finally {
            abort.end();
        }
    }

    private static Outcome<Loaded> givenUp(Staging staging) {
        staging.doNotRemember();
        return Outcome.failed(Outcome.NOT_AWAITED);
    }

    /**
     * The same, for smaller files.
     *
     * @param maxBytes a larger file is malformed
     * @return what the answer said beside its body
     * @throws IOException the local disk failed
     */
    public Outcome<Head> fetch(RemoteFile file, Staging staging, long maxBytes)
            throws IOException, InterruptedException {
        awaitPriming();
        long most = file instanceof Web web ? Math.min(maxBytes, web.limits().maxBytes()) : maxBytes;
        Resume resume = new Resume();
        try (FileSink sink = new FileSink(staging, most, resume)) {
            Failure failure = switch (file) {
                case Web web -> resumed(new Download(web, sink, resume, settings.maxDownloadTimeout()), sink, staging);
                case RemoteFile.Local local -> LocalFiles.link(local, most, staging, sink);
                case RemoteFile.Unusable unusable -> unusable.failure();
            };
            return failure == null ? Outcome.found(sink.head()) : Outcome.failed(failure);
        }
    }

    /** One download, with all its tries. */
    private record Download(Web file, Sink sink, Resume resume, Duration limit) {
        private Download within(Duration other) {
            return new Download(file, sink, resume, other);
        }
    }

    /** Goes on where an earlier download of the same file was cut, and leaves to a later one what is cut again. */
    private @Nullable Failure resumed(Download download, FileSink sink, Staging staging)
            throws IOException, InterruptedException {
        running.acquireUninterruptibly();
        try {
            sink.inherit();
            Failure failure = traced(download, staging);
            boolean cut = failure instanceof Unreachable || failure instanceof TimedOut;
            if (cut && (sink.bequeath() || stopping)) {
                // the next look-up goes on from there
                staging.doNotRemember();
            }
            // of what follows, a start could not go on with the download
            staging.forgetCheckpoint();
            return failure;
        } finally {
            running.release();
        }
    }

    /** Ends the downloads of files under way, while their caches are still there to keep what has come. */
    public void stop() {
        stopping = true;
        exchanges.forEach(HttpExchange::cancel);
        try {
            // what does not end in time has its checkpoint
            if (running.tryAcquire(Integer.MAX_VALUE, MAX_STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                running.release(Integer.MAX_VALUE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A small answer, in memory.
     *
     * @param link the {@code Link} header, empty where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    public record Answer(byte[] body, String link) {}

    /**
     * Gets a small answer into memory.
     *
     * @param maxBytes a larger answer is malformed
     * @param limit for all tries together
     */
    public Outcome<Answer> fetchAnswer(RemoteFile file, int maxBytes, Duration limit) throws InterruptedException {
        if (file instanceof Web && !Effort.mayBegin(Effort.Step.DOWNLOAD)) {
            return Outcome.failed(Outcome.POSTPONED);
        }
        awaitPriming();
        return answer(file, maxBytes, limit);
    }

    /** The first downloads after a start wait here, before their deadline begins. */
    private void awaitPriming() throws InterruptedException {
        var _ = primed.await(MAX_PRIMING.toMillis(), TimeUnit.MILLISECONDS);
    }

    Outcome<Answer> answer(RemoteFile file, int maxBytes, Duration limit) throws InterruptedException {
        MemorySink sink = new MemorySink(maxBytes);
        try {
            Failure failure = switch (file) {
                case Web web -> download(new Download(web, sink, new Resume(), limit), null);
                case RemoteFile.Local local -> LocalFiles.copy(local.path(), sink);
                case RemoteFile.Unusable unusable -> unusable.failure();
            };
            return failure == null ? Outcome.found(sink.answer()) : Outcome.failed(failure);
        } catch (IOException e) {
            return Outcome.failed(new Unreachable("the file cannot be read"));
        }
    }

    private @Nullable Failure traced(Download download, Staging staging) throws IOException, InterruptedException {
        Web file = download.file;
        try (Span span = Span.begin("download")) {
            span.with("source", file.source()).with("location", file.location());
            Failure failure = download(download, staging);
            if (failure != null) {
                span.with("outcome", failure.code()).fail(failure.describe());
            }
            span.with("bytes", download.sink.written());
            return failure;
        }
    }

    /** Null: the sink has it all. */
    private @Nullable Failure download(Download download, @Nullable Staging staging)
            throws IOException, InterruptedException {
        Web file = download.file;
        return switch (file.signer().sign()) {
            case Failed<WebRequest>(Failure failure) -> {
                if (!(failure instanceof Missing)) {
                    // a matter of how the source is set up, which is not part of the key
                    doNotRemember(staging);
                }
                yield failure;
            }
            case Found<WebRequest>(WebRequest request) -> {
                String host = request.url().host();
                Failure blocked = file.deniable() ? denyList.blocked(host) : null;
                if (blocked != null) {
                    // the list itself remembers, and for as long as it is meant to
                    doNotRemember(staging);
                    yield blocked;
                }
                Duration own = file.limits().maxTime();
                Download limited = own != null && own.compareTo(download.limit) < 0 ? download.within(own) : download;
                Failure failure = file.deniable() ? watchedTries(host, limited, request) : tries(limited, request);
                if (isRestricted(failure) || HttpExchange.isBusy(failure)) {
                    // a matter of whoever asks: the server's own source of the same name may go there; or of the moment
                    doNotRemember(staging);
                }
                yield failure;
            }
        };
    }

    private static boolean isRestricted(@Nullable Failure failure) {
        return failure instanceof Unreachable unreachable
                && !unreachable.address().isEmpty();
    }

    /** Tells the list of hosts what came of it. */
    private @Nullable Failure watchedTries(String host, Download download, WebRequest request)
            throws IOException, InterruptedException {
        boolean ended = false;
        try {
            Failure failure = tries(download, request);
            ended = !STOPPING.equals(failure);
            if (!ended) {
                return failure;
            }
            boolean failed = failure instanceof Unreachable || failure instanceof TimedOut;
            if (failure != null && failed && !isRestricted(failure)) {
                denyList.failed(host, failure);
            } else {
                denyList.answered(host);
            }
            return failure;
        } finally {
            if (!ended) {
                denyList.abandoned(host);
            }
        }
    }

    /** How far our clock is ahead of that of the server that answered last; null: none has said. */
    public @Nullable Duration clockSkew() {
        Instant said = connections.serverTime();
        return said == null ? null : Duration.between(said, clock.instant());
    }

    /** When the file's host, which is left alone because it failed too often, is asked again; null: it is not. */
    public @Nullable Instant leftAloneUntil(RemoteFile file) {
        WebUrl url = file instanceof Web web && web.deniable() ? WebUrl.parse(web.location()) : null;
        return url == null ? null : denyList.blockedUntil(url.host());
    }

    private static void doNotRemember(@Nullable Staging staging) {
        if (staging != null) {
            staging.doNotRemember();
        }
    }

    private @Nullable Failure tries(Download download, WebRequest request) throws IOException, InterruptedException {
        Web file = download.file;
        Sink sink = download.sink;
        Resume resume = download.resume;
        Duration limit = download.limit;
        AtomicReference<HttpExchange> current = new AtomicReference<>();
        long end = pacing.nanos() + limit.toNanos();
        int cuts = 0;
        long reached = sink.written();
        try (Watch total = Watch.start(pacing, limit, () -> cancel(current.get()))) {
            int attempt = 0;
            while (true) {
                HttpExchange exchange = new HttpExchange(
                        trust -> connections.client(trust, file.acceptInvalidCerts(), file.transport()),
                        file.trust(),
                        settings,
                        pacing,
                        sink,
                        resume,
                        further);
                current.set(exchange);
                if (total.hasExpired()) {
                    return new TimedOut(limit);
                }
                switch (run(exchange, request, sink)) {
                    case HttpExchange.Ending.Done() -> {
                        return null;
                    }
                    case HttpExchange.Ending.Failed(Failure failure, boolean mayRetry, String retryAfter) -> {
                        if (isStopped(sink)) {
                            return STOPPING;
                        }
                        if (mayRetry && total.hasExpired()) {
                            return new TimedOut(limit);
                        }
                        // one that has come further is no step towards giving up
                        boolean cut = resume.isPossible(sink.written()) && sink.written() > reached;
                        attempt = cut && ++cuts <= MAX_CUTS ? 1 : attempt + 1;
                        reached = sink.written();
                        Duration pause = mayRetry ? retries.pause(attempt, retryAfter, limit) : null;
                        if (pause == null || pause.toNanos() >= end - pacing.nanos()) {
                            return failure;
                        }
                        pacing.pause(pause);
                    }
                    case HttpExchange.Ending.Redirected _ ->
                        throw new IllegalStateException("redirects are followed within");
                }
            }
        }
    }

    /** What {@link #stop} ends; answers into memory are small, and the end of other parts may need them. */
    private boolean isStopped(Sink sink) {
        return stopping && sink instanceof FileSink;
    }

    private HttpExchange.Ending run(HttpExchange exchange, WebRequest request, Sink sink)
            throws IOException, InterruptedException {
        if (sink instanceof FileSink) {
            exchanges.add(exchange);
        }
        try {
            return isStopped(sink) ? new HttpExchange.Ending.Failed(STOPPING, false, "") : exchange.run(request);
        } finally {
            exchanges.remove(exchange);
        }
    }

    private static void cancel(@Nullable HttpExchange exchange) {
        if (exchange != null) {
            exchange.cancel();
        }
    }

    /** A body that is kept in memory. */
    private static final class MemorySink implements Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int maxBytes;
        private String link = "";

        private MemorySink(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public @Nullable Failure begin(long from, long total, Head head) {
            if (from == 0) {
                bytes.reset();
                link = head.link();
            }
            return total > maxBytes ? FileSink.tooLarge() : null;
        }

        @Override
        public @Nullable Failure write(byte[] chunk, int count) {
            if (bytes.size() + count > maxBytes) {
                return FileSink.tooLarge();
            }
            bytes.write(chunk, 0, count);
            return null;
        }

        @Override
        public long written() {
            return bytes.size();
        }

        private Answer answer() {
            return new Answer(bytes.toByteArray(), link);
        }
    }

    @Override
    public void close() {
        pacing.close();
        connections.close();
    }
}
