package framewright.database;

import framewright.database.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a SQLite file: a platform thread, since its calls hold the thread they run on. What has come while it
 * was busy is done in one transaction. It never waits for the disk: that is {@link SqliteLog}'s, which ends what has to last.
 */
final class SqliteWriter implements AutoCloseable {
    private static final int MOST = 64;

    /** After so long a transaction takes no more in: whoever is in it waits for its end. */
    private static final long ENOUGH_NANOS = 1_000_000;

    /** The last task of all. */
    private static final WriteTask<?> END = new WriteTask<>(_ -> true, false, () -> {});

    private final DataSource source;
    private final SqliteLog log;
    private final BlockingQueue<WriteTask<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private boolean closed;

    /** Kept, so that statements stay prepared. Null: there is none yet, or it has failed. */
    private @Nullable Connection connection;

    private @Nullable Sql sql;

    /**
     * @param source of connections that are nobody else's
     * @param log closed with this
     */
    SqliteWriter(DataSource source, SqliteLog log) {
        this.source = source;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("store-writer").start(this::run);
    }

    /**
     * @param lasting whether it has to outlive the machine's power
     * @param seen called, by the one thread that writes, when others can see it
     */
    <T extends @Nullable Object> Future<T> submit(Work<T> work, boolean lasting, Runnable seen) {
        WriteTask<T> task = new WriteTask<>(work, lasting, seen);
        add(task);
        return task.done();
    }

    /** Ends when all that was committed is on the disk. */
    Future<?> settle() {
        WriteTask<Boolean> nothing = new WriteTask<>(_ -> true, true, () -> {});
        log.written(List.of(nothing));
        return nothing.done();
    }

    private synchronized void add(WriteTask<?> task) {
        if (closed) {
            throw new StorageFailure("the store is closed");
        }
        waiting.add(task);
    }

    private void run() {
        Deque<WriteTask<?>> tasks = new ArrayDeque<>();
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
            while (!tasks.isEmpty()) {
                work(tasks);
            }
        }
        disconnect();
    }

    /** Does some of them, in one transaction. */
    private void work(Deque<WriteTask<?>> tasks) {
        // so that whoever waits hears of it where not even a connection is to be had
        List<WriteTask<?>> begun = new ArrayList<>(List.of(tasks.remove()));
        try {
            transaction(tasks, begun);
        } catch (SQLException | RuntimeException | Error e) {
            disconnect();
            begun.forEach(task -> task.fail(e));
            return;
        }
        begun.forEach(WriteTask::committed);
        log.written(begun.stream().filter(WriteTask::isLasting).toList());
        moveOn();
    }

    private void transaction(Deque<WriteTask<?>> tasks, List<WriteTask<?>> begun) throws SQLException {
        Connection to = connect();
        Sql statements = sql == null ? new Sql(to) : sql;
        sql = statements;
        to.setAutoCommit(false);
        long end = System.nanoTime() + ENOUGH_NANOS;
        begun.getFirst().run(to, statements);
        while (!tasks.isEmpty() && System.nanoTime() < end) {
            WriteTask<?> next = tasks.remove();
            begun.add(next);
            next.run(to, statements);
        }
        // commits; a commit by its name begins the next transaction at once, and nobody else could write
        to.setAutoCommit(true);
    }

    private Connection connect() throws SQLException {
        Connection to = connection;
        if (to == null) {
            to = source.getConnection();
            connection = to;
            try (Statement statement = to.createStatement()) {
                statement.execute(SqliteLog.LEFT_ALONE);
            }
        }
        return to;
    }

    /** What was not committed is undone with its connection. */
    private void disconnect() {
        try (Connection _ = connection;
                Sql _ = sql) {
            connection = null;
            sql = null;
        } catch (SQLException _) {
            // it has failed before, which is told
        }
    }

    /** Where the log is too long, what is left of it is moved while nobody writes, and then it begins anew. */
    private void moveOn() {
        try {
            if (log.isTooLong()) {
                log.moveAll(connect());
            }
        } catch (SQLException e) {
            disconnect();
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
        log.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
