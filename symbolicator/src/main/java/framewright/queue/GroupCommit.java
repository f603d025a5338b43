package framewright.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does for many at once what costs the same for one: whoever comes while a batch is under way is part of the next one,
 * and waits for its end. Under little load nobody waits for others.
 */
final class GroupCommit<I, O extends @Nullable Object> implements AutoCloseable {
    private static final int MOST = 200;

    private final Function<List<I>, List<O>> work;
    private final BlockingQueue<Item<I, O>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;

    private record Item<I, O extends @Nullable Object>(I input, CompletableFuture<O> output) {}

    /** @param work gives one output for each input, in the same order, or fails for all */
    GroupCommit(String name, Function<List<I>, List<O>> work) {
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /**
     * Does this one with others.
     *
     * @throws RuntimeException what the work fails with
     */
    O commit(I input) throws InterruptedException {
        Item<I, O> item = new Item<>(input, new CompletableFuture<>());
        waiting.add(item);
        try {
            return item.output.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private void run() {
        List<Item<I, O>> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch, MOST - 1);
                end(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            waiting.drainTo(batch);
            IllegalStateException closed = new IllegalStateException("closed");
            batch.forEach(item -> item.output.completeExceptionally(closed));
        }
    }

    private void end(List<Item<I, O>> batch) {
        try {
            List<O> outputs = work.apply(batch.stream().map(Item::input).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).output.complete(outputs.get(i));
            }
        } catch (RuntimeException e) {
            batch.forEach(item -> item.output.completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
