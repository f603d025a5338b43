package framewright.cache;

import framewright.telemetry.Effort;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does each piece of work once for all who wait for it. The work runs on a virtual thread of its own, so that a
 * waiter who gives up takes nothing from the others.
 */
final class Flights<K, V> implements AutoCloseable {
    /**
     * Waiters take the result the moment it is there, and go on when all is tidied up: nobody who was answered may
     * meet what is left of the flight that answered.
     */
    private static final class Flight<V> {
        private final CompletableFuture<V> result = new CompletableFuture<>();
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    }

    private final ConcurrentHashMap<K, Flight<V>> flying = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Consumer<V> landed;

    /** @param landed told of each result once those who waited have taken it, and before they go on */
    Flights(Consumer<V> landed) {
        this.landed = landed;
    }

    /**
     * Joins the work on {@code key}, or begins it.
     *
     * @param take what this waiter makes of the result, at the moment it is there
     * @param giveBack undoes {@code take} for a waiter who was interrupted in between
     */
    <T extends @Nullable Object> T join(K key, Callable<V> work, Function<V, T> take, Consumer<T> giveBack)
            throws InterruptedException {
        Flight<V> mine = new Flight<>();
        Flight<V> joined = flying.putIfAbsent(key, mine);
        Flight<V> flight = joined == null ? mine : joined;
        CompletableFuture<T> taken = flight.result.thenApply(take);
        if (joined == null) {
            begin(key, mine, work);
        }
        try {
            flight.over.get();
            return taken.get();
        } catch (InterruptedException e) {
            var _ = taken.thenAccept(giveBack);
            throw e;
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private void begin(K key, Flight<V> mine, Callable<V> work) {
        try {
            threads.execute(() -> fly(key, mine, work));
        } catch (RejectedExecutionException e) {
            mine.result.completeExceptionally(e);
            end(key, mine);
        }
    }

    private void fly(K key, Flight<V> mine, Callable<V> work) {
        // others join: what they get must not depend on what the first may do
        Effort.leave();
        try {
            V result = work.call();
            mine.result.complete(result);
            landed.accept(result);
        } catch (Throwable e) {
            mine.result.completeExceptionally(e);
        } finally {
            end(key, mine);
        }
    }

    private void end(K key, Flight<V> mine) {
        flying.remove(key, mine);
        mine.over.complete(true);
    }

    /** A failure of the work is a bug or the end of the process: the waiters fail alike. */
    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }

    /** Interrupts the work under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
