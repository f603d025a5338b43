package framewright.database;

import framewright.database.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a SQLite file: a platform thread, since its calls hold the thread they run on. What has come while it
 * was busy is done in one transaction, so that all of it waits for the disk once, and before that in another one what need
 * not wait for it; what fails undoes itself and nothing else.
 */
final class SqliteWriter implements AutoCloseable {
    private static final int MOST = 64;

    /** After so long a transaction takes no more in: whoever is in it waits for its end. */
    private static final long ENOUGH_NANOS = 1_000_000;

    private final DataSource source;
    private final BlockingQueue<Task<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private boolean closed;

    SqliteWriter(DataSource source) {
        this.source = source;
        this.thread = Thread.ofPlatform().daemon().name("store-writer").start(this::run);
    }

    /** @param lasting whether it has to outlive the machine's power */
    <T extends @Nullable Object> Future<T> submit(Work<T> work, boolean lasting) {
        Task<T> task = new Task<>(work, lasting);
        add(task);
        return task.done;
    }

    private synchronized void add(Task<?> task) {
        if (closed) {
            throw new StorageFailure("the store is closed");
        }
        waiting.add(task);
    }

    private static final class Task<T extends @Nullable Object> {
        private final Work<T> work;
        private final boolean lasting;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable Throwable failure;

        Task(Work<T> work, boolean lasting) {
            this.work = work;
            this.lasting = lasting;
        }

        void run(Connection connection, Sql sql) throws SQLException {
            Savepoint before = connection.setSavepoint();
            try {
                result = work.run(sql);
                connection.releaseSavepoint(before);
            } catch (SQLException | RuntimeException | Error e) {
                failure = e;
                connection.rollback(before);
            }
        }

        /** To be called once what it has done is there. */
        @SuppressWarnings("NullAway") // a result is null where the work's is
        void end() {
            if (failure == null) {
                done.complete(result);
            } else {
                done.completeExceptionally(failure);
            }
        }

        void fail(Throwable cause) {
            done.completeExceptionally(failure == null ? cause : failure);
        }
    }

    /** The last task of all. */
    private static final Task<?> END = new Task<>(_ -> true, false);

    private void run() {
        List<Task<?>> tasks = new ArrayList<>();
        boolean last = false;
        while (!last) {
            try {
                tasks.add(waiting.take());
            } catch (InterruptedException e) {
                // nobody has reason to; whoever closes this says so otherwise
                continue;
            }
            waiting.drainTo(tasks, MOST - 1);
            last = tasks.remove(END);
            work(tasks, false);
            work(tasks, true);
            tasks.clear();
        }
    }

    /** Does those that have to last, or those that do not. */
    private void work(List<Task<?>> tasks, boolean lasting) {
        Deque<Task<?>> left = new ArrayDeque<>();
        for (Task<?> task : tasks) {
            if (task.lasting == lasting) {
                left.add(task);
            }
        }
        List<Task<?>> begun = new ArrayList<>();
        while (!left.isEmpty()) {
            try {
                transaction(left, begun, lasting);
                begun.forEach(Task::end);
            } catch (SQLException | RuntimeException | Error e) {
                begun.forEach(task -> task.fail(e));
            }
            begun.clear();
        }
    }

    private void transaction(Deque<Task<?>> tasks, List<Task<?>> begun, boolean lasting) throws SQLException {
        // so that whoever waits hears of it where not even a connection is to be had
        begun.add(tasks.remove());
        try (Connection connection = source.getConnection();
                Sql sql = new Sql(connection)) {
            if (!lasting) {
                sql.update("PRAGMA synchronous = NORMAL");
            }
            try {
                connection.setAutoCommit(false);
                long end = System.nanoTime() + ENOUGH_NANOS;
                begun.getFirst().run(connection, sql);
                while (!tasks.isEmpty() && System.nanoTime() < end) {
                    Task<?> next = tasks.remove();
                    begun.add(next);
                    next.run(connection, sql);
                }
                connection.commit();
            } finally {
                connection.setAutoCommit(true);
                if (!lasting) {
                    sql.update("PRAGMA synchronous = FULL");
                }
            }
        }
    }

    /** Returns when all that was submitted is done. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                waiting.add(END);
            }
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
