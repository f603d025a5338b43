package framewright.nativebridge;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The platform threads for native work that can take milliseconds or more. A virtual thread that waits for one of
 * them parks and leaves its carrier free.
 */
public final class NativePool implements AutoCloseable {
    /** Deep debug information recurses; these threads have room for it. */
    private static final long STACK_BYTES = 16L << 20;

    private final ExecutorService threads;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param size how many native calls run at a time */
    public NativePool(String name, int size) {
        this(name, size, () -> {});
    }

    /** A pool for what nobody waits for: where the system can tell threads apart, it leaves the processor to others. */
    public static NativePool background(String name, int size) {
        return new NativePool(name, size, Signatures::fw_step_back);
    }

    private NativePool(String name, int size, Runnable begin) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            // outlives the request that it is made in, and must not go on in its name
            Runnable run = () -> {
                begin.run();
                task.run();
            };
            Thread thread = new Thread(null, run, name + "-" + number.incrementAndGet(), STACK_BYTES, false);
            thread.setDaemon(true);
            return thread;
        };
        this.threads = Executors.newFixedThreadPool(size, factory);
    }

    /** How many calls wait for a thread or run. */
    public int depth() {
        return waiting.get();
    }

    /** Runs {@code work} on a thread of the pool and waits for it. */
    public <T> T call(Callable<T> work) throws InterruptedException {
        try {
            return submit(work).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Runs {@code work} on a thread of the pool, some time. */
    public <T> CompletableFuture<T> submit(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        waiting.incrementAndGet();
        threads.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                waiting.decrementAndGet();
            }
        });
        return result;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
