package framewright.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same for each of a few things at once, on virtual threads. */
final class Parallel {
    interface Work<T, R> {
        R apply(T item) throws InterruptedException;
    }

    private Parallel() {}

    /** Results in the order of the items. An interrupt ends what is under way. */
    static <T, R> List<R> map(List<T> items, Work<T, R> work) throws InterruptedException {
        if (items.size() == 1) {
            return List.of(work.apply(items.getFirst()));
        }
        List<Callable<R>> calls = new ArrayList<>(items.size());
        items.forEach(item -> calls.add(() -> work.apply(item)));
        List<R> results = new ArrayList<>(items.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<R> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
        return results;
    }
}
