package framewright.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The parts of one request, each on a virtual thread. */
public final class Parallel {
    private Parallel() {}

    /**
     * Runs all tasks and waits for all. An interrupt of the caller reaches them; what one throws is thrown here, after
     * all have ended.
     *
     * @return the results in the order of the tasks
     */
    public static <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException {
        if (tasks.size() == 1) {
            return List.of(alone(tasks.getFirst()));
        }
        if (tasks.isEmpty()) {
            return List.of();
        }
        List<T> results = new ArrayList<>(tasks.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        }
    }

    /**
     * As {@link #all}, for tasks that put what they find into one place.
     *
     * @param giveBack what to do with the place where a task fails: nobody else has it then
     */
    public static <T> T filled(T place, Runnable giveBack, List<Callable<Boolean>> tasks) throws InterruptedException {
        boolean complete = false;
        try {
            all(tasks);
            complete = true;
            return place;
        } finally {
            if (!complete) {
                giveBack.run();
            }
        }
    }

    /** The same for each of a few things. */
    interface Work<T, R> {
        R apply(T item) throws InterruptedException;
    }

    /** As {@link #all}; results in the order of the items. */
    static <T, R> List<R> map(List<T> items, Work<T, R> work) throws InterruptedException {
        List<Callable<R>> tasks = new ArrayList<>(items.size());
        items.forEach(item -> tasks.add(() -> work.apply(item)));
        return all(tasks);
    }

    private static <T> T alone(Callable<T> task) throws InterruptedException {
        try {
            return task.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw unchecked(e);
        }
    }

    static RuntimeException unchecked(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause);
        };
    }
}
