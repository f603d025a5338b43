package framewright.queue;

import framewright.api.EventResult;
import framewright.queue.EventResults.Item;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes what attempts ended with, and sends it to where readers of the engine look. */
final class ResultSender implements AutoCloseable {
    /** How long an answer may be on its way out before it counts as not sent. */
    private static final Duration UNSENT_AGE = Duration.ofSeconds(30);

    private static final int UNSENT_AT_A_TIME = 100;

    private final QueueEngine engine;
    private final Ledger ledger;
    private final EventResults results;
    private final long maxResultBytes;
    private volatile boolean closed;

    /** @param maxResultBytes a larger answer does not travel, but where it is does */
    ResultSender(QueueEngine engine, Ledger ledger, EventResults results, long maxResultBytes) {
        this.engine = engine;
        this.ledger = ledger;
        this.results = results;
        this.maxResultBytes = maxResultBytes;
    }

    /** What goes out of each, in the same order; null: nothing. */
    List<@Nullable Item> write(List<Ledger.Attempt> attempts) {
        return write(attempts, () -> {});
    }

    /**
     * What goes out; null: nothing.
     *
     * @param seen called when nothing is left but to wait for the disk
     */
    @Nullable
    Item write(Ledger.Attempt attempt, Runnable seen) {
        return write(List.of(attempt), seen).getFirst();
    }

    private List<@Nullable Item> write(List<Ledger.Attempt> attempts, Runnable seen) {
        List<@Nullable Item> written = ledger.write(attempts, seen);
        List<Item> news = written.stream().filter(Objects::nonNull).toList();
        results.written(news);
        if (engine.hasReadersOfItsOwn()) {
            send(news);
        }
        return written;
    }

    /** What a node has written and not sent, because it died or the engine was away. */
    void sendUnsent() {
        List<Item> items;
        do {
            items = results.unsent(UNSENT_AGE, UNSENT_AT_A_TIME);
            send(items);
        } while (items.size() == UNSENT_AT_A_TIME && !closed);
    }

    private void send(List<Item> items) {
        if (!items.isEmpty()) {
            engine.publish(items.stream().map(this::message).toList());
            results.sent(items);
        }
    }

    private Message message(Item item) {
        byte[] whole = item.json();
        return new Message(
                item.project() + "/" + item.event(),
                0,
                Map.of("generation", Integer.toString(item.generation()), "status", item.status()),
                whole.length > maxResultBytes ? EventResult.withoutAnswer(whole) : whole);
    }

    /** Sends no more of what was left. */
    @Override
    public void close() {
        closed = true;
    }
}
