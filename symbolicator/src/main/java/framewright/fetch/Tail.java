package framewright.fetch;

import framewright.config.FetchSettings;
import framewright.fetch.RemoteFile.WebRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * Gets a large file from its end, in segments over further connections, while the answer that began at its beginning
 * goes on; where the two meet, the file is complete. A segment that fails costs nothing but its bytes: the first
 * answer goes on past it.
 */
final class Tail implements AutoCloseable {
    private static final int CONNECTIONS = 3;
    private static final int BUFFER = 256 * 1024;

    /** What a download shares with its parts. */
    record Means(CloseableHttpClient client, FetchSettings settings, Pacing pacing, FurtherConnections connections) {}

    private final Means means;
    private final WebRequest request;
    private final Resume version;
    private final FileSink sink;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<HttpUriRequestBase> running = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /** Where the lowest segment begins that somebody has taken; guarded by this. */
    private long frontier;

    /** Up to where the first answer has come; guarded by this. */
    private long front;

    private volatile boolean failed;

    private Tail(Means means, WebRequest request, Resume version, FileSink sink, long total) {
        this.means = means;
        this.request = request;
        this.version = version;
        this.sink = sink;
        this.frontier = total;
        this.front = sink.written();
    }

    /**
     * Begins, with as many connections as are free.
     *
     * @param request that the first answer answers
     * @param version of the file that the first answer is of
     * @param total bytes of the file, for all of which there is room
     */
    static Tail start(Means means, WebRequest request, Resume version, FileSink sink, long total) {
        Tail tail = new Tail(means, request, version, sink, total);
        String host = request.url().host();
        for (int i = 0; i < CONNECTIONS && means.connections.take(host); i++) {
            tail.threads.add(Thread.startVirtualThread(tail::run));
        }
        return tail;
    }

    /** The first answer has come so far; false: on to where the tail begins, and no further. */
    synchronized boolean advance(long written) {
        front = written;
        return written < frontier;
    }

    /** Waits for the segments; false where one could not be had, and the first answer must go on. */
    boolean await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        return !failed;
    }

    private void run() {
        try {
            for (long start = next(); start >= 0; start = next()) {
                boolean done = false;
                try {
                    done = segment(start, start + means.connections.segment());
                } finally {
                    // whatever the reason: a hole must not pass for the file
                    if (!done) {
                        failed = true;
                    }
                }
            }
        } finally {
            means.connections.giveBack(request.url().host());
        }
    }

    /** Start of the next segment; -1: none. What is less than two from the front is left to the first answer. */
    private synchronized long next() {
        long segment = means.connections.segment();
        long start = frontier - segment;
        if (failed || cancelled || start < front + segment) {
            return -1;
        }
        frontier = start;
        return start;
    }

    private boolean segment(long start, long end) {
        HttpUriRequestBase http = HttpExchange.http(request);
        version.askFor(http, start + "-" + (end - 1));
        running.add(http);
        StallWatch stall = new StallWatch(means.pacing, means.settings.stallTimeout(), http::cancel);
        try (stall) {
            if (cancelled) {
                return false;
            }
            try (ClassicHttpResponse response = answer(http)) {
                boolean done = response.getCode() == 206
                        && response.getEntity() != null
                        && version.isPart(response, start, end - 1)
                        && copy(stall.watched(response.getEntity().getContent()), start, end);
                if (!done) {
                    // else closing would read what is left
                    http.cancel();
                }
                return done;
            }
        } catch (IOException e) {
            // also where the disk failed: the first answer meets that too, and says so
            return false;
        } finally {
            running.remove(http);
        }
    }

    private ClassicHttpResponse answer(HttpUriRequestBase http) throws IOException {
        try (Watch _ = Watch.start(means.pacing, means.settings.headTimeout(), http::cancel)) {
            return means.client.executeOpen(HttpRequests.host(request.url()), http, null);
        }
    }

    private boolean copy(InputStream in, long start, long end) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long position = start;
        while (position < end) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, end - position));
            if (count < 0) {
                return false;
            }
            sink.writeAt(position, buffer, count);
            position += count;
        }
        return in.read() < 0;
    }

    /** Ends the transfers; from another thread. */
    void cancel() {
        cancelled = true;
        running.forEach(HttpUriRequestBase::cancel);
    }

    /** Ends what still runs, and waits for it: the file is somebody else's afterwards. */
    @Override
    public void close() {
        cancel();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
