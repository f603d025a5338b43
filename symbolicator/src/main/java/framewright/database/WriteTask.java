package framewright.database;

import framewright.database.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A part of a transaction of {@link SqliteWriter}: what fails undoes itself, and not what others do in the same one.
 *
 * @param <T> what it gives
 */
final class WriteTask<T extends @Nullable Object> {
    private final Work<T> work;
    private final boolean lasting;
    private final Runnable seen;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable Throwable failure;

    /**
     * @param lasting whether it ends when it outlives the machine's power; else when others can see it
     * @param seen called when others can see it
     */
    WriteTask(Work<T> work, boolean lasting, Runnable seen) {
        this.work = work;
        this.lasting = lasting;
        this.seen = seen;
    }

    boolean isLasting() {
        return lasting;
    }

    Future<T> done() {
        return done;
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

    /** To be called once others can see what it has done. */
    void committed() {
        seen.run();
        if (!lasting) {
            end();
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

    /** To be called where what it has done is not there, or not for certain. */
    void fail(Throwable cause) {
        done.completeExceptionally(failure == null ? cause : failure);
    }
}
