package framewright.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The write-ahead log of a SQLite file (https://sqlite.org/wal.html). {@link SqliteWriter} commits to it without waiting for
 * the disk ({@code synchronous = NORMAL}, which leaves the log whole, if shorter, where the power goes); here one call brings
 * all to the disk that was committed before it, and ends it. What is in the log is moved to the file by a thread of its own,
 * since that takes many times as long as a transaction.
 */
final class SqliteLog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SqliteLog.class.getName());

    /** From the first transaction that is not moved to moving it. */
    private static final long PAUSE_MILLIS = 500;

    /** Pages of 4 KiB. While others write, the log is never moved whole, and only a log that is begins anew. */
    private static final long TOO_LONG = 8_192;

    /** Has a connection leave the log to this, which others would else move with everybody waiting. */
    static final String LEFT_ALONE = "PRAGMA wal_autocheckpoint = 0";

    private final Path log;
    private final DataSource source;
    private final Queue<WriteTask<?>> written = new ConcurrentLinkedQueue<>();
    private final ExecutorService disk = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("store-disk").factory());
    private final ScheduledExecutorService mover = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("store-log").factory());
    private final AtomicBoolean moves = new AtomicBoolean();
    private volatile boolean tooLong;

    /**
     * @param file of the database
     * @param source of connections other than the writer's
     * @throws StorageFailure what another process has left in the log cannot be brought to the disk
     */
    SqliteLog(Path file, DataSource source) {
        this.log = file.resolveSibling(file.getFileName() + "-wal");
        this.source = source;
        try {
            // a process that was killed may have ended a transaction for others to see, and no more
            force();
        } catch (IOException e) {
            throw cannotForce(e);
        }
    }

    /** A transaction was committed; these of it end once they are on the disk. */
    void written(List<WriteTask<?>> lasting) {
        if (!lasting.isEmpty()) {
            written.addAll(lasting);
            disk.execute(this::settle);
        }
        if (moves.compareAndSet(false, true)) {
            ScheduledFuture<?> _ = mover.schedule(this::moveSome, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void settle() {
        List<WriteTask<?>> settled = new ArrayList<>();
        WriteTask<?> next = written.poll();
        while (next != null) {
            settled.add(next);
            next = written.poll();
        }
        if (settled.isEmpty()) {
            // they came while the one before was not yet forced, and ended with it
            return;
        }
        try {
            force();
            settled.forEach(WriteTask::end);
        } catch (IOException e) {
            StorageFailure failure = cannotForce(e);
            settled.forEach(task -> task.fail(failure));
        }
    }

    private void force() throws IOException {
        // opened anew, since SQLite may have put another file in its place
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.force(false);
        } catch (NoSuchFileException _) {
            // all of it is in the file, and SQLite brings that to the disk before it removes the log
        }
    }

    private StorageFailure cannotForce(IOException e) {
        return new StorageFailure(
                "the store's database cannot be brought to the disk: " + log + ": " + e.getMessage(), e);
    }

    private void moveSome() {
        moves.set(false);
        try (Connection connection = source.getConnection()) {
            tooLong = move(connection) > TOO_LONG;
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "the log of the store''s database grows: {0}", e.getMessage());
        }
    }

    /** Whether the writer should {@link #moveAll}. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Moves what was left, so that the next transaction begins the log anew. To be called between transactions. */
    void moveAll(Connection connection) throws SQLException {
        tooLong = false;
        move(connection);
    }

    /** Moves what nobody reads from the log; how long that is, in pages. */
    private static long move(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            return row.next() ? row.getLong("log") : 0;
        }
    }

    /** Ends all that was written. */
    @Override
    public void close() {
        disk.close();
        mover.shutdownNow();
        mover.close();
    }
}
