package framewright.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does for some at once what costs nearly the same for one: whoever comes while a batch is under way is part of the next
 * one, and waits for its end. Under little load nobody waits for others; batches are small, so that under much load nobody
 * waits for many.
 */
final class GroupCommit<I, O extends @Nullable Object> implements AutoCloseable {
    private final Function<List<I>, List<O>> work;
    private final BlockingQueue<Item<I, O>> waiting;
    private final int most;
    private final Thread thread;

    private record Item<I, O extends @Nullable Object>(I input, CompletableFuture<O> output) {}

    /**
     * @param most how many make a batch, and as many may wait for the next one
     * @param work gives one output for each input, in the same order, or fails for all
     */
    GroupCommit(String name, int most, Function<List<I>, List<O>> work) {
        this.work = work;
        this.most = most;
        this.waiting = new ArrayBlockingQueue<>(most);
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** As the other, with nothing to do before it is done. */
    O commit(I input) throws InterruptedException {
        return commit(input, () -> {});
    }

    /**
     * Does this one with others.
     *
     * @param queued called once this one is in a batch, before that is done
     * @throws RuntimeException what the work fails with
     */
    O commit(I input, Runnable queued) throws InterruptedException {
        Item<I, O> item = new Item<>(input, new CompletableFuture<>());
        waiting.put(item);
        queued.run();
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
                waiting.drainTo(batch, most - 1);
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
