package framewright.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import framewright.config.StoreSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * The tables, in SQLite or PostgreSQL. Whatever fails is a {@link StorageFailure}, and what was written with it is undone.
 *
 * <p>SQLite has one writer at a time, and its calls hold the thread they run on: writes go through one platform thread
 * ({@link SqliteWriter}), so that no carrier of virtual threads waits for the disk.
 */
public final class Database implements AutoCloseable {
    /** Libraries that tell of each start; held, since a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("com.zaxxer.hikari"), Logger.getLogger("org.flywaydb"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    private static final int CONNECTIONS = 8;
    private static final int BUSY_MILLIS = 10_000;
    private static final int MAX_LOG_BYTES = 64 << 20;

    /** Until a free connection must be had. */
    private static final long CONNECTION_MILLIS = 5_000;

    private final HikariDataSource source;
    private final Migrations kind;
    private final @Nullable SqliteWriter writer;

    /** An interrupt of whoever waits must not break a connection. */
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final Signals signals;

    private Database(
            HikariDataSource source, Migrations kind, @Nullable SqliteWriter writer, @Nullable DataSource remote) {
        this.source = source;
        this.kind = kind;
        this.writer = writer;
        this.signals = new Signals(remote);
    }

    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Sql sql) throws SQLException;
    }

    /** A file, made where it is not there. */
    public static Database sqlite(Path file) {
        HikariConfig config = new HikariConfig();
        SQLiteConfig settings = sqlite();
        SQLiteDataSource writing = new SQLiteDataSource(settings);
        writing.setUrl("jdbc:sqlite:" + file);
        config.setDataSourceProperties(settings.toProperties());
        config.setJdbcUrl(writing.getUrl());
        config.setConnectionInitSql(SqliteLog.LEFT_ALONE);
        HikariDataSource source = open(config, Migrations.SQLITE);
        try {
            SqliteWriter writer = new SqliteWriter(writing, new SqliteLog(file, source));
            return new Database(source, Migrations.SQLITE, writer, null);
        } catch (StorageFailure e) {
            source.close();
            throw e;
        }
    }

    private static SQLiteConfig sqlite() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        // what the log keeps of the disk when it begins anew
        config.setJournalSizeLimit(MAX_LOG_BYTES);
        // what has to outlive the power is brought to the disk by who writes it; nobody waits for the disk with a lock
        config.setSynchronous(SynchronousMode.NORMAL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        // as in PostgreSQL
        config.enableCaseSensitiveLike(true);
        return config;
    }

    public static Database postgres(StoreSettings.Postgres settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.addDataSourceProperty("ApplicationName", "framewright");
        config.addDataSourceProperty("connectTimeout", "10");
        // a server that is gone without a word; no statement of ours takes a part of it
        config.addDataSourceProperty("socketTimeout", "300");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return new Database(open(config, Migrations.POSTGRES), Migrations.POSTGRES, null, single(config));
    }

    private static HikariDataSource open(HikariConfig config, Migrations migrations) {
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setPoolName("store");
        HikariDataSource source;
        try {
            source = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new StorageFailure("the store's database cannot be opened: " + e.getMessage(), e);
        }
        try {
            migrations.run(source);
        } catch (RuntimeException e) {
            source.close();
            throw new StorageFailure("the store's database cannot be brought up to date: " + e.getMessage(), e);
        }
        return source;
    }

    /** One connection that is nobody else's, and that waits for as long as it likes. */
    private static DataSource single(HikariConfig settings) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.getJdbcUrl());
        if (settings.getUsername() != null) {
            source.setUser(settings.getUsername());
        }
        if (settings.getPassword() != null) {
            source.setPassword(settings.getPassword());
        }
        source.setApplicationName("framewright");
        source.setTcpKeepAlive(true);
        return source;
    }

    /** Whether this is PostgreSQL; else SQLite. */
    public boolean isShared() {
        return kind == Migrations.POSTGRES;
    }

    /** For those who wait for changes. */
    public Signals signals() {
        return signals;
    }

    /** For a library that brings its own statements. */
    public DataSource source() {
        return source;
    }

    /** Looks. */
    public <T extends @Nullable Object> T read(Work<T> work) {
        try (Connection connection = source.getConnection();
                Sql sql = new Sql(connection)) {
            return work.run(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** All of the work or nothing. */
    public <T extends @Nullable Object> T write(Work<T> work) {
        return write(work, () -> {});
    }

    /**
     * The same, for work whose next step need not wait for the disk.
     *
     * @param seen called once others can see it, and nothing is left but to wait; not to wait itself
     */
    public <T extends @Nullable Object> T write(Work<T> work, Runnable seen) {
        return written(work, true, seen);
    }

    /**
     * The same for what may be done again: it outlives the process, and where the machine loses its power the last of it may
     * be undone. It waits for no disk.
     */
    public <T extends @Nullable Object> T writeLightly(Work<T> work) {
        return written(work, false, () -> {});
    }

    /** Waits until all that others can see outlives the machine's power. */
    public void settle() {
        if (writer == null) {
            return;
        }
        try {
            var _ = await(writer.settle());
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    private <T extends @Nullable Object> T written(Work<T> work, boolean lasting, Runnable seen) {
        try {
            return await(
                    writer == null
                            ? threads.submit(() -> transaction(work, lasting, seen))
                            : writer.submit(work, lasting, seen));
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    private static StorageFailure closed(RejectedExecutionException e) {
        return new StorageFailure("the store is closed", e);
    }

    private static <T extends @Nullable Object> T await(Future<T> done) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException e) {
                    // it is under way, and its end must be known
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case SQLException failure -> failed(failure);
                case RuntimeException bug -> bug;
                case null, default -> new IllegalStateException(e.getCause());
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T extends @Nullable Object> T transaction(Work<T> work, boolean lasting, Runnable seen) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Sql sql = new Sql(connection)) {
                if (!lasting) {
                    sql.update("SET LOCAL synchronous_commit = off");
                }
                T result = work.run(sql);
                connection.commit();
                seen.run();
                return result;
            } catch (SQLException | RuntimeException e) {
                undo(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** @throws StorageFailure where it does not answer */
    public void check() {
        var _ = read(sql -> sql.first("SELECT 1", row -> row.getLong(1)));
    }

    private static void undo(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // where the connection is gone, so is what was written
            cause.addSuppressed(e);
        }
    }

    private static StorageFailure failed(SQLException e) {
        return new StorageFailure("the store's database fails: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        signals.close();
        threads.close();
        if (writer != null) {
            writer.close();
        }
        source.close();
    }
}
