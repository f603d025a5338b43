package framewright.tracing;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.fetch.StoreClient;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import framewright.telemetry.Seldom;
import framewright.telemetry.Span;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands spans on in batches, behind the requests. What the collector does not take in time is dropped and counted:
 * traces must cost the server nothing but a little memory.
 */
public final class OtlpExporter implements Consumer<Span>, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OtlpExporter.class.getName());

    private static final int MAX_WAITING = 8192;
    private static final int MAX_BATCH = 512;

    /** How long the first span of a batch waits for others. */
    private static final long GATHER_MILLIS = 200;

    private static final long LAST_BATCH_MILLIS = 2_000;

    private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final LongAdder dropped = new LongAdder();
    private final Seldom failing = new Seldom();
    private final StoreClient client;
    private final WebUrl url;
    private final InstantSource clock;
    private final SpanJson json;
    private final Thread sending;
    private volatile boolean closed;

    /**
     * @param endpoint of the collector, below which {@code v1/traces} is
     * @param version of this server
     */
    public OtlpExporter(WebUrl endpoint, InstantSource clock, String version) {
        this.url = endpoint.append("v1/traces");
        this.clock = clock;
        this.json = new SpanJson(version);
        this.client = new StoreClient(Transport.DIRECT, false, "framewright/" + version);
        this.sending = Thread.ofVirtual().name("otlp").start(this::send);
    }

    @Override
    public void accept(Span span) {
        if (!waiting.offer(span)) {
            dropped.increment();
        }
    }

    /** Spans that the collector did not get. */
    public long dropped() {
        return dropped.sum();
    }

    private void send() {
        try {
            while (!closed || !waiting.isEmpty()) {
                List<Span> batch = new ArrayList<>();
                Span first = waiting.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    if (!closed) {
                        Thread.sleep(GATHER_MILLIS);
                    }
                    waiting.drainTo(batch, MAX_BATCH - 1);
                    send(batch);
                }
            }
        } catch (InterruptedException e) {
            // closed, and the collector is slow
        }
    }

    private void send(List<Span> batch) throws InterruptedException {
        StoreClient.Body sent = StoreClient.Body.of(json.write(batch));
        StoreClient.Call call = new StoreClient.Call("POST", url, Map.of("Content-Type", "application/json"));
        Outcome<Integer> status = client.send(call, sent, (code, _) -> code);
        Failure failure = switch (status) {
            case Failed<Integer>(Failure why) -> why;
            case Found<Integer>(Integer code) -> code < 300 ? null : StoreClient.refusal(code);
        };
        if (failure != null) {
            dropped.add(batch.size());
            if (failing.isDue(clock.millis())) {
                LOG.log(Level.WARNING, "traces are lost, {0} does not take them: {1}", new Object[] {
                    url.withoutQuery(), failure.describe()
                });
            }
        }
    }

    /** Sends what is left, for a moment. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!sending.join(Duration.ofMillis(LAST_BATCH_MILLIS))) {
                sending.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
